"""What can be done to errands and to the sources they are about."""

from privacy.errands.services.closing import (
    can_be_reopened,
    cancel_copies,
    cancel_corrections,
    cancel_errands,
    close_errand,
    infected_copies,
    reopen_errand,
    take_over,
)
from privacy.errands.services.connecting import add_manual_source, add_processor, change_manual_source, change_processor
from privacy.errands.services.opening import open_correction, open_errand

__all__ = [
    "add_manual_source",
    "add_processor",
    "can_be_reopened",
    "cancel_copies",
    "cancel_corrections",
    "cancel_errands",
    "change_manual_source",
    "change_processor",
    "close_errand",
    "infected_copies",
    "open_correction",
    "open_errand",
    "reopen_errand",
    "take_over",
]
