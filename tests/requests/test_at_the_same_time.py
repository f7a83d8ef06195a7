"""Two people press at the same moment; rows are really committed, each on a connection of its own."""

from django.utils import timezone

from privacy.ledger.actors import Actor
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Officer, Role
from privacy.tenants.context import organisation_context
from requests import services
from requests.deciding.found import found_lines
from requests.enums import RequestState as S
from requests.errors import CaseError
from requests.models import SubjectRequest
from requests.services import approval
from retention.models import Hold
from tests.privacy.jobs.test_owning import in_threads
from tests.requests.conftest import in_state, letter_kinds, letter_of, submit, token_in
from tests.requests.deciding import said, to_decide


def inside(organisation, act):
    """What each thread does, inside the organisation; gives the error when it is refused."""

    def run() -> str:
        with organisation_context(organisation):
            try:
                act()
            except CaseError as error:
                return type(error).__name__
            return "done"

    return run


def officer_named(name: str) -> Officer:
    return Officer.objects.create_user(
        email=f"{name}@example.com", password=None, full_name=name, role=Role.PRIVACY_OFFICER
    )


def times(action: str) -> int:
    return LedgerEntry.objects.filter(action=f"subject_request.{action}").count()


def test_the_confirmation_button_pressed_in_four_windows_opens_one_case(committed):
    case = submit()
    token = token_in(letter_of(case, "confirm"))
    answers = in_threads(4, inside(committed, lambda: services.confirm_request(token=token)))
    assert answers == ["done"] * 4
    assert (times("received"), Hold.objects.count()) == (1, 1)
    assert letter_kinds(case) == ["confirm", "acknowledged"]


def test_two_second_officers_who_approve_at_once_start_one_erasure(committed, monkeypatch):
    started: list[SubjectRequest] = []
    monkeypatch.setattr(approval, "start_erasure", lambda *, case, actor: started.append(case))
    first, second = officer_named("first"), officer_named("second")
    case = in_state(
        S.AWAITING_APPROVAL, decided_by=first, decided_at=timezone.now(), plan={}, plan_hash="a" * 64, frozen_keys={}
    )
    act = inside(committed, lambda: services.approve_erasure(case=case, officer=second, plan_hash="a" * 64))
    assert sorted(in_threads(3, act)) == ["WrongState", "WrongState", "done"]
    assert (len(started), times("erasure_approved")) == (1, 1)


def test_a_decision_and_a_withdrawal_at_once_leave_one_outcome(committed):
    officer = officer_named("first")
    case = in_state(S.DECIDING, kind="access", plan={"summary": []}, plan_hash="a" * 64)
    acts = [
        lambda: services.grant(case=case, officer=officer, plan_hash=case.plan_hash),
        lambda: services.withdraw_request(case=case, actor=Actor.subject(case.subject)),
    ]
    answers = in_threads(2, inside(committed, lambda: acts.pop()()))
    case.refresh_from_db()
    assert sorted(answers) == ["WrongState", "done"]
    assert case.state in ("executing", "withdrawn")
    assert times("granted") + times("withdrawn") == 1


def test_two_officers_who_decide_differently_at_once_decide_it_once(committed):
    case = to_decide("identity", "contact")
    identity, contact = found_lines(case)
    names = iter([officer_named("first"), officer_named("second"), officer_named("third"), officer_named("fourth")])

    def act() -> None:
        officer = next(names)
        verdict = "refuse" if officer.full_name in ("first", "third") else "grant"
        lines = [said(identity, "grant"), said(contact, verdict)]
        services.decide_case(case=case, officer=officer, plan_hash=case.plan_hash, decisions=lines)

    assert sorted(in_threads(4, inside(committed, act))) == ["WrongState", "WrongState", "WrongState", "done"]
    case.refresh_from_db()
    assert times("granted") + times("granted_in_part") == 1
    verdicts = dict(case.decisions.values_list("category", "decision"))
    by_refuser = case.decided_by.full_name in ("first", "third")
    assert verdicts == {"identity": "grant", "contact": "refuse" if by_refuser else "grant"}
    assert case.outcome == ("partial" if by_refuser else "granted")
    assert {line.decided_by for line in case.decisions.all()} == {case.decided_by}
