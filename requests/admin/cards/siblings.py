"""What else the same person asks for, and what may be the same request under another address."""

from typing import Any

from privacy.officers.models import Officer
from requests.admin.cards.shape import Card
from requests.admin.presenting import kind_word
from requests.models import SubjectRequest
from requests.selectors import alike, other_cases


def _siblings(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    others, similar = list(other_cases(case, officer)), alike(case, officer)
    if not others and not similar:
        return None
    return {"others": _rows(others, case), "similar": _rows(similar, case)}


def _rows(cases: list[SubjectRequest], case: SubjectRequest) -> list[dict[str, Any]]:
    return [
        {
            "pk": each.pk,
            "reference": each.reference,
            "kind": kind_word(each),
            "stage": each.get_state_display(),
            "received_on": each.received_on,
            "is_duplicate": each.kind == case.kind and each.closed_at is None and case.closed_at is None,
        }
        for each in cases
    ]


CARDS = (Card("siblings", "case", "officer/requests/cards/siblings.html", _siblings, aside=True),)
