"""Whoever handled a case has no part in the complaint about it: every part, at every door."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer, Role
from privacy.register.selectors import local_date
from requests import services
from requests.conflicts import NOT_HANDLING, conflicts_in, parts_in
from requests.enums import RequestState as S
from requests.errors import ConflictOfInterest
from requests.models import Approval, SubjectRequest
from requests.selectors import next_step
from requests.services.answering import answer_case
from requests.services.complaints import add_note, link_complaint
from requests.services.staff_intake import Entry, enter_case
from tests.requests.conftest import in_state
from tests.requests.in_words import GIVEN, begun, to_be_answered


def by_phone() -> Entry:
    """A call of last week, taken down today."""
    return Entry(
        kind="access", channel="phone", identifier_kind="phone", identifier="+233560320128", name="Ama Mensah",
        details="A copy.", received_on=local_date(timezone.now()) - timedelta(days=7), received_reason="It lay about.",
    )  # fmt: skip


def was_assigned(case: SubjectRequest, officer: Officer, other: Officer) -> None:
    """Only for a while: a colleague had the case afterwards."""
    services.assign(case=case, officer=other, assignee=officer)
    services.assign(case=case, officer=other, assignee=None)


def is_assigned(case: SubjectRequest, officer: Officer, other: Officer) -> None:
    services.assign(case=case, officer=other, assignee=officer)


def confirmed_identity(case: SubjectRequest, officer: Officer, other: Officer) -> None:
    services.confirm_identity(case=case, officer=officer)


def rejected_identity(case: SubjectRequest, officer: Officer, other: Officer) -> None:
    services.reject_identity(case=case, officer=officer)


def decided(case: SubjectRequest, officer: Officer, other: Officer) -> None:
    SubjectRequest.objects.filter(pk=case.pk).update(state=S.DECIDING)
    services.refuse(case=case, officer=officer, ground="GH.retention_required", text="The tax office wants it.")


def decided_and_taken_back(case: SubjectRequest, officer: Officer, other: Officer) -> None:
    """Only the ledger knows: the decision does not stand any more."""
    plan = {"plan": {"summary": []}, "plan_hash": "a" * 64, "planned_at": timezone.now()}
    SubjectRequest.objects.filter(pk=case.pk).update(state=S.DECIDING, **plan)
    services.grant(case=case, officer=officer, plan_hash="a" * 64)
    services.return_to_decision(case=case, officer=other)


def approved(case: SubjectRequest, officer: Officer, other: Officer) -> None:
    Approval.objects.create(case=case, plan_hash="a" * 64, officer=officer)


def nothing(case: SubjectRequest, officer: Officer, other: Officer) -> None:
    """Looked at it, gave it to a colleague, and had no part in it."""
    record(action="subject_request.viewed", actor=Actor.officer(officer), target=case)
    services.assign(case=case, officer=officer, assignee=other)


PARTS = [was_assigned, is_assigned, confirmed_identity, rejected_identity, decided, decided_and_taken_back, approved]


def assigned_to(complaint: SubjectRequest, officer: Officer, free: Officer) -> None:
    services.assign(case=complaint, officer=free, assignee=officer)


def answered_by(complaint: SubjectRequest, officer: Officer, free: Officer) -> None:
    answer_case(case=complaint, officer=officer, given=GIVEN["complaint"])


def noted_by(complaint: SubjectRequest, officer: Officer, free: Officer) -> None:
    add_note(case=complaint, officer=officer, text="All was well.")


DOORS = [assigned_to, answered_by, noted_by]


@pytest.fixture
def free(make_officer) -> Officer:
    return make_officer()


@pytest.fixture
def other(make_officer) -> Officer:
    return make_officer()


@pytest.mark.parametrize("door", DOORS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("part", [*PARTS, nothing], ids=lambda each: each.__name__)
def test_whoever_had_a_part_comes_through_no_door_and_whoever_had_none_through_each(officer, other, free, part, door):
    about = begun("erasure")
    part(about, officer, other)
    complaint = begun("complaint", about=about)
    if part is nothing:
        door(complaint, officer, free)
        return
    with pytest.raises(ConflictOfInterest) as refused:
        door(complaint, officer, free)
    assert about.reference in str(refused.value)
    assert f"Who can: {free.full_name}" in str(refused.value) or free.full_name in str(refused.value)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.assignee) == (S.DECIDING, None)
    door(complaint, free, free)


def test_who_answered_the_case_that_theirs_was_joined_to_has_no_part_in_the_complaint(officer, other, free):
    cases = [begun("question") for _number in range(3)]
    for earlier, later in ((1, 2), (0, 1)):
        services.join(case=cases[later], into=cases[earlier], officer=other)
    answer_case(case=cases[0], officer=officer, given=GIVEN["question"])
    complaint = begun("complaint", about=cases[2])
    standing = conflicts_in(complaint)
    assert {each.officer: each.reasons for each in standing.conflicts} == {
        officer: ("decided the case",), other: ("worked on the case",),
    }  # fmt: skip
    with pytest.raises(ConflictOfInterest):
        answered_by(complaint, officer, free)
    answered_by(complaint, free, free)


def test_who_handled_the_first_case_has_no_part_in_a_complaint_about_the_complaint(officer, other, free, make_officer):
    first = begun("question")
    answer_case(case=first, officer=officer, given=GIVEN["question"])
    middle = begun("complaint", about=first)
    answer_case(case=middle, officer=other, given=GIVEN["complaint"])
    third = begun("complaint", about=middle)
    answer_case(case=third, officer=free, given=GIVEN["complaint"])
    last = begun("complaint", about=third)
    untouched = make_officer()

    assert {each.officer: each.reasons for each in conflicts_in(last).conflicts} == {
        free: ("decided the case",),
        other: (f"decided the case, in {middle.reference} from which it came",),
        officer: (f"decided the case, in {first.reference} from which it came",),
    }  # fmt: skip
    for each in (officer, other, free):
        with pytest.raises(ConflictOfInterest):
            answered_by(last, each, untouched)
    answered_by(last, untouched, untouched)


def test_two_complaints_about_each_other_are_looked_at_once_each(officer, other, free):
    one = begun("complaint")
    two = begun("complaint", about=one)
    link_complaint(case=one, officer=free, reference=two.reference)
    add_note(case=one, officer=officer, text="Looked at.")
    one.refresh_from_db()
    assert [each.officer for each in conflicts_in(two).conflicts] == [officer]
    assert conflicts_in(one).conflicts == []
    add_note(case=two, officer=other, text="Looked at as well.")
    assert [each.officer for each in conflicts_in(one).conflicts] == [other]


def test_a_complaint_about_no_case_is_anybodys(officer):
    complaint = begun("complaint")
    assert conflicts_in(complaint).conflicts == []
    assert answer_case(case=complaint, officer=officer, given=GIVEN["complaint"]).state == S.COMPLETED


def test_an_act_that_nobody_thought_of_counts_as_handling(officer):
    about = begun("access")
    assert parts_in(about.pk) == {}
    for code in sorted(NOT_HANDLING - {"assigned"}):
        record(action=f"subject_request.{code}", actor=Actor.officer(officer), target=about)
    assert parts_in(about.pk) == {}
    record(action="subject_request.never_heard_of", actor=Actor.officer(officer), target=about)
    assert parts_in(about.pk) == {officer.pk: ["worked on the case"]}


def test_whoever_only_takes_a_call_down_may_look_into_the_complaint_about_it(officer):
    Officer.objects.exclude(pk=officer.pk).update(is_active=False)
    about = enter_case(entry=by_phone(), officer=officer)
    assert parts_in(about.pk) == {}
    complaint = begun("complaint", about=about)
    assert conflicts_in(complaint).conflicts == []
    services.confirm_identity(case=about, officer=officer)
    assert parts_in(about.pk) == {officer.pk: ["confirmed the identity"]}


def test_whoever_knows_a_handlers_temporary_password_cannot_have_it_either(officer, other, free):
    about = begun("access")
    confirmed_identity(about, officer, other)
    Officer.objects.filter(pk=officer.pk).update(password_set_by=other)
    complaint = begun("complaint", about=about)
    with pytest.raises(ConflictOfInterest, match="shares a temporary password"):
        assigned_to(complaint, other, free)
    Officer.objects.filter(pk=officer.pk).update(password_set_by=None)
    assigned_to(complaint, other, free)


def test_where_nobody_is_left_the_complaint_waits_until_there_is_another_officer(officer, make_officer):
    about = begun("access")
    confirmed_identity(about, officer, officer)
    complaint = begun("complaint", about=about)
    Officer.objects.exclude(pk=officer.pk).update(is_active=False)
    make_officer(Role.AUDITOR)  # never handles a case
    with pytest.raises(ConflictOfInterest, match="Nobody is left who can: another officer has to be added"):
        answered_by(complaint, officer, officer)
    step = next_step(complaint, officer)
    assert (step.code, "Nobody is left" in str(step.blocked_reason)) == ("answer", True)
    newcomer = make_officer()
    assert next_step(complaint, newcomer).blocked_reason is None
    assert answer_case(case=complaint, officer=newcomer, given=GIVEN["complaint"]).state == S.COMPLETED


def test_the_ledger_remembers_who_handled_a_case_that_is_gone(officer, free):
    about = begun("question")
    answer_case(case=about, officer=officer, given=GIVEN["question"])
    complaint = begun("complaint", about=about)
    about.delete()
    with pytest.raises(ConflictOfInterest, match="not kept any more"):
        answered_by(complaint, officer, free)
    answered_by(complaint, free, free)


def test_linking_takes_the_complaint_from_whoever_handled_that_case(officer, other):
    about = begun("access")
    confirmed_identity(about, officer, other)
    complaint = begun("complaint")
    services.assign(case=complaint, officer=other, assignee=officer)
    link_complaint(case=complaint, officer=other, reference=about.reference)
    complaint.refresh_from_db()
    assert (complaint.about_case_id, complaint.assignee) == (about.pk, None)
    assert [each.officer for each in conflicts_in(complaint).conflicts] == [officer]


def test_a_reconsideration_is_not_decided_by_whoever_handled_the_case_it_is_about(officer, free):
    about = in_state(S.DECIDING, kind="erasure")
    decided(about, officer, free)
    case = to_be_answered("reconsideration", free, about=about)
    with pytest.raises(ConflictOfInterest):
        answer_case(case=case, officer=officer, given=GIVEN["reconsideration"])
    assert answer_case(case=case, officer=free, given=GIVEN["reconsideration"]).state == S.COMPLETED
