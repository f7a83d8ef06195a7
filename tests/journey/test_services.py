"""The main job from request to proof, through services, with jobs run in this process."""

import re

from django.utils import timezone

from privacy.jobs.models import Job, JobState
from privacy.jobs.runner import run_job
from privacy.letters.models import Letter
from privacy.officers.models import Officer
from privacy.tenants.context import public_context
from requests.models import SubjectRequest
from requests.services import approve_erasure, confirm_identity, confirm_request, grant, submit_request


def run_all_jobs(desk):
    """Run what is due until nothing is."""
    for _ in range(200):
        with public_context():
            due = Job.objects.filter(schema_name=desk.organisation.schema_name, state=JobState.PENDING)
            ids = [
                job.pk for job in due if job.kind != "ledger.seal" and not job.problem and job.due_at <= timezone.now()
            ]
        if not ids:
            return
        for job_id in ids:
            run_job(job_id=job_id)


def test_an_erasure_from_request_to_proof(desk):
    case = submit_request(kind="erasure", email="ama.mensah@example.com", name="Ama Mensah", details="")
    letter = Letter.objects.get(case_id=case.pk)
    token = re.search(r"/requests/confirm/([^/]+)/", letter.secret).group(1)
    assert confirm_request(token=token) == case
    first, second = (Officer.objects.get(email=email) for email in desk.officers)
    confirm_identity(case=SubjectRequest.objects.get(pk=case.pk), officer=first)
    run_all_jobs(desk)
    case = SubjectRequest.objects.get(pk=case.pk)
    assert (case.state, case.problem) == ("deciding", "")
    grant(case=case, officer=first, plan_hash=case.plan_hash)
    case.refresh_from_db()
    approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    run_all_jobs(desk)
    case.refresh_from_db()
    assert (case.state, case.problem) == ("completed", "")
    assert desk.rows("SELECT count(*) FROM crm.customer WHERE email = 'ama.mensah@example.com'") == [(1,)]
