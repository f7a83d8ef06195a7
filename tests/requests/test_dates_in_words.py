"""Days as people write them, on the pages of officers."""

from datetime import date

from privacy.law.enums import Cause
from privacy.ledger.models import LedgerEntry
from requests.admin.acts.clock import ExtendForm
from requests.admin.timeline import lines_of
from requests.models import ClockEvent
from tests.requests.test_more_time import case_under


def details_of(code: str, data: dict[str, str]) -> list[tuple[str, ...]]:
    entry = LedgerEntry(action=f"subject_request.{code}", actor_kind="system", data=data)
    return [line.details for line in lines_of([entry])]


def test_the_timeline_writes_days_in_words():
    assert details_of("dated_back", {"received": "2026-11-20"}) == [("came on 20 November 2026",)]
    assert details_of("identity_asked", {"until": "2026-12-29"}) == [("until 29 December 2026",)]
    assert details_of("clock_extended", {"due": "2027-01-28"}) == [("due on 28 January 2027",)]


def test_the_list_of_laws_that_give_more_time_writes_days_in_words(alpha):
    case = case_under("CA-FED")
    ((_code, words),) = ExtendForm(case, None).fields["under"].choices
    due: date = case.due_on
    assert f"tell the person by {due.day} {due:%B %Y}" in str(words)


def test_what_is_waited_for_is_said_in_words():
    said = [ClockEvent(cause=cause.value).get_cause_display() for cause in Cause]
    assert said == ["who asks", "the answer to our question", "the answer about the fee"]
