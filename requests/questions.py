"""Which questions the portal's form asks, by kind of request, as data. One question is one page.

No question is asked whose answer changes nothing: a question about data handling needs no residence, and only an
erasure needs to know whether it is about a minor (whose data goes first, and without days to think it over).
"""

from collections.abc import Mapping
from typing import Any

from requests.enums import RequestKind as K

FIRST = "kind"
_WHO = ("behalf", "representative", "residence", "name", "email")

ASKED: dict[K, tuple[str, ...]] = {
    K.ACCESS: (*_WHO, "scope", "details"),
    K.PORTABILITY: (*_WHO, "scope", "details"),
    K.RECTIFICATION: (*_WHO, "changes", "details"),
    K.ERASURE: (*_WHO, "minor", "details", "irreversible"),
    K.OBJECTION: (*_WHO, "purposes", "details"),
    K.RESTRICTION: (*_WHO, "purposes", "details"),
    K.RECONSIDERATION: (*_WHO, "decision", "details"),
    K.QUESTION: ("name", "email", "question"),
    K.COMPLAINT: ("about", *_WHO, "wrong"),
}

ONLY_IF: dict[str, tuple[str, str]] = {"representative": ("behalf", "other")}
"""A question that is asked only after a certain answer: to which question, and which."""


def questions_after(said: Mapping[str, Any]) -> tuple[str, ...]:
    """Every question of the form, in order, given what was answered so far.

    Args:
        said: answers by field.
    """
    kind = said.get(FIRST)
    if kind not in ASKED:
        return (FIRST,)
    return (FIRST, *(code for code in ASKED[K(kind)] if _is_asked(code, said)))


def _is_asked(code: str, said: Mapping[str, Any]) -> bool:
    field, answer = ONLY_IF.get(code, ("", ""))
    return not field or said.get(field) == answer
