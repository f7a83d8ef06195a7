"""Reading the JSON of a choice: every field is checked, and every field at fault is named at once."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from consent.cookies.enums import Action
from consent.cookies.services import Statement
from consent.cookies.snapshots import MOST_CATEGORIES
from privacy.subjects.reading import StatementInvalid, read_fields

LARGEST_BODY = 4096
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,40}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LARGEST_VERSION = 2**31 - 1
_YEARS = range(2000, 2100)


def read_choice(body: bytes) -> tuple[str, Statement]:
    """The code of the site, and what was chosen.

    Raises:
        StatementInvalid: with all fields at fault.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    values = read_fields(data, _FIELDS, no_object=_("Send a JSON object."))
    return values.pop("site"), Statement(**values)


def _matching(pattern: re.Pattern[str], words: Callable[[], str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError(words())
        return value

    return read


def _uuid(value: Any) -> UUID:
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise ValueError(_("Send a random UUID in small letters."))
    return UUID(value)


def _version(value: Any) -> int:
    if type(value) is not int or not 0 < value <= _LARGEST_VERSION:
        raise ValueError(_("Send the number of the banner's version."))
    return value


def _action(value: Any) -> str:
    if not isinstance(value, str) or value not in Action.values:
        raise ValueError(_("Use one of: %s.") % ", ".join(Action.values))
    return value


def _codes(value: Any) -> tuple[str, ...]:
    if (
        not isinstance(value, list)
        or len(value) > MOST_CATEGORIES
        or not all(isinstance(each, str) and _CODE.fullmatch(each) for each in value)
    ):
        raise ValueError(_("Send a list of codes of categories."))
    return tuple(value)


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("Send true or false."))
    return value


def _moment(value: Any) -> datetime:
    """By the browser's own clock, which may be wrong by years; it only has to be a time."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or not is_aware(moment) or moment.year not in _YEARS:
        raise ValueError(_("Send date, time and offset, like 2026-11-22T09:30:00Z."))
    return moment


_FIELDS: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "site": (_matching(_CODE, lambda: _("Send the code of the site.")), True),
    "call": (_uuid, True),
    "browser": (_uuid, True),
    "version": (_version, True),
    "digest": (_matching(_DIGEST, lambda: _("Send the digest of the banner as it came.")), True),
    "action": (_action, True),
    "accepted": (_codes, True),
    "refused": (_codes, True),
    "has_signal": (_yes_or_no, True),
    "language": (_matching(_LANGUAGE, lambda: _("Send a language code like en or fr-CA.")), True),
    "chosen_at": (_moment, False),
}

__all__ = ["LARGEST_BODY", "StatementInvalid", "read_choice"]
