"""The particulars of letters about a decision."""

from collections.abc import Sequence
from typing import Any

from requests.deciding.grounds import law_can_silence
from requests.deciding.telling import told
from requests.models import CategoryDecision, SubjectRequest


def partly_granted(case: SubjectRequest, lines: Sequence[CategoryDecision]) -> dict[str, Any]:
    """Of the letter that grants a part."""
    words = told(lines, language=case.language)
    return {
        "granted": list(words.granted),
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
