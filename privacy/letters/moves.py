"""The one door through which a letter changes its state: a conditional statement, so that two can never both do it."""

from typing import Any

from django.db.models import QuerySet

from privacy.letters.models import Letter, LetterState
from privacy.letters.transitions import ALLOWED


def move_letter(letters: QuerySet[Letter], *, come_from: LetterState, to: LetterState, **changes: Any) -> bool:
    """Move the letter that a query names, and change what goes with it. False when somebody was quicker.

    Raises:
        ValueError: no such transition exists.
    """
    if to not in ALLOWED[come_from]:
        raise ValueError(f"a letter does not go from {come_from} to {to}")
    return bool(letters.filter(state=come_from).update(state=to, **changes))
