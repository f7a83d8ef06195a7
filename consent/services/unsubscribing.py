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
    # the objection first, so that the letter of a withdrawal does not say that it goes on on another ground
    if purpose.lawful_basis != LawfulBasis.CONSENT or not _withdrawn(letter, purpose, actor):
        place_restriction(subject=letter.subject, kind=RestrictionKind.MARKETING, purpose=purpose, actor=actor)
    if purpose.lawful_basis != LawfulBasis.CONSENT and _has_agreed(letter, purpose):
        _withdrawn(letter, purpose, actor)
    record(action="consent.unsubscribed", actor=actor, target=letter, data={"purpose": purpose.code})
    return purpose


def _withdrawn(letter: Letter, purpose: Purpose, actor: Actor) -> bool:
    """Whether consent is withdrawn now."""
    assert letter.subject is not None
    try:
        withdraw(subject=letter.subject, purpose=purpose, actor=actor, language=letter.language)
    except ConsentRefused:  # the register bars it; mails end all the same
        return False
    return True


def _has_agreed(letter: Letter, purpose: Purpose) -> bool:
    """Whether a consent stands from when the purpose rested on one; it is taken back as well."""
    given = CurrentConsent.objects.filter(subject=letter.subject, purpose=purpose, decision=Decision.GIVEN)
    return given.exists()
