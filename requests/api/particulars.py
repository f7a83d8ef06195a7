"""Checking what a caller sends as answers to the questions of a kind.

Danger: a purpose that was mistyped is left out, and an officer reads that all of them are meant.
Rule: what the portal's form asks is taken in the form's shape alone, and only for the kind of which it is asked. Other
names are kept with the case as they are.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from privacy.register.models import LawfulBasis, Purpose
from privacy.subjects.field_readers import text
from privacy.subjects.reading import StatementInvalid
from requests.enums import RequestKind as K
from requests.purposes import choosable_purposes
from requests.question_forms.changes import LONGEST_VALUE, MOST_CHANGES
from requests.services.intake import LONGEST_DETAILS


def check_particulars(kind: str, given: Mapping[str, Any] | None) -> None:
    """Raise StatementInvalid with every name at fault, as `particulars.<name>`."""
    errors = {}
    for name, value in (given or {}).items():
        kinds, check = _KNOWN.get(name, (None, None))
        if kinds is None or check is None:
            continue
        try:
            if kind not in kinds:
                raise ValueError(_("Only these kinds of request have it: %s.") % ", ".join(kinds))
            check(kind, value)
        except ValueError as error:
            errors[f"particulars.{name}"] = [str(error)]
    if errors:
        raise StatementInvalid(errors)


def _text(_kind: str, value: Any) -> None:
    text(LONGEST_DETAILS)(value)


def _changes(_kind: str, value: Any) -> None:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_CHANGES or not all(map(_is_change, value)):
        message = _(
            "Send a list of 1 to %(most)d objects with what, new and, where something is wrong now, old: texts of "
            "%(longest)d characters at most."
        )
        raise ValueError(message % {"most": MOST_CHANGES, "longest": LONGEST_VALUE})


def _is_change(value: Any) -> bool:
    if not isinstance(value, dict) or not value.keys() <= {"what", "old", "new"}:
        return False
    parts = (value.get("what"), value.get("new"), value.get("old") or "")
    if not all(isinstance(part, str) and len(part) <= LONGEST_VALUE for part in parts):
        return False
    return bool(value["what"].strip() and value["new"].strip())


def _purposes(kind: str, value: Any) -> None:
    """None named means all of them, as in the form."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(_("Send a list of codes of purposes; an empty one means all of them."))
    if not set(value) <= _codes(kind):
        raise ValueError(
            _("Name purposes by their codes in the register, only those that such a request can be about.")
        )


def _codes(kind: str) -> set[str]:
    if kind == K.CONSENT_WITHDRAWAL:
        by_consent = Q(is_prohibited=False, lawful_basis=LawfulBasis.CONSENT)
        was_asked = Q(wordings__isnull=False)  # it can be taken back, whatever the purpose rests on by now
        return set(Purpose.objects.filter(by_consent | was_asked).values_list("code", flat=True))
    return {each.code for each in choosable_purposes(kind)}


_KNOWN: dict[str, tuple[tuple[str, ...], Callable[[str, Any], None]]] = {
    "scope": ((K.ACCESS, K.PORTABILITY), _text),
    "changes": ((K.RECTIFICATION,), _changes),
    "purposes": ((K.OBJECTION, K.RESTRICTION, K.CONSENT_WITHDRAWAL), _purposes),
    "decision": ((K.RECONSIDERATION,), _text),
    "about_reference": ((K.COMPLAINT,), _text),
}
