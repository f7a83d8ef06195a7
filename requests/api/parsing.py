"""Reading a caller's JSON into a statement: every field is checked, and every field at fault is named at once.

Messages never repeat what was sent: it may name people.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from privacy.ledger.sealed import canonical
from privacy.subjects.reading import NOT_TEXT, read_fields, read_subject
from requests.enums import RequestKind
from requests.models import AuthorityKind
from requests.services.api_intake import RequestStatement
from requests.services.intake import LONGEST_DETAILS, LONGEST_NAME

PARTICULARS_BYTES = 8192
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_RESIDENCE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def read_request(data: Any) -> RequestStatement:
    """A statement from parsed JSON.

    Raises:
        StatementInvalid: with all fields at fault.
    """
    values = read_fields(data, _FIELDS, no_object=_("Send a JSON object for each request."))
    kind, identifier = values.pop("subject")
    return RequestStatement(identifier_kind=kind, identifier=identifier, **values)


def _text(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest or NOT_TEXT.search(value):
            raise ValueError(_("Send text of %d characters at most.") % longest)
        return value

    return read


def _one_of(choices: list[str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise ValueError(_("Use one of: %s.") % ", ".join(choices))
        return value

    return read


def _language(value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise ValueError(_("Send a language code like en or fr-CA."))
    return value


def _residence(value: Any) -> str:
    if not isinstance(value, str) or not _RESIDENCE.fullmatch(value):
        raise ValueError(_("Send the code of a country or of a part of it, like GH or CA-BC."))
    return value


def _particulars(value: Any) -> dict[str, Any]:
    message = _("Send a JSON object of %d bytes at most, without broken text and without whole numbers beyond 2^53.")
    message %= PARTICULARS_BYTES
    if not isinstance(value, dict):
        raise ValueError(message)
    try:
        size = len(canonical(value))
    except (ValueError, RecursionError):
        raise ValueError(message) from None
    if size > PARTICULARS_BYTES:
        raise ValueError(message)
    return value


def _day(value: Any) -> date:
    try:
        day = parse_date(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(_("Send a day like 2026-11-22."))
    return day


def _moment(value: Any) -> datetime:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or not is_aware(moment):
        raise ValueError(_("Send date, time and offset, like 2026-11-22T09:30:00Z."))
    return moment


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("Send true or false."))
    return value


def _representative(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not value.keys() <= {"name", "email", "authority"}:
        raise ValueError(_("Send name, email and authority of who asks."))
    read = _text(320)
    return {
        "name": read(value.get("name", "")),
        "email": read(value.get("email", "")),
        "authority": _one_of(AuthorityKind.values)(value.get("authority")),
    }


_FIELDS: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "kind": (_one_of(RequestKind.values), True),
    "subject": (read_subject, True),
    "name": (_text(LONGEST_NAME), False),
    "details": (_text(LONGEST_DETAILS), False),
    "particulars": (_particulars, False),
    "residence": (_residence, False),
    "language": (_language, False),
    "received_on": (_day, False),
    "received_at": (_moment, False),
    "authenticated": (_truth, False),
    "is_minor": (_truth, False),
    "about": (_text(40), False),
    "representative": (_representative, False),
}
