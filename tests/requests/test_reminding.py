"""Reminding whoever works on a case, and acknowledging one that nobody has acknowledged."""

import pytest

from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from requests.enums import RequestState as S
from requests.errors import AcknowledgementRefused, NotAllowed, ReminderRefused, WrongState
from requests.services import assign
from requests.services.acknowledging import acknowledge
from requests.services.reminding import remind_assignee
from tests.requests.conftest import confirmed, in_state, submit


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
