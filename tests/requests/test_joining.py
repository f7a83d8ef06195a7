"""Asked twice: the earlier case goes on, the later is joined to it; reminders and acknowledgements beside it."""

import pytest
from django.db import IntegrityError, transaction

from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from requests.enums import RequestState as S
from requests.errors import AcknowledgementRefused, JoiningRefused, NotAllowed, ReminderRefused, WrongState
from requests.models import SubjectRequest
from requests.services import assign
from requests.services.acknowledging import acknowledge
from requests.services.joining import join_case
from requests.services.reminding import remind_assignee
from requests.transitions import TRANSITIONS
from retention.models import Hold
from tests.requests.conftest import confirmed, in_state, letter_kinds, submit


def open_holds(case: SubjectRequest) -> int:
    return Hold.objects.filter(case_id=case.pk, released_at__isnull=True).count()


def test_the_later_case_is_closed_its_lock_ends_and_the_person_is_told(alpha, officer):
    first, second = confirmed(), confirmed()
    assert (open_holds(first), open_holds(second)) == (1, 1)
    joined = join_case(case=second, into=first, officer=officer)
    assert (joined.state, joined.joined_to_id, joined.closed_at is not None) == (S.JOINED, first.pk, True)
    assert (open_holds(first), open_holds(second)) == (1, 0)
    assert letter_kinds(second)[-1] == "joined"
    assert "joined" not in letter_kinds(first)
    entry = LedgerEntry.objects.get(action="subject_request.joined", object_id=str(second.pk))
    assert entry.data["joined_to"] == str(first.pk)


def test_a_case_that_was_never_confirmed_is_joined_without_a_letter(alpha, officer):
    first, second = confirmed(), submit()
    before = letter_kinds(second)
    assert join_case(case=second, into=first, officer=officer).state == S.JOINED
    assert letter_kinds(second) == before


def test_only_the_same_request_of_the_same_person_is_joined(alpha, officer):
    first = confirmed()
    others = {
        "another person": confirmed(email="kofi@example.com"),
        "something else": confirmed(kind="access"),
        "the case that the others": first,
    }
    for words, other in others.items():
        with pytest.raises(JoiningRefused, match=words):
            join_case(case=other, into=first, officer=officer)
    later = confirmed()
    with pytest.raises(JoiningRefused, match="join the later case to the earlier one"):
        join_case(case=first, into=later, officer=officer)
    assert join_case(case=later, into=first, officer=officer).state == S.JOINED
    with pytest.raises(JoiningRefused, match="is not open"):
        join_case(case=confirmed(), into=later, officer=officer)


def test_who_does_not_handle_both_cases_joins_neither(alpha, officer, make_officer):
    handler = make_officer(Role.CASE_HANDLER)
    first, second = confirmed(), confirmed()
    assign(case=second, officer=officer, assignee=handler)
    with pytest.raises(NotAllowed):
        join_case(case=second, into=first, officer=handler)
    assign(case=first, officer=officer, assignee=handler)
    assert join_case(case=second, into=first, officer=handler).state == S.JOINED


@pytest.mark.parametrize("state", [S.AWAITING_APPROVAL, S.COOLING_OFF, S.EXECUTING])
def test_what_is_about_to_be_carried_out_is_not_joined(alpha, officer, state):
    assert S.JOINED not in TRANSITIONS[state]
    first, second = confirmed(), in_state(S.DECIDING)
    when = second.received_at
    SubjectRequest.objects.filter(pk=second.pk).update(state=state, decided_at=when, cooling_off_until=when)
    with pytest.raises(WrongState):
        join_case(case=second, into=first, officer=officer)


def test_a_joined_case_says_to_which_and_the_database_holds_that(alpha, officer):
    first, second = confirmed(), confirmed()
    join_case(case=second, into=first, officer=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        SubjectRequest.objects.filter(pk=second.pk).update(joined_to_id=None)


def test_a_reminder_needs_somebody_to_remind_and_goes_once_a_day(alpha, officer, make_officer):
    handler = make_officer(Role.CASE_HANDLER)
    case = confirmed()
    with pytest.raises(ReminderRefused, match="Assign it first"):
        remind_assignee(case=case, officer=officer)
    assign(case=case, officer=officer, assignee=handler)
    with pytest.raises(NotAllowed):
        remind_assignee(case=case, officer=handler)
    remind_assignee(case=case, officer=officer)
    with pytest.raises(ReminderRefused, match="within the last day"):
        remind_assignee(case=case, officer=officer)
    with pytest.raises(WrongState):
        remind_assignee(case=in_state(S.WITHDRAWN, closed_at=case.received_at), officer=officer)


def test_a_case_is_acknowledged_once(alpha, officer):
    case = confirmed()
    with pytest.raises(AcknowledgementRefused, match="was told already"):
        acknowledge(case=case, officer=officer)
    with pytest.raises(WrongState):
        acknowledge(case=submit(email="kofi@example.com"), officer=officer)
    type(case.subject).objects.get(pk=case.subject_id).letters.filter(kind="case_acknowledged").delete()
    assert acknowledge(case=case, officer=officer).kind == "case_acknowledged"
    assert LedgerEntry.objects.filter(action="subject_request.acknowledged", object_id=str(case.pk)).count() == 1
