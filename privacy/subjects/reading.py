"""Reading a caller's JSON: its fields, and whom it is about. Messages never repeat what was sent: it names people."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
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


Fields = Mapping[str, tuple[Callable[[Any], Any], bool]]
"""By name, what reads a field (raises ValueError with words, or StatementInvalid) and whether it has to be there."""


def read_fields(data: Any, fields: Fields, *, no_object: str | Promise) -> dict[str, Any]:
    """What each field of a JSON object holds, those that are absent or null left out.

    Args:
        no_object: what to say of anything that is no object; lazy where thousands are read.

    Raises:
        StatementInvalid: with all fields at fault.
    """
    if not isinstance(data, dict):
        raise StatementInvalid({"non_field_errors": [str(no_object)]})
    errors: Errors = {}
    if not data.keys() <= fields.keys():
        known = ", ".join(fields)
        errors["non_field_errors"] = [_("There are fields that are not known here. Use only: %s.") % known]
    values: dict[str, Any] = {}
    for name, (read, required) in fields.items():
        value = data.get(name)
        if value is None:
            if required:
                errors[name] = [_("This field is required.")]
            continue
        try:
            values[name] = read(value)
        except StatementInvalid as error:
            errors[name] = error.errors
        except ValueError as error:
            errors[name] = [str(error)]
    if errors:
        raise StatementInvalid(errors)
    return values


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
