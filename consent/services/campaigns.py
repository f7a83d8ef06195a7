"""Opt-out campaigns: people are told of a purpose, and who does not object within the period is taken to agree.

Danger: silence is taken for consent of somebody who never got the letter, who said no, or whose data is sensitive; or a
job that died tells people twice.
Rule: every person is a row, told and recorded in a transaction of their own, so a job goes on where it stopped. Who
ever decided about the purpose is left out, and whoever the letter was not sent to. Where silence can be no consent
(`consent.silence`) no campaign is begun, and one that runs is stopped. Saying no is one click, and stays so after the
period.
"""

import hashlib
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.addresses import objecting_path
from consent.errors import CampaignRefused, ConsentRefused
from consent.models import (
    CampaignState,
    ConsentRecord,
    CurrentConsent,
    Decision,
    Method,
    OptOutCampaign,
    OptOutNotice,
    OptOutOutcome,
    WhyStopped,
    Wording,
)
from consent.services.capture import lock, record_consent, withdraw
from consent.services.letters import send_receipt
from consent.silence import WORDS, why_silence_is_no_consent
from consent.terms import check_terms
from privacy.jobs.services import enqueue, requeue
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.letters.addresses import portal_url
from privacy.letters.models import Letter, LetterState
from privacy.letters.services import write_letter
from privacy.register.models import Purpose
from privacy.register.restrictions.enums import RestrictionKind
from privacy.register.restrictions.selectors import in_force_for
from privacy.register.restrictions.services import place_restriction
from privacy.register.selectors import local_date, local_midnight, profile
from privacy.subjects.identifiers import IdentifierKind, normalise
from privacy.subjects.models import Identifier, Subject
from privacy.subjects.people import Person, lock_or_add
from privacy.subjects.services import identifier_of

CAMPAIGN_JOB = "consent.campaign"
LEAST_DAYS, MOST_DAYS = 7, 365
AT_ONCE = 100
_OVER = (CampaignState.DONE, CampaignState.STOPPED)


@transaction.atomic
def begin_campaign(*, wording: Wording, period_days: int, emails: Iterable[str] | None, actor: Actor) -> OptOutCampaign:
    """Begin a campaign; a job writes the letters.

    Args:
        wording: the words that people would agree to, and are told.
        emails: who is told; None for everybody with an e-mail address who never decided about the purpose. Whom
            another campaign is asking about the purpose is left out: two letters would name two last days.

    Raises:
        ConsentRefused: the purpose takes no consent by silence, the period is too short, or nobody is left to tell.
        IdentifierInvalid: one of the addresses is none.
    """
    _check(wording, period_days)
    # one after the other for each purpose: a form that is sent twice begins one campaign
    Purpose.objects.select_for_update(no_key=True).get(pk=wording.purpose_id)
    subjects = _everybody(wording.purpose) if emails is None else _named(emails, wording.purpose)
    if not subjects:
        raise CampaignRefused(
            _("There is nobody to tell: everybody has decided already, is being asked, or has no e-mail address.")
        )
    campaign = OptOutCampaign.objects.create(purpose=wording.purpose, wording=wording, period_days=period_days)
    OptOutNotice.objects.bulk_create(
        [OptOutNotice(campaign=campaign, subject_id=key) for key in subjects], batch_size=1000
    )
    data = {"purpose": wording.purpose.code, "people": len(subjects), "days": period_days}
    record(action="consent.campaign_begun", actor=actor, target=campaign, data=data)
    enqueue(kind=CAMPAIGN_JOB, slot=f"{campaign.pk}:tell")
    return campaign


@transaction.atomic
def stop_campaign(*, campaign: OptOutCampaign, actor: Actor, why: WhyStopped | None = None) -> bool:
    """Tell nobody more and record nothing more; what was recorded stands. False when it was over already.

    Args:
        why: what in the register stands against it; None when somebody wants it so.
    """
    going_on = OptOutCampaign.objects.filter(pk=campaign.pk).exclude(state__in=_OVER)
    if not going_on.update(state=CampaignState.STOPPED, why_stopped=why or ""):
        return False
    record(action="consent.campaign_stopped", actor=actor, target=campaign, data={"why": why.value} if why else None)
    return True


def _stopped_by_the_register(campaign: OptOutCampaign) -> bool:
    """Whether silence is no consent to its purpose any more; then it is stopped."""
    why = why_silence_is_no_consent(campaign.purpose)
    if why is not None:
        stop_campaign(campaign=campaign, actor=SYSTEM, why=why)
    return why is not None


def campaign_slice(slot: str, *, now: datetime | None = None) -> bool:
    """One slice of a campaign. Returns whether all that can be done now is done."""
    moment = now or timezone.now()
    campaign = OptOutCampaign.objects.select_related("purpose", "wording").filter(pk=slot.partition(":")[0]).first()
    if campaign is None or campaign.state in _OVER or _stopped_by_the_register(campaign):
        return True
    if campaign.state == CampaignState.TELLING:
        return _tell_slice(campaign)
    return _record_slice(campaign, moment)


def resume_campaigns(*, now: datetime | None = None) -> None:
    """Have the jobs of campaigns run that should be under way, if one came too early or failed; stop those to whose
    purpose silence is no consent any more.
    """
    today = local_date(now or timezone.now())
    for campaign in OptOutCampaign.objects.exclude(state__in=_OVER).select_related("purpose"):
        _stopped_by_the_register(campaign)
    for campaign in OptOutCampaign.objects.filter(state=CampaignState.TELLING):
        requeue(kind=CAMPAIGN_JOB, slot=f"{campaign.pk}:tell")
    told = (CampaignState.WAITING, CampaignState.RECORDING)
    for campaign in OptOutCampaign.objects.filter(state__in=told, closes_on__lt=today):
        requeue(kind=CAMPAIGN_JOB, slot=f"{campaign.pk}:record")


def object_by_link(*, token: str, language: str) -> bool:
    """Somebody says no by the link of their letter, at any time. False when the link is none."""
    digest = hashlib.sha256(token.encode()).digest()
    notice = OptOutNotice.objects.select_related("subject", "campaign__purpose").filter(token_digest=digest).first()
    if notice is None:
        return False
    with transaction.atomic():
        _say_no(notice, language)
    return True


@transaction.atomic
def refuse_open_campaigns(*, subject: Subject) -> list[ConsentRecord]:
    """Have a person say no to every campaign that may yet take them to agree, whether or not they were told.

    Returns:
        What was recorded: a refusal for each purpose that they had not decided about. The caller tells them.
    """
    locked, said = lock(subject), []
    for notice in waiting_for(locked):
        OptOutNotice.objects.filter(pk=notice.pk, outcome=OptOutOutcome.OPEN).update(outcome=OptOutOutcome.OBJECTED)
        if not CurrentConsent.objects.filter(subject=locked, purpose=notice.campaign.purpose).exists():
            with suppress(ConsentRefused):  # the register changed since: there is nothing to refuse any more
                said.append(_refuse(notice, locked))
    return said


def waiting_for(subject: Subject) -> QuerySet[OptOutNotice]:
    """The campaigns that may yet take a person to agree by their silence."""
    return _open().filter(subject=subject).select_related("campaign__purpose", "campaign__wording")


def _open() -> QuerySet[OptOutNotice]:
    return OptOutNotice.objects.filter(outcome=OptOutOutcome.OPEN).exclude(campaign__state__in=_OVER)


def _refuse(notice: OptOutNotice, subject: Subject) -> ConsentRecord:
    wording = notice.campaign.wording
    return record_consent(
        subject=subject, purpose=notice.campaign.purpose, decision=Decision.REFUSED, method=Method.ELECTRONIC,
        language=wording.language, wording=wording, evidence={"campaign": str(notice.campaign_id)},
        actor=Actor.subject(subject),
    )  # fmt: skip


def _say_no(notice: OptOutNotice, language: str) -> None:
    subject, purpose = lock(notice.subject), notice.campaign.purpose
    OptOutNotice.objects.filter(pk=notice.pk, outcome=OptOutOutcome.OPEN).update(outcome=OptOutOutcome.OBJECTED)
    try:
        _take_no(notice, subject, language)
    except ConsentRefused:  # the register changed since the letter; the person is heard all the same
        place_restriction(
            subject=subject, kind=RestrictionKind.MARKETING, purpose=purpose, actor=Actor.subject(subject)
        )


def _take_no(notice: OptOutNotice, subject: Subject, language: str) -> None:
    purpose, actor = notice.campaign.purpose, Actor.subject(subject)
    current = CurrentConsent.objects.filter(subject=subject, purpose=purpose).first()
    if current is not None and current.decision == Decision.GIVEN:
        withdraw(subject=subject, purpose=purpose, actor=actor, language=language)
    elif current is None or current.decision == Decision.EXPIRED:
        send_receipt(record=_refuse(notice, subject), actor=actor)


def _check(wording: Wording, period_days: int) -> None:
    purpose = wording.purpose
    check_terms(purpose=purpose, decision=Decision.GIVEN, language=wording.language, wording=wording)
    why = why_silence_is_no_consent(purpose)
    if why is not None:
        raise CampaignRefused(str(WORDS[why]))
    if not LEAST_DAYS <= period_days <= MOST_DAYS:
        raise CampaignRefused(
            _("Give people %(least)d to %(most)d days to object.") % {"least": LEAST_DAYS, "most": MOST_DAYS}
        )


def _everybody(purpose: Purpose) -> list[UUID]:
    known = Identifier.objects.filter(kind=IdentifierKind.EMAIL, former_since__isnull=True)
    decided = CurrentConsent.objects.filter(purpose=purpose).values("subject_id")
    known = known.exclude(subject__in=decided).exclude(subject__in=_asked(purpose).values("subject_id"))
    return list(known.order_by("subject_id").values_list("subject_id", flat=True).distinct())


def _named(emails: Iterable[str], purpose: Purpose) -> list[UUID]:
    email = IdentifierKind.EMAIL
    people = [Person.known_by(email, normalise(email, each)) for each in emails]
    keys = set(lock_or_add(people).values())
    decided = CurrentConsent.objects.filter(purpose=purpose, subject__in=keys).values_list("subject_id", flat=True)
    asked = _asked(purpose).filter(subject__in=keys).values_list("subject_id", flat=True)
    return sorted(keys - set(decided) - set(asked))


def _asked(purpose: Purpose) -> QuerySet[OptOutNotice]:
    """Those whom a campaign about the purpose may yet take to agree."""
    return _open().filter(campaign__purpose=purpose)


def _tell_slice(campaign: OptOutCampaign) -> bool:
    open_ones = campaign.notices.filter(told_at__isnull=True, outcome=OptOutOutcome.OPEN)
    for key in list(open_ones.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        _tell(key)
    if open_ones.exists():
        return OptOutCampaign.objects.get(pk=campaign.pk).state != CampaignState.TELLING
    _open_period(campaign)
    return True


@transaction.atomic
def _tell(key: UUID) -> None:
    """The letter and that it was written, both or neither."""
    notice = OptOutNotice.objects.select_for_update(of=("self", "campaign")).select_related(
        "campaign__purpose", "campaign__wording", "subject"
    ).get(pk=key)  # fmt: skip
    purpose = notice.campaign.purpose
    if notice.told_at is not None or notice.campaign.state != CampaignState.TELLING or not _can_be_silent(purpose):
        return
    address = identifier_of(notice.subject, IdentifierKind.EMAIL)
    if address is None or _is_decided(notice.subject, purpose):
        notice.outcome = OptOutOutcome.LEFT_OUT
        notice.save(update_fields=["outcome"])
        return
    token = secrets.token_urlsafe(32)
    letter = write_letter(
        kind="consent_opt_out",
        subject=notice.subject,
        address=address,
        context={
            "organisation": profile(),
            "purpose": purpose,
            "words": notice.campaign.wording.text,
            "days": notice.campaign.period_days,
        },
        actor=SYSTEM,
        language=notice.campaign.wording.language,
        link=portal_url(objecting_path(token)),
        unsubscribe_from=purpose.code,
    )
    notice.token_digest, notice.told_at = hashlib.sha256(token.encode()).digest(), timezone.now()
    notice.letter_id = letter.pk
    notice.save(update_fields=["token_digest", "told_at", "letter_id"])


def _can_be_silent(purpose: Purpose) -> bool:
    return why_silence_is_no_consent(purpose) is None


def _is_decided(subject: Subject, purpose: Purpose) -> bool:
    if CurrentConsent.objects.filter(subject=subject, purpose=purpose).exists():
        return True
    return any(each.reaches(purpose) for each in in_force_for(subject))


@transaction.atomic
def _open_period(campaign: OptOutCampaign) -> None:
    """Everybody is told; the period runs for all from today on."""
    closes_on = local_date(timezone.now()) + timedelta(days=campaign.period_days)
    waiting = OptOutCampaign.objects.filter(pk=campaign.pk, state=CampaignState.TELLING)
    if waiting.update(state=CampaignState.WAITING, closes_on=closes_on):
        due_at = local_midnight(closes_on + timedelta(days=1))
        enqueue(kind=CAMPAIGN_JOB, slot=f"{campaign.pk}:record", due_at=due_at)


def _record_slice(campaign: OptOutCampaign, moment: datetime) -> bool:
    if campaign.closes_on is None or local_date(moment) <= campaign.closes_on:
        return True
    OptOutCampaign.objects.filter(pk=campaign.pk, state=CampaignState.WAITING).update(state=CampaignState.RECORDING)
    open_ones = campaign.notices.filter(outcome=OptOutOutcome.OPEN)
    for key in list(open_ones.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        _take_to_agree(key)
    if open_ones.exists():
        return OptOutCampaign.objects.get(pk=campaign.pk).state != CampaignState.RECORDING
    _finish(campaign)
    return True


@transaction.atomic
def _take_to_agree(key: UUID) -> None:
    """The person is locked first, as whoever says no locks them: one of the two comes after the other and sees it."""
    found = OptOutNotice.objects.select_related("subject", "campaign__purpose", "campaign__wording").get(pk=key)
    subject = lock(found.subject)
    notice = OptOutNotice.objects.select_for_update().get(pk=key)
    campaign = OptOutCampaign.objects.select_for_update(no_key=True).get(pk=found.campaign_id)
    if notice.outcome != OptOutOutcome.OPEN or campaign.state != CampaignState.RECORDING:
        return
    if not _can_be_silent(found.campaign.purpose):
        return  # the next slice stops the campaign
    notice.outcome = OptOutOutcome.LEFT_OUT
    if _was_sent(notice) and not _is_decided(subject, found.campaign.purpose):
        _agree(notice, found)
    notice.save(update_fields=["outcome", "record"])


def _was_sent(notice: OptOutNotice) -> bool:
    """Who never got the letter has not been silent."""
    if notice.letter_id is None:
        return False
    return Letter.objects.filter(pk=notice.letter_id, state=LetterState.SENT).exists()


def _agree(notice: OptOutNotice, found: OptOutNotice) -> None:
    assert notice.told_at is not None
    told_on, wording = local_date(notice.told_at), found.campaign.wording
    evidence = {
        "notice_sent_on": told_on.isoformat(), "period_days": found.campaign.period_days,
        "campaign": str(found.campaign_id),
    }  # fmt: skip
    try:
        with transaction.atomic():
            notice.record = record_consent(
                subject=found.subject, purpose=found.campaign.purpose, decision=Decision.GIVEN, method=Method.OPT_OUT,
                language=wording.language, wording=wording, evidence=evidence, actor=SYSTEM,
            )  # fmt: skip
    except ConsentRefused:  # the register changed since: then silence is no consent
        return
    notice.outcome = OptOutOutcome.RECORDED


@transaction.atomic
def _finish(campaign: OptOutCampaign) -> None:
    recording = OptOutCampaign.objects.filter(pk=campaign.pk, state=CampaignState.RECORDING)
    if recording.update(state=CampaignState.DONE):
        outcomes = campaign.notices.values_list("outcome", flat=True)
        counts = {each.value: sum(outcome == each for outcome in outcomes) for each in OptOutOutcome}
        record(action="consent.campaign_done", actor=SYSTEM, target=campaign, data=counts)
