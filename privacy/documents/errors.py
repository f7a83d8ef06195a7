"""What is refused about documents. Messages say what to do and hold no personal data; they are shown to people."""

from django.utils.translation import gettext as _


class DocumentError(Exception):
    """Base of everything this room refuses."""


class FileRefused(DocumentError):
    """The file is too large, empty, or of a kind that is not taken."""


class DocumentUnreadable(DocumentError):
    """It cannot be turned into images: damaged, protected by a password, or too much for the limits."""

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message or _("This document cannot be read: it is damaged, protected by a password, or too large.")
        )


class ScannerAway(DocumentError):
    """The scanner did not answer as it must; the same may work later. `code` is stable and holds no answer."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
