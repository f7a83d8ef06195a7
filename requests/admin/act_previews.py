"""The letter of an act as it will be: the act is done in a transaction, its letter kept, and all of it undone.

What the officer sees is what the act itself wrote, by its own checks, and nothing leaves: work is queued in the same
transaction, and mail goes out by that work alone.
"""

from typing import Any

from django.db import transaction

from privacy.letters.models import Letter
from privacy.officers.models import Officer
from requests.admin.acts.shape import Act
from requests.models import SubjectRequest


class _Undo(Exception):
    """Ends the transaction without a trace."""


def letter_of_act(act: Act, case: SubjectRequest, officer: Officer, given: dict[str, Any]) -> Letter:
    """The letter that an act would write now.

    Args:
        given: the answers of its form.

    Raises:
        CaseError: the act is refused; the message says why.
    """
    assert act.submit is not None
    letter: Letter | None = None
    try:
        with transaction.atomic():
            act.submit(case, officer, given)
            letter = Letter.objects.filter(case_id=case.pk, kind=f"case_{act.letter}").latest("created_at")
            raise _Undo
    except _Undo:
        pass
    assert letter is not None
    case.refresh_from_db()
    return letter
