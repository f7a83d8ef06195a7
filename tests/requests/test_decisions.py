from dataclasses import replace

import pytest
from django.utils import timezone

from privacy.law.catalogue import grounds_for
from privacy.law.display import ground_cited
from privacy.law.enums import KindOfRequest
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Role
from privacy.register.models import OrganisationProfile
from requests import services
from requests.enums import RequestState as S
from requests.errors import GroundInvalid, NotAllowed, PlanChanged, PlanMissing, SecondOfficerNeeded, WrongState
from requests.models import Approval, SubjectRequest
from requests.services import approval
from requests.services.found import Found
from requests.services.planning import keep_plan
from retention.models import Hold
from tests.requests.conftest import in_state, letter_kinds, letter_of

PLAN = {"plan": {"summary": [], "plans": [], "hash": "a" * 64}, "plan_hash": "a" * 64, "frozen_keys": {}}


@pytest.fixture
def started(monkeypatch) -> list[SubjectRequest]:
    """Cases whose erasure was started; the runs themselves are retention's."""
    cases: list[SubjectRequest] = []
    monkeypatch.setattr(approval, "start_erasure", lambda *, case, actor: cases.append(case))
    return cases


def decided(officer, **fields):
    return in_state(S.AWAITING_APPROVAL, decided_by=officer, decided_at=timezone.now(), **PLAN, **fields)


def test_a_granted_erasure_waits_for_a_second_officer(officer):
    case = services.grant(case=in_state(S.DECIDING, **PLAN), officer=officer, plan_hash="a" * 64)
    assert (case.state, case.decided_by) == ("awaiting_approval", officer)


def test_a_granted_access_is_carried_out_at_once(officer):
    case = services.grant(case=in_state(S.DECIDING, kind="access", **PLAN), officer=officer, plan_hash="a" * 64)
    assert (case.state, case.decided_by) == ("executing", officer)


def test_nothing_is_granted_without_a_plan(officer):
    case = in_state(S.DECIDING)
    with pytest.raises(PlanMissing):
        services.grant(case=case, officer=officer, plan_hash="")


def test_a_second_officer_who_comes_after_it_was_sent_back_hears_that_and_not_that_they_decided_it(
    officer, make_officer, started
):
    case, second = decided(officer), make_officer()
    services.return_to_decision(case=case, officer=officer)
    with pytest.raises(WrongState, match="while the case is at the stage"):
        services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    services.grant(case=case, officer=officer, plan_hash=case.plan_hash)
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    assert len(started) == 1


def test_where_whoever_decided_is_gone_nobody_is_told_that_they_decided_it(officer, make_officer, started):
    case = decided(officer)
    SubjectRequest.objects.filter(pk=case.pk).update(decided_by=None)
    with pytest.raises(SecondOfficerNeeded, match="has no account any more"):
        services.approve_erasure(case=case, officer=make_officer(), plan_hash=case.plan_hash)
    assert started == []


def test_whoever_decided_cannot_approve_and_a_colleague_can(officer, make_officer, started):
    case = decided(officer)
    with pytest.raises(SecondOfficerNeeded):
        services.approve_erasure(case=case, officer=officer, plan_hash=case.plan_hash)
    assert started == []
    case = services.approve_erasure(case=case, officer=make_officer(), plan_hash=case.plan_hash)
    assert (case.state, started) == ("executing", [case])
    assert Approval.objects.get(case=case).plan_hash == case.plan_hash


@pytest.mark.parametrize("approver_has_it", [True, False])
def test_two_officers_of_whom_one_knows_the_others_password_are_not_two(
    officer, make_officer, started, approver_has_it
):
    second = make_officer()
    case = decided(officer)
    owner, other = (second, officer) if approver_has_it else (officer, second)
    owner.hand_password("a temporary one", by=other)
    owner.save()
    with pytest.raises(SecondOfficerNeeded, match="a password of their own"):
        services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    assert started == []
    owner.set_password("four quiet herons by a river")
    owner.save()
    second.refresh_from_db()
    services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    assert started == [case]


@pytest.mark.parametrize("act", ["officer.added", "officer.password_replaced"])
@pytest.mark.parametrize("approver_got_it", [True, False])
def test_an_account_handed_over_since_the_case_was_received_does_not_count_also_with_a_new_password(
    officer, make_officer, started, act, approver_got_it
):
    third, second = make_officer(), make_officer()
    record(action=act, actor=Actor.officer(officer), target=third)  # before the case: between third and officer
    case = decided(officer)
    giver, taker = (officer, second) if approver_got_it else (second, officer)
    record(action=act, actor=Actor.officer(giver), target=taker)
    with pytest.raises(SecondOfficerNeeded, match="Since the case was received"):
        services.approve_erasure(case=case, officer=second, plan_hash=case.plan_hash)
    assert started == []
    services.approve_erasure(case=case, officer=third, plan_hash=case.plan_hash)
    assert started == [case]


def test_a_grant_of_another_plan_is_refused(officer):
    case = in_state(S.DECIDING, **PLAN)
    with pytest.raises(PlanChanged):
        services.grant(case=case, officer=officer, plan_hash="b" * 64)
    case.refresh_from_db()
    assert (case.state, case.decided_by) == ("deciding", None)


def test_finding_data_says_nothing_about_who_asks(alpha):
    case = in_state(S.PLANNING, identity_level="mail_link")
    keep_plan(case=case, found=Found({"summary": []}, "a" * 64, 3, {}, timezone.now(), meant_until=case.received_on))
    case.refresh_from_db()
    assert (case.state, case.identity_level) == ("deciding", "mail_link")


def test_an_approval_of_another_plan_is_refused(officer, make_officer, started):
    case = decided(officer)
    with pytest.raises(PlanChanged):
        services.approve_erasure(case=case, officer=make_officer(), plan_hash="b" * 64)
    assert (started, Approval.objects.count()) == ([], 0)


@pytest.mark.parametrize("role", [Role.CASE_HANDLER, Role.AUDITOR])
def test_only_a_privacy_officer_approves(officer, make_officer, started, role):
    case = decided(officer)
    with pytest.raises(NotAllowed):
        services.approve_erasure(case=case, officer=make_officer(role), plan_hash=case.plan_hash)
    assert started == []


def test_a_returned_erasure_is_decided_anew(officer, make_officer):
    case = services.return_to_decision(case=decided(officer), officer=make_officer())
    assert (case.state, case.decided_by, case.decided_at) == ("deciding", None, None)


def test_a_refusal_names_ground_reasons_and_authority_and_unlocks_the_data(officer):
    case = in_state(S.DECIDING, **PLAN)
    services.refuse(case=case, officer=officer, ground="GH.retention_required", text="We need the invoices.")
    case.refresh_from_db()
    assert (case.state, case.refusal_ground, case.frozen_keys) == ("refused", "GH.retention_required", None)
    letter = letter_of(case, "refused").body
    for words in (
        "s. 24(1)(a)",
        "We need the invoices.",
        "Data Protection Commission of Ghana",
        "dataprotection.org.gh",
    ):
        assert words in letter
    assert Hold.objects.get(case_id=case.pk).released_at is None


@pytest.mark.parametrize(
    ("ground", "text"),
    [
        ("GH.retention_required", " "),
        ("GH.third_party", "Not for erasure."),
        ("CA-FED.privilege", "Other law."),
        ("", "x"),
    ],
)
def test_a_refusal_without_a_fitting_ground_or_without_reasons_is_refused(officer, ground, text):
    case = in_state(S.DECIDING, **PLAN)
    with pytest.raises(GroundInvalid):
        services.refuse(case=case, officer=officer, ground=ground, text=text)
    case.refresh_from_db()
    assert case.state == "deciding"


def test_rejected_identity_closes_the_case_with_a_letter(case, officer):
    services.reject_identity(case=case, officer=officer)
    case.refresh_from_db()
    assert (case.state, letter_kinds(case)[-1]) == ("identity_rejected", "identity_rejected")
    assert Hold.objects.get(case_id=case.pk).released_at is None  # the person can still turn to the authority


@pytest.mark.parametrize(
    "act",
    [
        lambda case, officer: services.confirm_identity(case=case, officer=officer),
        lambda case, officer: services.reject_identity(case=case, officer=officer),
    ],
)
def test_a_case_handler_acts_on_assigned_cases_only(case, officer, make_officer, act):
    handler = make_officer(Role.CASE_HANDLER)
    with pytest.raises(NotAllowed):
        act(case, handler)
    services.assign(case=case, officer=officer, assignee=handler)
    act(case, handler)
    case.refresh_from_db()
    assert case.state in ("planning", "identity_rejected")


def test_reassigning_takes_the_rights_away_again(case, officer, make_officer):
    first, second = make_officer(Role.CASE_HANDLER), make_officer(Role.CASE_HANDLER)
    services.assign(case=case, officer=officer, assignee=first)
    services.assign(case=case, officer=officer, assignee=second)
    with pytest.raises(NotAllowed):
        services.confirm_identity(case=case, officer=first)
    services.confirm_identity(case=case, officer=second)


def test_nobody_but_a_privacy_officer_assigns_and_auditors_are_assigned_nothing(case, officer, make_officer):
    with pytest.raises(NotAllowed):
        services.assign(case=case, officer=make_officer(Role.CASE_HANDLER), assignee=officer)
    with pytest.raises(NotAllowed):
        services.assign(case=case, officer=officer, assignee=make_officer(Role.AUDITOR))
    assert services.assign(case=case, officer=officer, assignee=officer).assignee == officer


def test_an_act_out_of_turn_says_at_which_stage_the_case_is(case, officer):
    with pytest.raises(WrongState, match="New: identity to be confirmed"):
        services.grant(case=case, officer=officer, plan_hash="a" * 64)


@pytest.mark.parametrize(
    ("law", "ground", "language", "place"),
    [
        ("CA-BC", "CA-BC.privilege", "en", "BC PIPA s. 23(3)(a) – "),
        ("UK", "UK.rights_of_others", "en", "UK GDPR art. 15(4) – "),
        ("CA-BC", "ANY.nothing_held", "en", "conditions of the request – "),
        ("CA-BC", "ANY.nothing_held", "fr", "conditions de la demande – "),
    ],
)
def test_a_refusal_names_the_law_and_not_a_section_alone(officer, law, ground, language, place):
    OrganisationProfile.objects.update(laws=[law], promise_days=None)
    case = in_state(S.DECIDING, kind="access", language=language, **PLAN)
    services.refuse(case=case, officer=officer, ground=ground, text="So it is.")
    assert f"\n{place}" in letter_of(case, "refused").body


def test_a_ground_in_another_act_names_that_act_alone():
    assert ground_cited(ground("ZA", "PAIA s. 63")) == "PAIA s. 63"
    assert ground_cited(ground("ZA", "s. 24")) == "POPIA s. 24"


def ground(law: str, section: str):
    known = grounds_for(laws=[law], kind=KindOfRequest.ACCESS)
    return replace(next(each for each in known if each.law == law), section=section)
