"""The particulars of letters about a decision."""

from collections.abc import Sequence
from typing import Any

from requests.deciding.grounds import law_can_silence
from requests.deciding.telling import tellable, told
from requests.enums import RequestKind
from requests.fulfilment.portability.promising import all_go_along, lines_going_along
from requests.models import CategoryDecision, SubjectRequest


def partly_granted(case: SubjectRequest, lines: Sequence[CategoryDecision]) -> dict[str, Any]:
    """Of the letter that grants a part."""
    words = told(lines, language=case.language)
    is_portable = case.kind == RequestKind.PORTABILITY
    given = told(lines_going_along(lines), language=case.language) if is_portable else words
    return {
        "granted": list(given.granted),
        "stays": is_portable and not all_go_along(tellable(lines)),
        "severed": [
            {"what": each.what, "words": each.words, "section": each.section, "reasons": each.reasons}
            for each in words.left_out
        ],
        "alternatives": list(words.alternatives),
        "unasked": list(words.unasked),
        "law_note": law_can_silence(case),
    }


def granted(case: SubjectRequest, lines: Sequence[CategoryDecision]) -> dict[str, Any]:
    """Of the letter that grants all that was asked for."""
    return {"unasked": list(told(lines, language=case.language).unasked), "law_note": law_can_silence(case)}


def refused(case: SubjectRequest, lines: Sequence[CategoryDecision]) -> dict[str, Any]:
    """Of the letter that refuses everything."""
    words = told(lines, language=case.language)
    return {
        "grounds": words.grounds,
        "reasons": words.reasons,
        "alternatives": list(words.alternatives),
        "law_note": law_can_silence(case),
    }
