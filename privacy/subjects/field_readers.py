"""Readers of single fields of a caller's JSON, for `reading.read_fields`.

Each gives the value or raises ValueError with words that say what to send; none repeats what was sent.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from privacy.ledger.canonical import canonical
from privacy.subjects.reading import NOT_TEXT

CLOCKS_MAY_DIFFER = timedelta(minutes=5)
_FIRST_YEAR = 1900  # before it somebody mistyped; and near year 1 the same moment has no date in other time zones
_LAST_YEAR = 2199
_YEARS = {"first": _FIRST_YEAR, "last": _LAST_YEAR}
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")


def text(longest: int) -> Callable[[Any], str]:
    """longest: in characters."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest or NOT_TEXT.search(value):
            raise ValueError(_("Send text of %d characters at most.") % longest)
        return value

    return read


def one_of(choices: Sequence[str]) -> Callable[[Any], str]:
    """choices: in the order in which they are named to a caller who sent another."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise ValueError(_("Use one of: %s.") % ", ".join(choices))
        return value

    return read


def json_object(longest: int) -> Callable[[Any], dict[str, Any]]:
    """longest: in bytes of the form that is sealed; what that cannot hold cannot be kept."""

    def read(value: Any) -> dict[str, Any]:
        message = _(
            "Send a JSON object of %d bytes at most, without broken text and without whole numbers beyond 2^53."
        )
        message %= longest
        if not isinstance(value, dict):
            raise ValueError(message)
        try:
            size = len(canonical(value))
        except (ValueError, RecursionError):
            raise ValueError(message) from None
        if size > longest:
            raise ValueError(message)
        return value

    return read


def language(value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise ValueError(_("Send a language code like en or fr-CA."))
    return value


def truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("Send true or false."))
    return value


def day(value: Any) -> date:
    try:
        found = parse_date(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None:
        raise ValueError(_("Send a day like 2026-11-22."))
    return found


def plausible_day(value: Any) -> date:
    """A day that somebody may mean: a year that begins with 0 is one that was not typed to its end."""
    found = day(value)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(_("Send the year with all its digits, %(first)d to %(last)d.") % _YEARS)
    return found


def moment(value: Any) -> datetime:
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or not is_aware(found) or found.year < _FIRST_YEAR:
        raise ValueError(_("Send date, time and offset, like 2026-11-22T09:30:00Z."))
    return found


def past_moment(value: Any) -> datetime:
    """A moment that has come, but for what two clocks may differ."""
    found = moment(value)
    if found > timezone.now() + CLOCKS_MAY_DIFFER:
        raise ValueError(_("This time is yet to come. Send the time at which the person decided."))
    return found
