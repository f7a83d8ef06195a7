"""Who is told how a run ended, or that it waits. Higher rooms register; retention does not know them."""

from collections.abc import Callable

from retention.enums import RunKind
from retention.models import Run

Listener = Callable[[Run], None]

_listeners: dict[str, list[Listener]] = {}
_told_of_waits: dict[str, list[Listener]] = {}


def register_listener(run_kind: str, function: Listener) -> None:
    """Have a function told when a run of this kind is completed, stopped or needs attention.

    It is called after the commit, inside the organisation, outside of any transaction, at least once: it may be called
    again for the same run and must then change nothing twice. Read the run's `state` and `problem`.
    """
    known = _listeners.setdefault(str(RunKind(run_kind)), [])
    if function not in known:
        known.append(function)


def tell(run: Run) -> None:
    """Tell everybody who wants to know."""
    for function in _listeners.get(run.kind, ()):
        function(run)


def register_wait_listener(run_kind: str, function: Listener) -> None:
    """Have a function told each time a run of this kind finds that it has to wait: `problem` says for what.

    It is called like the others, at every look of a run that goes on waiting.
    """
    known = _told_of_waits.setdefault(str(RunKind(run_kind)), [])
    if function not in known:
        known.append(function)


def tell_of_wait(run: Run) -> None:
    """Tell everybody who wants to know that a run waits."""
    for function in _told_of_waits.get(run.kind, ()):
        function(run)
