"""Reading a caller's JSON into a statement: every field is checked, and every field at fault is named at once.

Messages never repeat what was sent: it may name people.
"""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from privacy.subjects.field_readers import day, json_object, language, moment, one_of, text, truth
from privacy.subjects.reading import read_fields, read_subject
from requests.api.particulars import check_particulars
from requests.enums import RequestKind
from requests.models import AuthorityKind
from requests.services.api_intake import RequestStatement
from requests.services.intake import LONGEST_DETAILS, LONGEST_NAME, LONGEST_REASON

PARTICULARS_BYTES = 8192
_RESIDENCE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def read_request(data: Any) -> RequestStatement:
    """A statement from parsed JSON.

    Raises:
        StatementInvalid: with all fields at fault.
    """
    values = read_fields(data, _FIELDS, no_object=_("Send a JSON object for each request."))
    check_particulars(values["kind"], values.get("particulars"))
    kind, identifier = values.pop("subject")
    return RequestStatement(identifier_kind=kind, identifier=identifier, **values)


def _letter_language(value: Any) -> str:
    """A language in which we write letters, or a regional form of one."""
    known = [code for code, _name in settings.LETTER_LANGUAGES]
    if language(value).partition("-")[0] not in known:
        raise ValueError(_("We write letters in these languages: %s.") % ", ".join(known))
    return str(value)


def _residence(value: Any) -> str:
    if not isinstance(value, str) or not _RESIDENCE.fullmatch(value):
        raise ValueError(_("Send the code of a country or of a part of it, like GH or CA-BC."))
    return value


def _representative(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not value.keys() <= {"name", "email", "authority"}:
        raise ValueError(_("Send name, email and authority of who asks."))
    read = text(320)
    return {
        "name": read(value.get("name", "")),
        "email": read(value.get("email", "")),
        "authority": one_of(AuthorityKind.values)(value.get("authority")),
    }


_FIELDS: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "kind": (one_of(RequestKind.values), True),
    "subject": (read_subject, True),
    "name": (text(LONGEST_NAME), False),
    "details": (text(LONGEST_DETAILS), False),
    "particulars": (json_object(PARTICULARS_BYTES), False),
    "residence": (_residence, False),
    "language": (_letter_language, False),
    "received_on": (day, False),
    "received_at": (moment, False),
    "received_reason": (text(LONGEST_REASON), False),
    "authenticated": (truth, False),
    "is_minor": (truth, False),
    "about": (text(40), False),
    "representative": (_representative, False),
}
