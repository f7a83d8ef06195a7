"""Erasures of which a part is refused, from the decision to the verified end, in a real CRM."""

import pytest

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Field, Finding
from privacy.officers.models import Officer
from requests import services
from requests.deciding.found import found_lines
from requests.errors import PlanChanged, WrongState
from requests.models import SubjectRequest
from requests.services.looking import look_for_data
from retention.erased.returned import look_for_erased
from retention.models import ErasedIdentifier, Hold, Run
from tests.requests.conftest import letter_kinds, letter_of, planned_case, run_jobs
from tests.requests.deciding import said
from tests.requests.test_erasure import end_runs
from tests.sources import rows

GROUND = "GH.retention_required"
REASON = "The tax office may ask for it."
HERS = "FROM crm.customer WHERE customer_id = %s"


@pytest.fixture
def second(make_officer) -> Officer:
    return make_officer()


def decided(officer, *refused: str, case: SubjectRequest | None = None) -> SubjectRequest:
    case = case or planned_case(officer, email=AMA_MENSAH.email)
    lines = [
        said(line, "refuse" if line.category in refused else "grant", ground=GROUND, reasons=REASON)
        for line in found_lines(case)
    ]
    services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)
    case.refresh_from_db()
    return case


def test_the_plan_is_narrowed_before_a_second_officer_sees_it_and_what_is_refused_is_kept(
    offixpro, crm, officer, second
):
    query = "SELECT customer_id FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"
    number = rows(crm, query, AMA_MENSAH.email)[0][0]
    case = planned_case(officer, email=AMA_MENSAH.email)
    whole = case.plan_hash
    case = decided(officer, "contact", case=case)
    assert (case.state, case.outcome, case.plan) == ("planning", "partial", None)
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, case.problem, case.decided_by, case.plan["narrowed"]) == (
        "awaiting_approval",
        "",
        officer,
        True,
    )
    assert case.plan_hash != whole
    assert "contact" not in {line.category for line in found_lines(case)}
    with pytest.raises(PlanChanged):
        services.approve_erasure(case=case, officer=second, plan_hash=whole)
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    end_runs(case)
    assert (case.state, case.problem) == ("completed", "")
    [(email,)] = rows(crm, f"SELECT email {HERS}", number)
    assert email == AMA_MENSAH.email
    assert letter_kinds(case)[-2:] == ["partly_granted", "erased"]
    assert Hold.objects.get(case_id=case.pk).released_at is None  # a part was refused
    for kind in ("partly_granted", "erased"):
        assert "s. 24(1)(a)" in letter_of(case, kind).body
    assert REASON in letter_of(case, "partly_granted").body
    assert "decision:" not in letter_of(case, "erased").body
    look_for_erased(source=offixpro)
    assert ErasedIdentifier.objects.exists()
    assert not Finding.objects.filter(code="erased_came_back", resolved_at__isnull=True).exists()


def test_a_narrowed_plan_that_is_returned_is_made_whole_again_before_it_is_decided(offixpro, officer, second):
    case = decided(officer, "contact")
    run_jobs("requests.plan")
    case.refresh_from_db()
    services.return_to_decision(case=case, officer=second)
    case.refresh_from_db()
    assert (case.state, case.plan, case.outcome) == ("planning", None, "")
    with pytest.raises(WrongState):
        services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, "narrowed" in case.plan) == ("deciding", False)
    assert "contact" in {line.category for line in found_lines(case)}


def test_a_worker_that_dies_between_decision_and_plan_leaves_a_case_that_goes_on(offixpro, officer, monkeypatch):
    case = decided(officer, "contact")

    def dies(**_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("requests.services.looking.keep_plan", dies)
        with pytest.raises(SystemExit):
            look_for_data(case_id=str(case.pk))
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("planning", "partial")
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, case.plan["narrowed"], Run.objects.count()) == ("awaiting_approval", True, 0)


def test_data_of_a_kind_that_nobody_decided_on_voids_the_decision(offixpro, officer):
    case = decided(officer, "contact")
    known = set(case.decisions.values_list("category", flat=True))
    new = next(each for each in ("employment", "decision", "unclassified", "financial") if each not in known)
    moved = Field.objects.filter(dataset__table_name="customer", category="identity").exclude(on_erasure="keep").first()
    Field.objects.filter(pk=moved.pk).update(category=new)
    assert run_jobs("requests.plan") == 1
    case.refresh_from_db()
    assert (case.state, case.decided_at) == ("planning", None)
    run_jobs("requests.plan")
    case.refresh_from_db()
    assert (case.state, case.outcome, case.problem, case.decisions.count()) == (
        "deciding", "", "decision_outdated", 0,
    )  # fmt: skip
    assert "narrowed" not in case.plan
