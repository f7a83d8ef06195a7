"""Who is told how a run ended. Higher rooms register; retention does not know them."""

from collections.abc import Callable

from retention.enums import RunKind
from retention.models import Run

Listener = Callable[[Run], None]

_listeners: dict[str, list[Listener]] = {}


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
