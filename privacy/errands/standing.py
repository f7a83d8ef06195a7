"""How work in a source that is no database stands, whoever does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from privacy.errands.models import Errand


class Stand(StrEnum):
    DONE = "done"
    WAITS = "waits"
    FAILED = "failed"
    """Goes on only after somebody did something."""
    VOID = "void"


@dataclass(frozen=True)
class Standing:
    """`code` says why in the words of `retention.problems`, or what shows that it is done; ask again after `pause`."""

    stand: Stand
    code: str
    pause: timedelta = timedelta(hours=1)


Proceed = Callable[[Errand], Standing]

_proceed: dict[str, Proceed] = {}


def register_proceed(source_kind: str, function: Proceed) -> None:
    """Say how an errand in sources of this kind gets on. The function may use the network; never in a transaction."""
    _proceed[source_kind] = function


def proceed(errand: Errand) -> Standing:
    """Do what can be done now for an errand, and say how it stands. May be called any number of times."""
    return _proceed[errand.source.kind](errand)


Listener = Callable[[Errand], None]

_listeners: list[Listener] = []


def register_listener(function: Listener) -> None:
    """Have a function told, in the transaction, when an errand is closed, opened again, or should be looked at now."""
    if function not in _listeners:
        _listeners.append(function)


def tell(errand: Errand) -> None:
    """Tell everybody who waits for an errand."""
    for function in _listeners:
        function(errand)
