"""Which function does which kind of work. Apps register theirs in `AppConfig.ready()`; an unknown kind is an error."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

ACTIVE = frozenset({"active"})
ALSO_CANCELLED = ACTIVE | {"cancelled"}


class Retry(Exception):
    """The work could not be done now and should be tried again.

    Args:
        problem: a short code for the officer (`source_unreachable`), never a message from outside.
        after: how long to wait; None backs off by the number of attempts.
    """

    def __init__(self, problem: str, after: timedelta | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.after = after


class LeaseLost(Exception):
    """Another worker owns the job now: stop at once, touch nothing more."""


@dataclass(frozen=True)
class JobHandle:
    """What a handler knows about its job."""

    id: int
    slot: str
    attempts: int
    lease_owner: str


@dataclass(frozen=True)
class Kind:
    name: str
    handle: Callable[[JobHandle], bool]
    retry_on: tuple[type[Exception], ...] = field(default=())
    states: frozenset[str] = ACTIVE


_kinds: dict[str, Kind] = {}


def register_kind(
    name: str,
    handle: Callable[[JobHandle], bool],
    *,
    retry_on: tuple[type[Exception], ...] = (),
    states: frozenset[str] = ACTIVE,
) -> None:
    """Register the handler of a kind of job.

    Args:
        name: stable, dotted, verb last (`letters.send`).
        handle: does one slice of the work inside the organisation; True when all is done, False when more is left.
            It may run more than once for the same slot and must then change nothing twice.
        retry_on: errors after which the same work may succeed later; any other error fails the job.
        states: of the organisation in which it runs; in any other the job waits.
    """
    if name in _kinds and _kinds[name].handle is not handle:
        raise ValueError(f"the kind of job {name!r} is registered twice")
    _kinds[name] = Kind(name, handle, retry_on, states)


def kinds_in(state: str) -> frozenset[str]:
    """Names of the kinds that run while an organisation is in this state."""
    return frozenset(each.name for each in _kinds.values() if state in each.states)


def kind(name: str) -> Kind:
    """The registered kind.

    Raises:
        LookupError: nobody registered it.
    """
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"no app registered the kind of job {name!r}") from None
