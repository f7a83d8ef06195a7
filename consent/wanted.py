"""Whether a person still takes a letter that is marketing, when its turn to be sent comes.

Registered with `privacy.letters.addressing`, and asked by the worker that is about to send.
"""

from django.utils import timezone

from consent.models import CampaignState, CurrentConsent, Decision, OptOutNotice, OptOutOutcome
from consent.silence import why_silence_is_no_consent
from privacy.letters.models import Letter
from privacy.register.models import LawfulBasis, Purpose
from privacy.register.restrictions.selectors import is_restricted
from privacy.subjects.models import Subject

OPT_OUT, ENDING = "consent_opt_out", "consent_ending"


def is_wanted(letter: Letter) -> bool:
    """Whether the person has neither said no to the purpose of a letter nor decided about it since it was written."""
    purpose = Purpose.objects.filter(code=letter.unsubscribe_from).first()
    subject = letter.subject
    if purpose is None or purpose.is_prohibited or subject is None or is_restricted(subject, purpose):
        return False
    if letter.kind == OPT_OUT:
        can_be_silent = why_silence_is_no_consent(purpose) is None
        return (
            can_be_silent
            and _is_open(letter)
            and not CurrentConsent.objects.filter(subject=subject, purpose=purpose).exists()
        )
    if purpose.lawful_basis != LawfulBasis.CONSENT:
        # nobody can agree again; and a no from when it rested on consent is a no still
        return letter.kind != ENDING and not _said_no(subject, purpose)
    return _stands(letter, subject, purpose)


def _said_no(subject: Subject, purpose: Purpose) -> bool:
    noes = [Decision.REFUSED, Decision.WITHDRAWN]
    return CurrentConsent.objects.filter(subject=subject, purpose=purpose, decision__in=noes).exists()


def _is_open(letter: Letter) -> bool:
    """Whether the campaign goes on, and has not written the person off."""
    notices = OptOutNotice.objects.filter(letter_id=letter.pk, outcome=OptOutOutcome.OPEN)
    return notices.exclude(campaign__state=CampaignState.STOPPED).exists()


def _stands(letter: Letter, subject: Subject, purpose: Purpose) -> bool:
    """Whether the consent of which the letter was written still holds; who agreed again since need not be asked."""
    current = CurrentConsent.objects.filter(subject=subject, purpose=purpose).first()
    if current is None or current.standing(timezone.now()) != Decision.GIVEN:
        return False
    return current.since <= letter.created_at
