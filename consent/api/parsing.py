"""Reading a caller's JSON into a statement: every field is checked, and every field at fault is named at once.

Written by hand because the bulk call reads 10,000 of these, and one call must not accept what the other refuses.
Messages never repeat what was sent: it may name people.
"""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.models import STATED, Method
from consent.statement import Statement
from privacy.subjects.field_readers import day, json_object, language, one_of, past_moment, truth
from privacy.subjects.reading import NOT_TEXT, read_fields, read_subject

EVIDENCE_BYTES = 4096
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,60}")
_LARGEST_VERSION = 2**31 - 1
_NO_OBJECT = gettext_lazy("Send a JSON object for each decision.")


def read_statement(data: Any) -> Statement:
    """A statement from parsed JSON.

    Raises:
        StatementInvalid: with all fields at fault.
    """
    values = read_fields(data, _FIELDS, no_object=_NO_OBJECT)
    kind, identifier = values.pop("subject")
    return Statement(kind=kind, identifier=identifier, **values)


def _purpose(value: Any) -> str:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise ValueError(_("Send the code of a purpose: letters, digits, hyphens and underscores, 60 at most."))
    return value


def _notice_version(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 20 or NOT_TEXT.search(value):
        raise ValueError(_("Send the version of the privacy notice as text, 20 characters at most."))
    return value


def _wording_version(value: Any) -> int:
    if type(value) is not int or not 0 < value <= _LARGEST_VERSION:
        raise ValueError(_("Send the number of the version of the words: 1, 2, 3."))
    return value


_FIELDS: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "subject": (read_subject, True),
    "purpose": (_purpose, True),
    "decision": (one_of(sorted(STATED)), True),
    "method": (one_of(sorted(Method.values)), True),
    "notice_version": (_notice_version, False),
    "wording_version": (_wording_version, False),
    "language": (language, False),
    "evidence": (json_object(EVIDENCE_BYTES), False),
    "occurred_at": (past_moment, False),
    "birth_date": (day, False),
    "is_of_age": (truth, False),
}
