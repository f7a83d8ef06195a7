"""What is refused about files of cases. Messages say what to do; they are shown to people."""

from django.utils.translation import gettext as _

from requests.errors import CaseError


class FileNotTaken(CaseError):
    """The file cannot be added like this; the message says why."""


class FileClosed(CaseError):
    """The file cannot be opened: not scanned yet, infected, or deleted; the message says which."""


class FileNotForYou(CaseError):
    """The officer may not open this file."""

    def __init__(self) -> None:
        super().__init__(
            _("This file shows who somebody is. Only officers who check identities in this case may open it.")
        )


class FileNotReleased(CaseError):
    """The file does not go to the person; the message says why."""


class AskRefused(CaseError):
    """The person cannot be asked for this; the message says why."""
