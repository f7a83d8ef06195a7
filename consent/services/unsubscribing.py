"""Ending what a mail belongs to, by one click in it."""

from django.db import transaction

from consent.errors import ConsentRefused
from consent.models import CurrentConsent, Decision
from consent.services.capture import withdraw
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.models import Letter
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.restrictions.enums import RestrictionKind
from privacy.register.restrictions.services import place_restriction


@transaction.atomic
def unsubscribe(*, letter: Letter) -> Purpose | None:
    """Have the purpose of a letter ended for its person: consent is withdrawn, what rests on other grounds objected to.

    Clicked twice, it is ended once.

    Returns:
        The purpose; None when the portal knows neither the person nor the purpose any more.
    """
    purpose = Purpose.objects.filter(code=letter.unsubscribe_from).first()
    if letter.subject is None or purpose is None:
        return None
    actor = Actor.subject(letter.subject)
    if not _withdrawn(letter, purpose, actor):
        place_restriction(subject=letter.subject, kind=RestrictionKind.MARKETING, purpose=purpose, actor=actor)
    record(action="consent.unsubscribed", actor=actor, target=letter, data={"purpose": purpose.code})
    return purpose


def _withdrawn(letter: Letter, purpose: Purpose, actor: Actor) -> bool:
    """Whether that is all there is to do. A consent from when the purpose rested on one is taken back as well."""
    assert letter.subject is not None
    by_consent = purpose.lawful_basis == LawfulBasis.CONSENT
    given = CurrentConsent.objects.filter(subject=letter.subject, purpose=purpose, decision=Decision.GIVEN)
    if not by_consent and not given.exists():
        return False
    try:
        withdraw(subject=letter.subject, purpose=purpose, actor=actor, language=letter.language)
    except ConsentRefused:  # the register bars it; mails end all the same
        return False
    return by_consent
