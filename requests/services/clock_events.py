"""The one door through which the dates of an open case move.

Danger: a date that moves without a reason in law, or a closed case whose dates change afterwards.
Rule: an event is tried on every clock of the case before it is stored, with all that happened before it; what a law
does not allow is refused, and nothing is changed. Dates follow from the stored events, and while a clock stands from
the day on which they are looked at. A closed case takes none.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from privacy.law.enums import Cause, Condition, ExtensionGround
from privacy.law.errors import LawError
from privacy.law.events import ClockEvent as LawEvent
from privacy.law.events import Extended, WaitBegan, WaitEnded
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.register.selectors import local_date
from requests.clocks import CaseClocks, clocks_after
from requests.complaint_clock import dates_once_acknowledged
from requests.enums import ClockEventKind, RequestState
from requests.errors import ClockRefused, WrongState
from requests.models import ClockEvent, SubjectRequest
from requests.traits import urgent


def add_clock_event(*, case: SubjectRequest, event: LawEvent, actor: Actor, reason: str = "") -> SubjectRequest:
    """Store what happened to the clocks of a locked, open case, and move its dates.

    Args:
        case: locked by the caller.
        event: of `privacy.law.events`, with a local date of the organisation.
        reason: in words, kept encrypted.

    Raises:
        WrongState: the case is closed; its dates stay as they are.
        ClockRefused: no law of the case allows this event; the message says what it wants.
    """
    if case.closed_at is not None:
        raise WrongState(RequestState(case.state).label)
    events = [*events_of(case), event]
    before = case.due_on
    _take_over(case, events)
    ClockEvent.objects.create(case=case, reason=reason or None, **_as_row(event))
    record(
        action=f"subject_request.clock_{_kind_of(event)}",
        actor=actor,
        target=case,
        data={"on": str(event.on), "due_before": str(before), "due": str(case.due_on)} | _particulars(event),
    )
    return case


def events_of(case: SubjectRequest) -> list[LawEvent]:
    """What happened to the clocks of a case, in order, as the law's own values."""
    return [_as_event(row) for row in case.clock_events.order_by("id")]


def reckon(case: SubjectRequest) -> None:
    """Count the dates of a locked, open case that waits as of today: a clock that stands moves with every day.

    Not an event, so nothing is stored but the dates. Does nothing to a case that waits for nothing, or is closed.
    """
    if case.closed_at is None and case.waiting_for:
        _take_over(case, events_of(case))


def clocks_today(case: SubjectRequest) -> list[dict[str, Any]]:
    """The clocks of a case as of today, also before the daily look has counted those that stand."""
    if case.closed_at is not None or not case.waiting_for:
        return case.deadlines
    return _as_of_today(case, events_of(case)).deadlines


def open_waits(events: Sequence[LawEvent]) -> list[Cause]:
    """What the organisation is still waiting for, the longest wait first."""
    waiting: list[Cause] = []
    for event in events:
        if isinstance(event, WaitBegan):
            waiting.append(event.cause)
        elif isinstance(event, WaitEnded):
            waiting.remove(event.cause)
    return waiting


def _as_of_today(case: SubjectRequest, events: Sequence[LawEvent]) -> CaseClocks:
    day = max([local_date(timezone.now()), *(event.on for event in events[-1:])])
    return clocks_after(deadlines=case.deadlines, received_on=case.received_on, events=events, as_of=day)


def _take_over(case: SubjectRequest, events: Sequence[LawEvent]) -> None:
    try:
        clocks = _as_of_today(case, events)
    except LawError as error:
        raise ClockRefused(str(error)) from None
    case.due_on, case.deadlines, case.stands_until = clocks.due_on, clocks.deadlines, clocks.stands_until
    if not urgent(case.kind, case.is_minor):
        case.target_on = clocks.target_on
    if (dates := dates_once_acknowledged(case)) is not None:
        case.due_on, case.target_on = dates.due_on, dates.target_on
    case.waiting_for = " ".join(cause.value for cause in open_waits(events))
    case.save(update_fields=["due_on", "target_on", "deadlines", "stands_until", "waiting_for"])


def _as_event(row: ClockEvent) -> LawEvent:
    if row.kind == ClockEventKind.WAIT_BEGAN:
        return WaitBegan(row.on, Cause(row.cause), frozenset(Condition(each) for each in row.confirmed))
    if row.kind == ClockEventKind.WAIT_ENDED:
        return WaitEnded(row.on, Cause(row.cause))
    ground = ExtensionGround(row.ground) if row.ground else None
    return Extended(row.on, row.under, row.n, ground, row.permitted_by_authority)


def _as_row(event: LawEvent) -> dict[str, object]:
    common: dict[str, object] = {"kind": _kind_of(event), "on": event.on}
    match event:
        case WaitBegan(cause=cause, confirmed=confirmed):
            return common | {"cause": cause.value, "confirmed": sorted(each.value for each in confirmed)}
        case WaitEnded(cause=cause):
            return common | {"cause": cause.value}
        case Extended():
            ground = event.ground.value if event.ground else ""
            permitted = event.permitted_by_authority
            return common | {"under": event.under, "n": event.n, "ground": ground, "permitted_by_authority": permitted}


def _kind_of(event: LawEvent) -> ClockEventKind:
    match event:
        case WaitBegan():
            return ClockEventKind.WAIT_BEGAN
        case WaitEnded():
            return ClockEventKind.WAIT_ENDED
        case Extended():
            return ClockEventKind.EXTENDED


def _particulars(event: LawEvent) -> dict[str, object]:
    if isinstance(event, Extended):
        return {"under": event.under, "ground": event.ground.value if event.ground else ""}
    return {"cause": event.cause.value}


def latest_event_on(case: SubjectRequest) -> date:
    """No event may be dated before this day."""
    last = case.clock_events.order_by("-id").values_list("on", flat=True).first()
    return max(filter(None, [last, case.received_on]))
