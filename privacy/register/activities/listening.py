"""Who acts when the review of processing without consent is due. Rooms above this one register; letters are theirs."""

from collections.abc import Callable

from privacy.register.activities.models import ProcessingWithoutConsent

Listener = Callable[[ProcessingWithoutConsent], None]

_listeners: list[Listener] = []


def register_listener(function: Listener) -> None:
    """Have a function told, in the same transaction, when a review is due; called in `AppConfig.ready()`."""
    if function not in _listeners:
        _listeners.append(function)


def tell(processing: ProcessingWithoutConsent) -> None:
    """Tell everybody; an error of one undoes the act, and the job comes again."""
    for each in _listeners:
        each(processing)
