"""Who acts when a scheduled notice is taken back, in the same transaction. Rooms above this one register."""

from collections.abc import Callable

from privacy.ledger.actors import Actor
from privacy.register.models import Notice

Listener = Callable[[Notice, Actor], None]

_listeners: list[Listener] = []


def register_listener(function: Listener) -> None:
    """Have a function told of every notice that is taken back, and by whom; called in `AppConfig.ready()`."""
    if function not in _listeners:
        _listeners.append(function)


def tell(notice: Notice, actor: Actor) -> None:
    """Tell everybody; an error of one undoes the act."""
    for each in _listeners:
        each(notice, actor)
