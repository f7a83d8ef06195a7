"""Who acts when a restriction is placed or lifted, in the same transaction. Rooms above this one register."""

from collections.abc import Callable

from privacy.register.restrictions.models import Restriction

Listener = Callable[[Restriction], None]

_listeners: list[Listener] = []


def register_listener(function: Listener) -> None:
    """Have a function told of every restriction that is placed or lifted; called in `AppConfig.ready()`.

    It may be told of the same one again, and looks at `lifted_at` to know which of both it was.
    """
    if function not in _listeners:
        _listeners.append(function)


def tell(restriction: Restriction) -> None:
    """Tell everybody; an error of one undoes the change."""
    for each in _listeners:
        each(restriction)
