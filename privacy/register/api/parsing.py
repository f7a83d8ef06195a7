"""Reading a caller's JSON into a statement: every field is checked, and every field at fault is named at once.

One call must not accept what the other refuses, so both read with this. Messages never repeat what was sent: it may
name people.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from privacy.register.disclosures.checking import LONGEST
from privacy.register.disclosures.statement import DisclosureStatement
from privacy.subjects.field_readers import text, truth
from privacy.subjects.people import Person
from privacy.subjects.reading import read_fields, read_subject


def read_disclosure(data: Any) -> DisclosureStatement:
    """A statement from parsed JSON. What it names is checked against the register later.

    Raises:
        StatementInvalid: with all fields at fault.
    """
    values = read_fields(data, _FIELDS, no_object=_("Send a JSON object for each disclosure."))
    kind, identifier = values.pop("subject")
    return DisclosureStatement(person=Person.known_by(kind, identifier), **values)


def _text(longest: int) -> Callable[[Any], str]:
    read = text(longest)
    return lambda value: read(value).strip()


def _day(value: Any) -> date:
    try:
        day = parse_date(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(_("Send the day as year, month and day, like 2026-03-31."))
    return day


def _codes(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > 20:
        raise ValueError(_("Send a list of codes."))
    return tuple(_CODE(each) for each in value)


_CODE = _text(60)
_FIELDS: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "subject": (read_subject, True),
    "recipient": (_text(200), True),
    "disclosed_on": (_day, True),
    "categories": (_codes, True),
    "purpose": (_CODE, True),
    "means": (_CODE, True),
    "ground": (_CODE, False),
    "authority": (_text(LONGEST["authority"]), False),
    "approver": (_text(LONGEST["approver"]), False),
    "is_secret": (truth, False),
    "reference": (_text(LONGEST["reference"]), False),
    "note": (_text(LONGEST["note"]), False),
}
