"""Reading a caller's JSON into a statement: every field is checked, and every field at fault is named at once.

Written by hand because the bulk call reads 10,000 of these, and one call must not accept what the other refuses.
Messages never repeat what was sent: it may name people.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from consent.models import Decision, Method
from consent.statement import Statement
from privacy.ledger.sealed import canonical
from privacy.subjects.reading import NOT_TEXT, read_fields, read_subject

EVIDENCE_BYTES = 4096
CLOCKS_MAY_DIFFER = timedelta(minutes=5)
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,60}")
_DECISIONS, _METHODS = frozenset(Decision.values), frozenset(Method.values)
_LARGEST_VERSION = 2**31 - 1


def read_statement(data: Any) -> Statement:
    """A statement from parsed JSON.

    Raises:
        StatementInvalid: with all fields at fault.
    """
    values = read_fields(data, _FIELDS, no_object=_("Send a JSON object for each decision."))
    kind, identifier = values.pop("subject")
    return Statement(kind=kind, identifier=identifier, **values)


def _purpose(value: Any) -> str:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise ValueError(_("Send the code of a purpose: letters, digits, hyphens and underscores, 60 at most."))
    return value


def _one_of(choices: frozenset[str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise ValueError(_("Use one of: %s.") % ", ".join(sorted(choices)))
        return value

    return read


def _notice_version(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 20 or NOT_TEXT.search(value):
        raise ValueError(_("Send the version of the privacy notice as text, 20 characters at most."))
    return value


def _wording_version(value: Any) -> int:
    if type(value) is not int or not 0 < value <= _LARGEST_VERSION:
        raise ValueError(_("Send the number of the version of the words: 1, 2, 3."))
    return value


def _language(value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise ValueError(_("Send a language code like en or fr-CA."))
    return value


def _evidence(value: Any) -> dict[str, Any]:
    message = _("Send a JSON object of %d bytes at most, without broken text and without whole numbers beyond 2^53.")
    message %= EVIDENCE_BYTES
    if not isinstance(value, dict):
        raise ValueError(message)
    try:
        size = len(canonical(value))  # the form that is sealed: what it cannot hold cannot be recorded
    except (ValueError, RecursionError):
        raise ValueError(message) from None
    if size > EVIDENCE_BYTES:
        raise ValueError(message)
    return value


def _occurred_at(value: Any) -> datetime:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or not is_aware(moment):
        raise ValueError(_("Send date, time and offset, like 2026-11-22T09:30:00Z."))
    if moment > timezone.now() + CLOCKS_MAY_DIFFER:
        raise ValueError(_("This time is yet to come. Send the time at which the person decided."))
    return moment


_FIELDS: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "subject": (read_subject, True),
    "purpose": (_purpose, True),
    "decision": (_one_of(_DECISIONS), True),
    "method": (_one_of(_METHODS), True),
    "notice_version": (_notice_version, False),
    "wording_version": (_wording_version, False),
    "language": (_language, False),
    "evidence": (_evidence, False),
    "occurred_at": (_occurred_at, False),
}
