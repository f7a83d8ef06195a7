"""All deadlines of one subject request: every law that applies and every promise that was made."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from privacy.law.calendars import NO_OVERLAY
from privacy.law.catalogue import rules_for
from privacy.law.clock import due_date
from privacy.law.deadline import DueDates, earliest
from privacy.law.enums import KindOfRequest
from privacy.law.events import ClockEvent
from privacy.law.shapes import PolicyPromise


def due_dates(
    *,
    laws: Iterable[str],
    kind: KindOfRequest,
    received_on: date,
    promises: Iterable[PolicyPromise] = (),
    events: Sequence[ClockEvent] = (),
    calendars: Mapping[str, str] | None = None,
    overlay: Mapping[date, str] = NO_OVERLAY,
    as_of: date | None = None,
) -> DueDates:
    """Return every deadline, the earliest first.

    Args:
        laws: codes of the laws that apply, e.g. ["CA-FED", "CA-BC"].
        kind: what the data subject asks for.
        received_on: local date of receipt by any channel.
        promises: what the organisation's own policy promises for this kind.
        events: waits and extensions, in order of date; an extension moves only the clock it names.
        calendars: {law: calendar} where a law leaves the choice, e.g. {"EU": "DE"}.
        overlay: further days that do not count, {date: name}.
        as_of: the day to look at clocks that stand.

    Raises UnknownLaw, CalendarError, ClockError or ExtensionNotAllowed as `due_date` and `rules_for` do.
    """
    chosen = calendars or {}
    statutory = [
        due_date(rule, received_on, events=events, calendar=chosen.get(rule.law), overlay=overlay, as_of=as_of)
        for rule in rules_for(laws=laws, kind=kind, on=received_on)
    ]
    promised = [due_date(promise, received_on, events=events, overlay=overlay, as_of=as_of) for promise in promises]
    return earliest([*statutory, *promised])
