"""Values of databases in the forms of an access package: JSON for programs, text for spreadsheets, words for people."""

import base64
import json
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from privacy.register.csv_cells import text_cell


def as_json(value: Any) -> Any:
    """A value as JSON can hold it without losing anything: numbers that JSON would round become text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if value == value and value not in (float("inf"), float("-inf")) else str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, dict):
        return {str(name): as_json(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(part) for part in value]
    if isinstance(value, Decimal | UUID | timedelta):
        return str(value)
    return str(value)


def as_text(value: Any) -> str:
    """A value as a person reads it; empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    plain = as_json(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def as_words(value: Any, zone: tzinfo) -> str:
    """A value as it stands on a page: like `as_text`, with days and times as people write them.

    Args:
        zone: where the organisation is; a moment without a zone is left where it is.
    """
    if isinstance(value, datetime):
        local = value if value.tzinfo is None else value.astimezone(zone)
        return f"{date_format(local, 'j F Y, H:i')} {local.tzname() or ''}".strip()
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return as_text(value)


def as_cell(value: Any) -> str:
    """A value for a CSV file. Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV
    injection); the JSON file beside it has the text unchanged.
    """
    text = as_text(value)
    return text if isinstance(value, int | float | Decimal) else text_cell(text)
