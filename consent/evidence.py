"""What shows that a consent was given, method by method, as data.

"Proof of consent" is another thing for each way in which it is given (GDPR Art. 7(1); PIPEDA, schedule 1, 4.3.7): of a
call it is who heard it and from which script, of a signature the paper, of a representative what lets them speak. Only
a consent that is given needs it: saying no, and withdrawing, must be as easy as can be (GDPR Art. 7(3)).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.models import Method
from privacy.subjects.field_readers import plausible_day, text, truth

LONGEST_PERIOD = 365
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Piece:
    """One part of the evidence of a method.

    Args:
        name: as the API calls it.
        title: as people call it.
        read: its value from JSON, or ValueError with words that say what to send.
        form: which field people fill in.
        longest: of a text, in characters.
    """

    name: str
    title: Any
    read: Callable[[Any], Any]
    form: str = "text"
    longest: int = 0


def _said(longest: int) -> Callable[[Any], str]:
    """Text in which something is said."""
    read_text = text(longest)

    def read(value: Any) -> str:
        said = read_text(value).strip()
        if not said:
            raise ValueError(_("Send text of %d characters at most.") % longest)
        return said

    return read


def _text(name: str, title: Any, longest: int) -> Piece:
    return Piece(name, title, _said(longest), longest=longest)


def _digest(value: Any) -> str:
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise ValueError(_("Send a SHA-256 as 64 hexadecimal digits in lower case."))
    return value


def _period(value: Any) -> int:
    if type(value) is not int or not 0 < value <= LONGEST_PERIOD:
        raise ValueError(_("Send a whole number of days, 1 to %d.") % LONGEST_PERIOD)
    return value


NEEDED: dict[str, tuple[Piece, ...]] = {
    Method.ELECTRONIC: (),
    Method.ORAL: (
        _text("script_version", gettext_lazy("version of the script that was read"), 60),
        _text("officer", gettext_lazy("who heard it"), 120),
        _text("call_reference", gettext_lazy("reference of the call"), 120),
        Piece("spoken_on", gettext_lazy("day of the call"), plausible_day, "day"),
    ),
    Method.WRITTEN: (
        Piece("document_sha256", gettext_lazy("SHA-256 of the scan"), _digest),
        _text("kept_at", gettext_lazy("where the scan is kept"), 200),
    ),
    Method.IMPLIED: (_text("act", gettext_lazy("what the person did"), 500),),
    Method.OPT_OUT: (
        Piece("notice_sent_on", gettext_lazy("day on which the notice was sent"), plausible_day, "day"),
        Piece("period_days", gettext_lazy("days the person had to object"), _period, "number"),
    ),
    Method.REPRESENTATIVE: (
        _text("representative", gettext_lazy("who decided for the person"), 200),
        _text("authority", gettext_lazy("what was seen of their authority"), 200),
        Piece("valid_until", gettext_lazy("last day of their authority"), plausible_day, "day"),
        Piece("is_guardian", gettext_lazy("whether they have parental authority over a minor"), truth, "truth"),
    ),
}

PAST_DAYS = ("spoken_on", "notice_sent_on")
"""Days that cannot be yet to come."""


@dataclass(frozen=True)
class Read:
    """Evidence that was read: its values, and what is wrong by name of the piece."""

    values: dict[str, Any]
    errors: dict[str, str]


def read_evidence(method: str, evidence: dict[str, Any] | None) -> Read:
    """The pieces that a method needs. Others may be there and are kept as they are."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for piece in NEEDED[method]:
        value = (evidence or {}).get(piece.name)
        try:
            if value is None:
                errors[piece.name] = _("This is missing.")
            else:
                values[piece.name] = piece.read(value)
        except ValueError as error:
            errors[piece.name] = str(error)
    return Read(values, errors)


def in_json(value: Any) -> Any:
    """A piece's value as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value
