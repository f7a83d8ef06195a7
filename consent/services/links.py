"""The secret link to a person's consent preferences, asked for with nothing but an e-mail address."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from consent.addresses import preferences_path
from privacy.ledger.actors import SYSTEM
from privacy.letters.addresses import portal_url
from privacy.letters.models import Letter
from privacy.letters.services import write_letter
from privacy.register.selectors import profile
from privacy.subjects.enquiries import ask
from privacy.subjects.identifiers import IdentifierKind, normalise
from privacy.subjects.links import new_link
from privacy.subjects.models import LinkPurpose
from privacy.subjects.services import find_subject

ENQUIRY = "consent.preferences"
LETTER = "preferences_link"
LETTERS_AN_HOUR = 3


def ask_for_preferences_link(*, email: str, language: str = "en") -> None:
    """Have the link sent, if we know the person. The caller learns nothing: same work, same time, no answer.

    Raises:
        IdentifierInvalid: that is no e-mail address.
    """
    ask(ENQUIRY, {"email": normalise(IdentifierKind.EMAIL, email), "language": language})


def resolve_preferences_link(payload: dict[str, Any]) -> None:
    """Write the letter when the address is known, a few times an hour at most: strangers can ask for it too."""
    subject = find_subject(kind=IdentifierKind.EMAIL, value=payload["email"])
    if subject is None:
        return
    an_hour_ago = timezone.now() - timedelta(hours=1)
    if Letter.objects.filter(subject=subject, kind=LETTER, created_at__gt=an_hour_ago).count() >= LETTERS_AN_HOUR:
        return
    token = new_link(purpose=LinkPurpose.PREFERENCES, subject=subject)
    write_letter(
        kind=LETTER,
        subject=subject,
        address=payload["email"],
        context={"organisation": profile()},
        actor=SYSTEM,
        language=payload["language"],
        link=portal_url(preferences_path(token)),
    )
