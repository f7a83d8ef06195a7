"""Letters that were written before the portal knew to whom."""

from privacy.letters.models import Letter
from privacy.subjects.crypto import keyed_index
from privacy.subjects.identifiers import IdentifierKind, normalise
from privacy.subjects.models import Subject


def claim_letters(*, subject: Subject, address: str) -> int:
    """Give a person the letters that were written to their address before the portal knew them. How many.

    Raises:
        IdentifierInvalid: it is no mail address.
    """
    index = keyed_index(IdentifierKind.EMAIL, normalise(IdentifierKind.EMAIL, address))
    theirs = Letter.objects.filter(subject__isnull=True, address_index=index)
    return theirs.update(subject=subject, address_index=None)
