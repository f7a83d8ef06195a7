"""Questions about letters."""

from django.db.models import QuerySet

from privacy.letters.kinds import Audience, kinds_to
from privacy.letters.models import Letter, LetterState


def letters_to_people(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """Of these letters, those that a person was written, so that they may be shown them again.

    A notice to a recipient is about a person and not to them: it can tell of a disclosure that a law forbids telling
    the person (PIPEDA s. 9(2.4)). A draft has told nobody anything yet, and what was
    withheld never did.
    """
    return letters.filter(kind__in=kinds_to(Audience.PERSON)).exclude(
        state__in=[LetterState.DRAFT, LetterState.WITHHELD]
    )
