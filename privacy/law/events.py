"""What happens to a clock after it started: an append-only history. Dates are local dates of the organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from privacy.law.enums import Cause, Condition, ExtensionGround
from privacy.law.errors import ClockError


@dataclass(frozen=True, slots=True)
class WaitBegan:
    """The data subject was asked for something. `confirmed` is what an officer vouches for (see Stop.needs)."""

    on: date
    cause: Cause
    confirmed: frozenset[Condition] = frozenset()


@dataclass(frozen=True, slots=True)
class WaitEnded:
    """What was asked for has arrived."""

    on: date
    cause: Cause


@dataclass(frozen=True, slots=True)
class Extended:
    """Notice of extension was given under one rule or promise (`under` is its id). Other clocks ignore it.

    `n` in the unit of that rule's extension; None takes all that is allowed.
    """

    on: date
    under: str
    n: int | None = None
    ground: ExtensionGround | None = None
    permitted_by_authority: bool = False


ClockEvent = WaitBegan | WaitEnded | Extended


def check_history(received_on: date, events: Sequence[ClockEvent]) -> None:
    """Raise ClockError unless the events are in order of date, after receipt, and every answer answers a question."""
    latest, waiting = received_on, set[Cause]()
    for event in events:
        if event.on < latest:
            raise ClockError(f"An event of {event.on} follows one of {latest}; record events in order of their date.")
        latest = event.on
        match event:
            case WaitBegan(cause=cause):
                if cause in waiting:
                    raise ClockError(f"Already waiting for {cause.value} on {event.on}; end that wait first.")
                waiting.add(cause)
            case WaitEnded(cause=cause):
                if cause not in waiting:
                    raise ClockError(f"Nobody was waiting for {cause.value} on {event.on}; record the question first.")
                waiting.remove(cause)
