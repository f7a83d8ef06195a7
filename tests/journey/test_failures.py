"""What must survive: killed workers, a lost broker, a source that is away. With real processes."""

import re
import time

import psycopg
import pytest
import redis
from django.conf import settings
from django.test import Client

from config import embedded
from demo.databases import login_address
from privacy.jobs.models import Job, JobState
from privacy.ledger.actors import SYSTEM
from privacy.ledger.sealing import seal_all
from privacy.ledger.verification import verify_organisation
from privacy.letters.models import Letter
from privacy.officers.models import Officer
from privacy.tenants.context import public_context
from requests.answers import LEAST_TIME
from requests.models import SubjectRequest
from requests.services import approve_erasure, confirm_identity, confirm_request, grant, submit_request
from retention.enums import RunState
from retention.models import Rule, Run
from retention.services import start_rule_run
from tests.sources import approve
from tests.stack import running_stack, wait_for

pytestmark = pytest.mark.processes

MASKED_CONTACTS = "SELECT count(*) FROM crm.contact WHERE email LIKE '%%.invalid'"


def _rule():
    return Rule.objects.get(name__startswith="Contacts of cancelled subscriptions")


def _confirmed(kind: str, email: str = "ama.mensah@example.com") -> SubjectRequest:
    case = submit_request(kind=kind, email=email, name="Ama Mensah", details="")
    secret = Letter.objects.get(case_id=case.pk, kind__endswith="confirm").secret
    confirm_request(token=re.search(r"/requests/confirm/([^/]+)/", secret).group(1))
    return SubjectRequest.objects.get(pk=case.pk)


def test_a_worker_killed_in_the_middle_of_a_retention_run_leaves_a_true_record(big_desk, tmp_path):
    desk = big_desk
    run = approve(start_rule_run(rule=_rule(), actor=SYSTEM).pk)
    expected = run.steps.get().expected
    assert expected > 300
    with psycopg.connect(desk.crm) as busy:
        busy.execute("SELECT 1 FROM crm.contact WHERE email NOT LIKE '%.invalid' FOR UPDATE")  # the run waits for these
        with running_stack(tmp_path) as stack:
            wait_for(lambda: Run.objects.get(pk=run.pk).state == RunState.RUNNING, "the run to start")
            wait_for(lambda: run.steps.get().chunks.exists(), "the first chunk to be intended")
            stack.kill("worker")
            busy.rollback()
            stack.start("worker")
            wait_for(lambda: Run.objects.get(pk=run.pk).state == RunState.COMPLETED, "the run to be completed", 120)
    step = run.steps.get()
    assert (step.rows, step.survivors) == (expected, 0)
    assert desk.rows(MASKED_CONTACTS) == [(expected,)]


def test_a_request_made_while_redis_is_down_gets_a_reference_and_is_done_when_it_is_back(desk, tmp_path):
    with running_stack(tmp_path) as stack:
        embedded.kill_redis()
        try:
            browser = Client(headers={"host": desk.host})
            reference = _submit_by_form(browser)
        finally:
            embedded.start_redis()
        case = SubjectRequest.objects.get(reference=reference)
        link = stack.link_in_mail("ama.mensah@example.com", "/requests/confirm/")
        assert Letter.objects.get(case_id=case.pk).state == "sent"
    assert link.startswith(f"http://{desk.host}:")


def test_a_worker_outlives_a_redis_that_dies_while_it_works(big_desk, tmp_path):
    desk = big_desk
    run = start_rule_run(rule=_rule(), actor=SYSTEM)
    approve(run.pk)
    with psycopg.connect(desk.crm) as busy:
        busy.execute("SELECT 1 FROM crm.contact WHERE email NOT LIKE '%.invalid' FOR UPDATE")  # the run waits for these
        with running_stack(tmp_path) as stack:
            wait_for(lambda: run.steps.get().chunks.exists(), "the first chunk to be intended")
            embedded.kill_redis()
            try:
                wait_for(lambda: "Connection to broker lost" in stack.log("worker"), "the worker to notice")
            finally:
                embedded.start_redis()
            busy.rollback()
            wait_for(lambda: Run.objects.get(pk=run.pk).state == RunState.COMPLETED, "the run to be completed", 120)
            wait_for(lambda: stack.log("worker").count("Connected to redis") > 1, "the worker to connect again")
            assert "Unrecoverable error" not in stack.log("worker")
    step = run.steps.get()
    assert (step.rows, step.survivors) == (step.expected, 0)


def test_nothing_is_lost_or_doubled_when_redis_is_emptied(desk, tmp_path):
    cases = [_confirmed("access") for _ in range(3)]
    redis.Redis.from_url(settings.CELERY["broker_url"]).flushall()
    with running_stack(tmp_path) as stack:
        wait_for(lambda: not Letter.objects.exclude(state="sent").exists(), "all letters to be sent")
        mails = stack.mails_to("ama.mensah@example.com")
    assert len(mails) == Letter.objects.count() == 2 * len(cases)


def test_a_source_that_is_away_is_named_on_the_case_and_the_work_is_done_when_it_is_back(desk, tmp_path):
    good = desk.source.address
    desk.source.address = re.sub(r"@.*", "@127.0.0.1:9/nowhere", good)
    desk.source.save()
    case = _confirmed("access")
    officer = Officer.objects.get(email=desk.officers[0])
    confirm_identity(case=case, officer=officer)
    with running_stack(tmp_path):
        wait_for(lambda: SubjectRequest.objects.get(pk=case.pk).problem == "source_unreachable", "the problem")
        with public_context():
            job = Job.objects.get(kind="requests.plan", schema_name=desk.organisation.schema_name)
        assert job.state in (JobState.PENDING, JobState.RUNNING)
        desk.source.address = login_address(desk.sample.database)
        desk.source.save()
        wait_for(lambda: SubjectRequest.objects.get(pk=case.pk).state == "deciding", "the plan", 90)
    assert SubjectRequest.objects.get(pk=case.pk).problem == ""


def test_a_worker_killed_in_the_middle_of_an_erasure_leaves_it_to_be_completed(desk, tmp_path):
    first, second = (Officer.objects.get(email=email) for email in desk.officers)
    case = _confirmed("erasure")
    confirm_identity(case=case, officer=first)
    with running_stack(tmp_path) as stack:
        wait_for(lambda: SubjectRequest.objects.get(pk=case.pk).state == "deciding", "the plan")
        case = SubjectRequest.objects.get(pk=case.pk)
        grant(case=case, officer=first, plan_hash=case.plan_hash)
        approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
        run = Run.objects.get(case_id=case.pk)
        wait_for(lambda: Run.objects.get(pk=run.pk).state != RunState.PENDING, "the run to start")
        stack.kill("worker")
        stack.start("worker")
        wait_for(lambda: SubjectRequest.objects.get(pk=case.pk).state == "completed", "the erasure", 120)
    run.refresh_from_db()
    assert run.state == RunState.COMPLETED
    done = {step.dataset_key: step.rows for step in run.steps.exclude(action="keep")}
    assert done == {step.dataset_key: step.expected for step in run.steps.exclude(action="keep")}
    assert set(run.steps.filter(action="keep").values_list("rows", flat=True)) == {0}
    ours = "operated_by = 'offixpro' AND email = 'ama.mensah@example.com'"
    assert desk.rows(f"SELECT count(*) FROM crm.customer WHERE {ours}") == [(0,)]
    seal_all()
    assert verify_organisation().breaches == ()


def _submit_by_form(browser: Client) -> str:
    answers = {
        "": {"kind": "access"},
        "behalf/": {"behalf": "self"},
        "residence/": {"residence": ""},
        "name/": {"name": "Ama Mensah"},
        "email/": {"email": "ama.mensah@example.com"},
        "scope/": {"scope": ""},
        "details/": {"details": ""},
    }
    for page, answer in answers.items():
        browser.get(f"/requests/new/{page}")
        response = browser.post(f"/requests/new/{page}", answer)
        assert response.status_code == 302, response.content
    time.sleep(LEAST_TIME.total_seconds())
    response = browser.post("/requests/new/check/", follow=True)
    return re.search(r"PR-[0-9A-Z]{4}-[0-9A-Z]{4,5}", response.content.decode()).group()
