"""What a decision is about: the purpose, the exact words that were shown, the notice in force. Wrong terms are refused.

Refusing guards what the organisation promises: no consent to what it promised never to do, none where the person has no
choice anyway, none without words that can be shown later (GDPR Art. 7(1); PIPEDA, schedule 1, 4.3.2). Withdrawing is
let through wherever consent may ever have been given, because it must be as easy as giving (GDPR Art. 7(3)).

Danger: somebody says no, a system names words or a notice that are none, the no is refused, and the consent stands.
Rule: a no is never refused because of words, notice or language. Where one of them does not stand, it is recorded
without words and notice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from consent.errors import (
    NoticeNotInForce,
    PurposeNotByConsent,
    PurposeProhibited,
    PurposeUnknown,
    WordingAltered,
    WordingMissing,
    WordingUnknown,
)
from consent.models import Decision, Wording
from consent.register_reading import Past, Register, read_register
from privacy.register.models import LawfulBasis, Notice, Purpose
from privacy.register.selectors import current_notice

_NOT_SHOWN = (WordingUnknown, WordingMissing, WordingAltered, NoticeNotInForce)


@dataclass(frozen=True)
class Terms:
    """Checked terms. `wording` is None only of a no: there are no such words, they were altered since, the notice named
    is not in force, or nobody can prove what was shown.
    """

    purpose: Purpose
    wording: Wording | None
    notice: Notice | None


def counts_as(purpose: Purpose | None, decision: str, *, agreed: bool) -> str:
    """By which decision terms are judged: a no to what nobody can agree to any more withdraws a consent that stands.

    Args:
        agreed: whether the person's consent to it stands.
    """
    is_closed = purpose is not None and (purpose.is_prohibited or purpose.lawful_basis != LawfulBasis.CONSENT)
    return Decision.WITHDRAWN if decision == Decision.REFUSED and agreed and is_closed else decision


def find_terms(
    *,
    purpose: str,
    decision: str,
    language: str,
    notice_version: str = "",
    wording_version: int | None = None,
    past: Past | None = None,
) -> Terms:
    """The terms that a caller names by codes.

    Args:
        purpose: code of the purpose.
        notice_version: empty takes the notice in force, if there is one.
        wording_version: None takes the newest.
        past: when it was decided, where that was before today; the notice is the one of then.

    Raises:
        ConsentRefused: the terms do not stand; the error names the field.
    """
    found = read_register(
        purpose=purpose, language=language, notice_version=notice_version, wording_version=wording_version, past=past
    )
    return judge_terms(found, decision=decision, notice_version=notice_version, wording_version=wording_version)


def judge_terms(found: Register, *, decision: str, notice_version: str, wording_version: int | None) -> Terms:
    """The same, of what the register says.

    Raises:
        ConsentRefused: the terms do not stand; the error names the field.
    """
    if found.purpose is None:
        raise PurposeUnknown(_("This purpose is not in the register. Use the code of one that is."))
    _check_purpose(found.purpose, decision, lambda: found.consent_was_asked)
    try:
        if found.wording is None and wording_version is not None:
            raise WordingUnknown(_("This purpose has no such version of words in this language. Use one that has."))
        wording = _checked_wording(found.wording)
        if notice_version and not found.notice_is_in_force:
            raise NoticeNotInForce(_("This version of the privacy notice is not in force. Use the version that is."))
    except _NOT_SHOWN:
        if decision == Decision.GIVEN:
            raise
        return Terms(found.purpose, None, None)
    return Terms(found.purpose, wording, found.notice)


def check_terms(
    *,
    purpose: Purpose,
    decision: str,
    language: str,
    notice: Notice | None = None,
    wording: Wording | None = None,
    decided_at: datetime | None = None,
    nothing_shown: bool = False,
) -> Terms:
    """Terms that are given as objects; missing words and notice are taken from what is in force.

    Args:
        decided_at: when it was decided, if that was before now: the notice is the one of that moment.
        nothing_shown: nothing is taken instead of what is missing.

    Raises:
        ConsentRefused: the terms do not stand; the error names the field.
    """
    _check_purpose(purpose, decision, lambda: Wording.objects.filter(purpose=purpose).exists())
    try:
        if nothing_shown:
            raise WordingMissing(_("Nobody consents to what they were not shown. Choose the words."))
        if wording is None:
            wording = latest_wording(purpose, language)
        elif wording.purpose_id != purpose.pk or wording.language != language:
            raise WordingUnknown(_("These words belong to another purpose or language. Use words of this one."))
        wording = _checked_wording(wording)
        if notice is None:
            notice = current_notice(language, at=decided_at) or current_notice("en", at=decided_at)
        elif notice != current_notice(notice.language, at=decided_at):
            raise NoticeNotInForce(_("This version of the privacy notice is not in force. Use the version that is."))
    except _NOT_SHOWN:
        if decision == Decision.GIVEN:
            raise
        return Terms(purpose, None, None)
    return Terms(purpose, wording, notice)


def latest_wording(purpose: Purpose, language: str) -> Wording | None:
    """The newest words for a purpose in a language."""
    return Wording.objects.filter(purpose=purpose, language=language).order_by("-version").first()


def _check_purpose(purpose: Purpose, decision: str, consent_was_asked: Callable[[], bool]) -> None:
    if purpose.lawful_basis != LawfulBasis.CONSENT and decision == Decision.WITHDRAWN and consent_was_asked():
        return  # who agreed while it rested on consent can take that back
    if purpose.is_prohibited and decision != Decision.WITHDRAWN:
        raise PurposeProhibited(_("The organisation has promised never to do this. Consent to it is not recorded."))
    if purpose.lawful_basis == LawfulBasis.LEGAL_OBLIGATION and not purpose.is_prohibited:
        raise PurposeNotByConsent(
            _("The law obliges the organisation to this. Asking for consent would mislead, so none is recorded.")
        )
    if purpose.lawful_basis != LawfulBasis.CONSENT and not purpose.is_prohibited:
        raise PurposeNotByConsent(
            _("This purpose does not rest on consent, so there is nothing to decide. Use a purpose that does.")
        )


def _checked_wording(wording: Wording | None) -> Wording:
    if wording is None:
        raise WordingMissing(
            _("This purpose has no published words in this language. Publish them first, or use a language that has.")
        )
    if not wording.is_intact:
        raise WordingAltered(
            _("The published words of this purpose were altered. Verify the ledger, and publish them as a new version.")
        )
    return wording
