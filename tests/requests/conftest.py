import re

import pytest
from django.utils import timezone

from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.letters.models import Letter
from requests import services
from requests.enums import RequestState
from requests.models import SubjectRequest
from tests.sources import crm, offixpro

__all__ = ["crm", "offixpro"]

AMA = "ama.mensah@example.com"


def submit(kind="erasure", email=AMA, name="Ama Mensah", details="Everything, please.", **more) -> SubjectRequest:
    return services.submit_request(kind=kind, email=email, name=name, details=details, **more)


def token_in(letter: Letter) -> str:
    """The token of the secret link that a letter carries."""
    return re.search(r"/([\w-]{43})/\Z", letter.secret)[1]


def letter_of(case: SubjectRequest, kind: str) -> Letter:
    return Letter.objects.filter(case_id=case.pk, kind=f"case_{kind}").latest("created_at")


def letter_kinds(case: SubjectRequest) -> list[str]:
    kinds = Letter.objects.filter(case_id=case.pk).order_by("created_at").values_list("kind", flat=True)
    return [kind.removeprefix("case_") for kind in kinds]


def confirmed(**more) -> SubjectRequest:
    """A case whose person used the mailed link."""
    case = submit(**more)
    return services.confirm_request(token=token_in(letter_of(case, "confirm")))


def in_state(state: RequestState, **fields) -> SubjectRequest:
    """A case put straight into a stage, for tests of what may follow."""
    case = confirmed(**{name: fields.pop(name) for name in ("kind", "email") if name in fields})
    SubjectRequest.objects.filter(pk=case.pk).update(state=state, **fields)
    case.refresh_from_db()
    return case


def run_jobs(kind: str) -> int:
    """Run all jobs of a kind that wait, due or not; returns how many."""
    waiting = Job.objects.filter(kind=kind, state="pending")
    waiting.update(due_at=timezone.now())
    numbers = list(waiting.order_by("id").values_list("id", flat=True))
    for number in numbers:
        run_job(job_id=number)
    return len(numbers)


@pytest.fixture
def case(alpha) -> SubjectRequest:
    """A confirmed erasure of Ama's."""
    return confirmed()


def planned_case(officer, **more) -> SubjectRequest:
    """A case whose identity an officer confirmed and whose data was found in the connected sources."""
    case = confirmed(**more)
    services.confirm_identity(case=case, officer=officer)
    run_jobs("requests.plan")
    case.refresh_from_db()
    return case


def approved_case(officer, second, **more) -> SubjectRequest:
    """An erasure that two officers agreed to; its runs wait."""
    case = planned_case(officer, **more)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    return services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
