"""Where a reader of the changes has got to. The text says nothing to the reader, so it may become something else."""

import base64
import binascii

from django.utils.translation import gettext as _

_LARGEST = 2**63 - 1


class CursorInvalid(ValueError):
    """This text was never given out as a cursor."""

    def __init__(self) -> None:
        super().__init__(_("Send the cursor as it came with the last answer, or none to begin with the first change."))


def write_cursor(number: int) -> str:
    """The cursor behind a change."""
    return base64.urlsafe_b64encode(f"c{number}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> int:
    """The number of the last change that was read; 0 for none.

    Raises:
        CursorInvalid: it is none.
    """
    if not text:
        return 0
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        raise CursorInvalid from None
    digits = plain[1:]
    if not (plain.startswith("c") and digits.isdecimal() and len(digits) < 20 and int(digits) <= _LARGEST):
        raise CursorInvalid
    return int(digits)
