"""The values of a condition as officers type them: one, or a list with commas between.

Danger: a text with a comma in it becomes two values, and what a law keeps is kept no more. Rule: what stands in quotes
is one value, quotes that do not close are refused, and what is written here is read here as the very same.
"""

import json
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _

from privacy.datamap.admin.typed_values import read_value

_QUOTED = r""" "(?:[^"\\]|\\.)*" | '[^']*' """
_ONE = re.compile(rf"(?: {_QUOTED} | [^\"'] .* )\Z", re.VERBOSE)
_NEXT = re.compile(rf"\s* (?P<value> {_QUOTED} | [^\"',\s] [^,]* | ) \s* (?P<behind> , | \Z )", re.VERBOSE)


def read_one(text: str) -> Any:
    """One value: a number, true, false or a text. Commas belong to it.

    Raises:
        ValidationError: it cannot be compared with, or its quotes do not close; says what to write.
    """
    text = text.strip()
    if not _ONE.match(text):
        raise ValidationError(_quotes())
    return _read(text)


def read_list(text: str) -> list[Any]:
    """Values between commas; within quotes a comma is part of the value.

    Raises:
        ValidationError: as for one; or nothing stands between two commas.
    """
    found, place, is_over = [], 0, False
    while not is_over:
        match = _NEXT.match(text, place)
        if match is None:
            raise ValidationError(_quotes())
        if not match["value"]:
            raise ValidationError(_('A value is missing beside a comma. An empty text is written as two quotes, “""”.'))
        found.append(_read(match["value"].strip()))
        place, is_over = match.end(), not match["behind"]
    return found


def write_value(value: Any) -> str:
    """As it is read again, in a list as well: a text that would be read as something else is quoted."""
    if not isinstance(value, str):
        return json.dumps(value)
    has_one_line = value.splitlines() == [value]
    if has_one_line and _reads_as_itself(value):
        return value
    return json.dumps(value, ensure_ascii=not has_one_line)


def _reads_as_itself(text: str) -> bool:
    try:
        return read_list(text) == [text]
    except ValidationError:
        return False


def _read(text: str) -> Any:
    if text[0] == "'":
        return text[1:-1]
    if text[0] == '"':
        return _unquoted(text)
    value = read_value(text)
    if value is None:
        raise ValidationError(_("Write “email is null” or “email is not null”; a text “null” goes into quotes."))
    if isinstance(value, float):
        raise ValidationError(_("Compare with a whole number; or put the value into quotes to compare it as a text."))
    return text if isinstance(value, dict | list) else value


def _unquoted(text: str) -> str:
    try:
        value: str = json.loads(text, strict=False)
        value.encode()
    except ValueError:
        raise ValidationError(_quotes()) from None
    if "\0" in value:
        raise ValidationError(ProhibitNullCharactersValidator.message)
    return value


def _quotes() -> str:
    return _(
        'A value that begins with a quote ends with one, and has “\\"” for a quote and “\\\\” for a backslash within: '
        '“status in "closed, final", open”.'
    )
