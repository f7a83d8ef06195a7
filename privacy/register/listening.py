"""Who acts when a scheduled notice is taken back, in the same transaction, and who knows afterwards that people were
told of it. Rooms above this one register.
"""

from collections.abc import Callable
from datetime import datetime

from privacy.ledger.actors import Actor
from privacy.register.models import Notice

Listener = Callable[[Notice, Actor], None]
Witness = Callable[[str], datetime | None]

_listeners: list[Listener] = []
_witnesses: list[Witness] = []


def register_listener(function: Listener) -> None:
    """Have a function told of every notice that is taken back, and by whom; called in `AppConfig.ready()`."""
    if function not in _listeners:
        _listeners.append(function)


def register_witness(function: Witness) -> None:
    """Have a function asked when a version of which people were told was taken back; called in `AppConfig.ready()`."""
    if function not in _witnesses:
        _witnesses.append(function)


def tell(notice: Notice, actor: Actor) -> None:
    """Tell everybody; an error of one undoes the act."""
    for each in _listeners:
        each(notice, actor)


def taken_back_at(version: str) -> datetime | None:
    """When a version of which people were told was taken back; None of every other, and of a mere draft."""
    return next((at for each in _witnesses if (at := each(version)) is not None), None)
