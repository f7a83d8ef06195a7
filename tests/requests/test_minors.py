"""Noting on a case that is there that the person is a minor, and that they are none."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from privacy.register.selectors import local_date
from requests import services
from requests.enums import RequestState as S
from requests.errors import NotAllowed, WrongState
from requests.models import SubjectRequest
from tests.officer.conftest import sign_in
from tests.requests.conftest import confirmed, in_state

__all__ = ["sign_in"]


def entries(case: SubjectRequest) -> list[tuple[str, dict]]:
    found = LedgerEntry.objects.filter(object_id=str(case.pk), action__contains="minor").order_by("id")
    return [(each.action, each.data) for each in found]


def test_an_erasure_of_a_minor_becomes_urgent_and_ordinary_again_with_its_last_day_in_law_unmoved(case, officer):
    today, due, target = local_date(timezone.now()), case.due_on, case.target_on
    assert today < target < due
    services.note_minor(case=case, officer=officer, is_minor=True)
    case.refresh_from_db()
    assert (case.is_minor, case.target_on, case.due_on, case.work_by) == (True, today, due, today)
    services.note_minor(case=case, officer=officer, is_minor=False)
    case.refresh_from_db()
    assert (case.is_minor, case.target_on, case.due_on, case.work_by) == (False, target, due, due)
    there = {"target_before": str(target), "target": str(today)}
    back = {"target_before": str(today), "target": str(target)}
    assert entries(case) == [("subject_request.minor_noted", there), ("subject_request.minor_taken_back", back)]


def test_any_other_case_of_a_minor_keeps_its_dates(alpha, officer):
    case = confirmed(kind="access")
    dates = (case.due_on, case.target_on)
    services.note_minor(case=case, officer=officer, is_minor=True)
    case.refresh_from_db()
    assert (case.is_minor, case.due_on, case.target_on, case.work_by) == (True, *dates, case.due_on)


@pytest.mark.parametrize("state", [S.WITHDRAWN, S.UNCONFIRMED])
def test_it_is_noted_by_whoever_handles_the_case_while_nothing_is_approved(alpha, officer, make_officer, state):
    closed = {"closed_at": timezone.now() - timedelta(days=1)} if state == S.WITHDRAWN else {}
    case = in_state(state, **closed)
    with pytest.raises(WrongState):
        services.note_minor(case=case, officer=officer, is_minor=True)
    SubjectRequest.objects.filter(pk=case.pk).update(state=S.DECIDING, closed_at=None)
    for stranger in (make_officer(Role.AUDITOR), make_officer(Role.CASE_HANDLER)):
        with pytest.raises(NotAllowed):
            services.note_minor(case=case, officer=stranger, is_minor=True)
    with pytest.raises(WrongState):
        services.note_minor(case=case, officer=officer, is_minor=False)
    services.note_minor(case=case, officer=officer, is_minor=True)
    assert SubjectRequest.objects.get(pk=case.pk).is_minor


def test_the_officer_notes_it_on_the_page_of_the_case(case, officer, sign_in):
    client, page = sign_in(officer), f"/officer/requests/subjectrequest/{case.pk}"
    assert "an erasure is worked on before all others" in client.get(f"{page}/note-minor/").content.decode().lower()
    client.post(f"{page}/note-minor/")
    case.refresh_from_db()
    assert case.is_minor
    assert "Noted that the person is a minor" in client.get(f"{page}/change/?tab=timeline").content.decode()
