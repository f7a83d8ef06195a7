"""Reading from a caller's JSON whom a statement is about. Messages never repeat what was sent: it may name people."""

import re
from typing import Any

from django.utils.translation import gettext as _

from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind, normalise

NOT_TEXT = re.compile("[\0\ud800-\udfff]")  # NUL and lone surrogates: JSON can write them, UTF-8 and databases cannot
_KINDS = tuple(IdentifierKind.values)

Errors = dict[str, Any]


class StatementInvalid(ValueError):
    """Fields that need another value: `errors` says which and why, in the shape of the API."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("some fields need another value")
        self.errors = errors


def read_subject(value: Any) -> tuple[str, str]:
    """Kind and normalised value of the one identifier in `{email|phone|customer_id}`.

    Raises:
        StatementInvalid: the identifier is none of its kind.
        ValueError: not exactly one is named.
    """
    if not isinstance(value, dict) or len(value) != 1 or next(iter(value)) not in _KINDS:
        raise ValueError(_("Name the person by exactly one of: %s.") % ", ".join(_KINDS))
    ((kind, text),) = value.items()
    if not isinstance(text, str):
        raise StatementInvalid({kind: [_("Send text.")]})
    if len(text) > 320 or NOT_TEXT.search(text):
        raise StatementInvalid({kind: [_("This is too long, or holds a character that no identifier has.")]})
    try:
        return kind, normalise(kind, text)
    except IdentifierInvalid as error:
        raise StatementInvalid({kind: [str(error)]}) from None
