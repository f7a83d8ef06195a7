"""What was written to the person, and what waits to be sent."""

from typing import Any

from privacy.letters.admin.letters import LEVELS
from privacy.letters.models import Letter, LetterState
from requests.admin.cards.shape import Card
from requests.models import SubjectRequest


def _letters(case: SubjectRequest, _officer: object) -> dict[str, Any] | None:
    letters = list(Letter.objects.filter(case_id=case.pk).defer("secret", "pdf"))
    if not letters:
        return None
    waiting = sum(each.state in (LetterState.DRAFT, LetterState.FAILED) for each in letters)
    return {"rows": [(each, LEVELS[LetterState(each.state)]) for each in letters], "waiting": waiting}


CARDS = (Card("letters", "letters", "officer/requests/cards/letters.html", _letters),)
