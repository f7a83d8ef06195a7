"""Reading a caller's JSON into a statement: every field is checked, and every field at fault is named at once.

Written by hand because the bulk call reads 10,000 of these, and one call must not accept what the other refuses.
Messages never repeat what was sent: it may name people.
"""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.models import STATED, Decision, Method
from consent.shown_elsewhere import ShownForged, ShownTerms, read_signed
from consent.statement import Statement
from privacy.subjects.field_readers import (
    CLOCKS_MAY_DIFFER,
    json_object,
    language,
    one_of,
    past_moment,
    plausible_day,
    truth,
)
from privacy.subjects.reading import NOT_TEXT, StatementInvalid, read_fields, read_subject

EVIDENCE_BYTES = 4096
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,60}")
_LARGEST_VERSION = 2**31 - 1
_NO_VERSION = 0
"""Words are numbered from 1, so none are found by it."""
_LONGEST_SIGNED = 1000
_NO_OBJECT = gettext_lazy("Send a JSON object for each decision.")


def read_statement(data: Any) -> Statement:
    """A statement from parsed JSON.

    Raises:
        StatementInvalid: with all fields at fault.
    """
    values = read_fields(data, _FIELDS_OF_A_NO if _is_no(data) else _FIELDS, no_object=_NO_OBJECT)
    _leave_unreadable_out(values)
    if "shown" in values:
        _bind_to_shown(values)
    kind, identifier = values.pop("subject")
    return Statement(kind=kind, identifier=identifier, **values)


def _leave_unreadable_out(values: dict[str, Any]) -> None:
    """A no that names words, notice or language in a way that nobody can read names none: it is taken without words."""
    unreadable = [name for name in _NAMES_OF_TERMS if name in values and values[name] is None]
    for name in unreadable:
        del values[name]
    if unreadable:
        values["wording_version"] = _NO_VERSION


def _bind_to_shown(values: dict[str, Any]) -> None:
    """What was shown says language and versions; whoever states them too has to state the same.

    To withdraw nothing needs to have been shown, and to refuse nothing that anybody can prove.

    Raises:
        StatementInvalid: with all fields of a consent that say something else.
    """
    shown: ShownTerms | None = values["shown"]
    if shown is None:
        values.pop("wording_version", None), values.pop("notice_version", None)
    if values["decision"] == Decision.WITHDRAWN:
        del values["shown"]
        if shown is None:
            values["wording_version"] = _NO_VERSION
        return
    is_too_early = shown is not None and _is_before(values, shown)
    if is_too_early and values["decision"] == Decision.GIVEN:
        message = _("The person cannot have decided before they were shown this. Send when it was, or leave it out.")
        raise StatementInvalid({"occurred_at": [message]})
    if shown is None:
        del values["shown"]
        values["is_unproved"] = True
        return
    if is_too_early:
        values["is_unproved"] = True
    names = ("purpose", *_NAMES_OF_TERMS)
    others = [name for name in names if values.get(name, getattr(shown, name)) != getattr(shown, name)]
    if others and values["decision"] != Decision.GIVEN:
        del values["shown"]
        values["is_unproved"] = True
        return
    if others:
        message = _("This is not what was shown. Send the same, or leave it out.")
        raise StatementInvalid({name: [message] for name in others})
    values["language"] = shown.language
    # the newest words and the notice in force are read, and compared with what was shown
    values.pop("wording_version", None), values.pop("notice_version", None)


def _is_no(data: Any) -> bool:
    return isinstance(data, dict) and data.get("decision") in (Decision.REFUSED, Decision.WITHDRAWN)


def _is_before(values: dict[str, Any], shown: ShownTerms) -> bool:
    """Whether the person is said to have decided before they were shown it."""
    return "occurred_at" in values and values["occurred_at"] < shown.at - CLOCKS_MAY_DIFFER


def read_terms_asked_for(data: dict[str, Any]) -> dict[str, str]:
    """Purpose and language for which somebody asks what to show.

    Raises:
        StatementInvalid: with all fields at fault.
    """
    return read_fields(data, _ASKED_FOR, no_object=_NO_OBJECT)


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


def _shown(value: Any) -> ShownTerms:
    message = _("Send `shown` as it was in the answer to a call for the terms, unchanged.")
    if not isinstance(value, str) or len(value) > _LONGEST_SIGNED:
        raise ValueError(message)
    try:
        return read_signed(value)
    except ShownForged:
        raise ValueError(message) from None


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """With a no: None where it is nothing that can be read, or was not signed here."""

    def read_or_not(value: Any) -> Any:
        try:
            return read(value)
        except ValueError:
            return None

    return read_or_not


_ASKED_FOR: dict[str, tuple[Callable[[Any], Any], bool]] = {"purpose": (_purpose, True), "language": (language, False)}
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
    "birth_date": (plausible_day, False),
    "is_of_age": (truth, False),
    "shown": (_shown, False),
}
_NAMES_OF_TERMS = ("language", "wording_version", "notice_version")
_FIELDS_OF_A_NO = _FIELDS | {
    name: (_or_none(_FIELDS[name][0]), False) for name in ("shown", *_NAMES_OF_TERMS)
}  # fmt: skip
"""A no is taken whatever comes as `shown`, and whatever it says of words, notice and language."""
