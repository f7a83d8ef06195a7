"""Those who got data hear of its erasure as far as it was really erased, and of nothing else."""

import pytest

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.errands.models import Errand, ErrandState
from privacy.errands.services import add_manual_source
from privacy.ledger.actors import SYSTEM
from privacy.officers.models import Officer
from requests import services
from requests.deciding.found import found_lines
from requests.models import NoticeChange, RecipientNotice, SubjectRequest
from requests.services.tasks import declare_task
from requests.services.telling_recipients import tell_recipients
from tests.requests.conftest import approved_case, confirmed, planned_case, run_jobs
from tests.requests.deciding import said
from tests.requests.disclosing import disclosed
from tests.requests.test_erasure import end_runs
from tests.requests.test_manual_sources import proof
from tests.requests.test_partial_erasure import GROUND, REASON
from tests.requests.test_rows_newer_than_the_request import asked_days_ago

LONG_AGO = 9_000
IN_PART = "Of this we have erased only a part, and kept the rest: contact details."


@pytest.fixture
def second(make_officer) -> Officer:
    return make_officer()


def got(case: SubjectRequest) -> None:
    disclosed(case.subject, name="Couriers", of=["contact"])
    disclosed(case.subject, name="Hosts", of=["contact", "identity"])


def told(case: SubjectRequest) -> dict[str, list[str]]:
    """Each recipient who is told, with the kinds of data."""
    return {each.recipient.name: each.categories for each in RecipientNotice.objects.filter(case=case)}


def erased_in_part(officer: Officer, second: Officer, verdict: str, category: str) -> SubjectRequest:
    case = planned_case(officer, email=AMA_MENSAH.email)
    got(case)
    lines = [
        said(line, verdict if line.category == category else "grant", ground=GROUND, reasons=REASON)
        for line in found_lines(case)
    ]
    services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    run_jobs("requests.plan")
    case.refresh_from_db()
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    assert end_runs(case).state == "completed"
    return case


def test_of_a_kind_that_was_refused_nobody_is_told_that_it_is_erased(offixpro, officer, second):
    case = erased_in_part(officer, second, "refuse", "contact")
    assert told(case) == {"Hosts": ["identity"]}
    body = RecipientNotice.objects.get(case=case).letter.body
    assert ("identity." in body, "contact" in body, "Of this we have erased" in body) == (True, False, False)


def test_of_a_kind_that_was_granted_in_part_they_are_told_that_it_is_a_part(offixpro, officer, second):
    case = erased_in_part(officer, second, "partial", "contact")
    assert told(case) == {"Couriers": ["contact"], "Hosts": ["contact", "identity"]}
    assert all(IN_PART in each.letter.body for each in RecipientNotice.objects.filter(case=case))


def test_a_letter_says_in_french_that_it_is_about_a_part(case):
    disclosed(case.subject, of=["contact"], language="fr")
    erased = {"kinds": ["contact"], "in_part": ["contact"]}
    tell_recipients(case=case, change=NoticeChange.ERASED, actor=SYSTEM, **erased)
    assert "conservé le reste\u00a0: coordonnées. Demandez-nous" in RecipientNotice.objects.get().letter.body


def test_where_everything_came_after_the_request_nobody_is_told(offixpro, officer, second):
    case = asked_days_ago(confirmed(email=AMA_MENSAH.email), LONG_AGO)
    got(case)
    services.confirm_identity(case=case, officer=officer)
    run_jobs("requests.plan")
    case.refresh_from_db()
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    assert end_runs(case).state == "completed"
    assert (told(case), any(each["newer"] for each in case.plan["summary"])) == ({}, True)


def test_of_somebody_of_whom_nothing_was_found_nobody_is_told(offixpro, officer, second):
    case = approved_case(officer, second, email="nobody@example.com")
    got(case)
    assert (end_runs(case).state, told(case)) == ("completed", {})


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ErrandState.DONE, {"Couriers": ["contact"], "Hosts": ["contact", "identity"]}),
        (ErrandState.NOTHING_FOUND, {}),
    ],
)
def test_what_was_deleted_by_hand_can_be_of_every_kind(alpha, officer, second, state, expected):
    add_manual_source(name="Archive", owner=officer, instructions="Look.", days=7, actor=SYSTEM)
    case = approved_case(officer, second, email=AMA_MENSAH.email)
    got(case)
    run_jobs("retention.run")
    declare_task(errand=Errand.objects.get(), officer=second, state=state, comment="Looked.", uploads=[proof()])
    assert (end_runs(case).state, told(case)) == ("completed", expected)
