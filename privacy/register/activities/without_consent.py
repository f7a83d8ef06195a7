"""Processing without consent: entered by one officer, approved by another, looked at again, ended.

Danger: one person decides alone that nobody is asked, and it goes on for ever because nobody remembers.
Rule: two people (`privacy.officers.four_eyes`), one of six grounds with its provision, and a review within a year, of
which the officers are told. Source: PIPEDA s. 7; the policy's six cases (B3.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.officers.four_eyes import OnePerson, might_be_one
from privacy.officers.models import Officer
from privacy.register.activities.errors import ProcessingInvalid, ProcessingRefused, ReviewInvalid
from privacy.register.activities.listening import tell
from privacy.register.activities.models import ProcessingWithoutConsent, Standing
from privacy.register.activities.reviews import check_review
from privacy.register.activities.selectors import consent_reviews_due
from privacy.register.categories import DISCLOSABLE
from privacy.register.models import GroundWithoutConsent, Purpose
from privacy.register.selectors import local_date, local_midnight

REVIEW_JOB = "activities.review_due"
_MAY_ENTER = "activities.add_processingwithoutconsent"
_MAY_APPROVE = "activities.approve_processingwithoutconsent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is done without consent.

    Args:
        ground: a `GroundWithoutConsent`.
        authority: the provision, order or file on which it rests; names nobody.
        what: what is done; kept encrypted.
        about_whom: a group of people.
        categories: kinds of data (`DataCategory`).
        begins_on: its first day.
        review_on: when it is looked at again, within a year.
        purpose: what for, if it belongs to a purpose of the register.
    """

    ground: str
    authority: str
    what: str
    about_whom: str
    categories: Sequence[str]
    begins_on: date
    review_on: date
    purpose: Purpose | None = None


@transaction.atomic
def enter_processing(*, statement: Statement, officer: Officer) -> ProcessingWithoutConsent:
    """Enter what is to be done without consent; it waits for a second officer.

    Raises:
        ProcessingRefused: the officer may not.
        ProcessingInvalid: the statement does not say on what it rests, what it is about, or when it is reviewed.
    """
    if not officer.has_perm(_MAY_ENTER):
        raise ProcessingRefused(_("Your role does not include this register. A Privacy Officer can enter it."))
    _check(statement)
    entered = ProcessingWithoutConsent.objects.create(
        ground=statement.ground, authority=statement.authority.strip(), what=statement.what.strip(),
        about_whom=statement.about_whom.strip(), categories=list(statement.categories), purpose=statement.purpose,
        begins_on=statement.begins_on, review_on=statement.review_on, entered_by=officer,
    )  # fmt: skip
    data = _ledger_data(entered) | {
        "categories": list(entered.categories),
        "purpose": statement.purpose.code if statement.purpose else "",
        "begins_on": entered.begins_on.isoformat(),
        "review_on": entered.review_on.isoformat(),
    }
    record(action="processing_without_consent.entered", actor=Actor.officer(officer), target=entered, data=data)
    return entered


@transaction.atomic
def approve_processing(*, processing: ProcessingWithoutConsent, officer: Officer) -> ProcessingWithoutConsent:
    """Approve what another officer entered.

    Raises:
        ProcessingRefused: the officer may not, might be who entered it, or it is decided already.
    """
    locked = _awaiting(processing, officer)
    locked.standing, locked.decided_by, locked.decided_at = Standing.APPROVED, officer, timezone.now()
    locked.save(update_fields=["standing", "decided_by", "decided_at"])
    record(
        action="processing_without_consent.approved",
        actor=Actor.officer(officer),
        target=locked,
        data=_ledger_data(locked),
    )
    _ask_for_review(locked)
    return locked


@transaction.atomic
def decline_processing(
    *, processing: ProcessingWithoutConsent, reason: str, officer: Officer
) -> ProcessingWithoutConsent:
    """Say no to what another officer entered.

    Raises:
        ProcessingRefused: the officer may not, might be who entered it, it is decided already, or there is no reason.
    """
    locked = _awaiting(processing, officer)
    _check_reason(reason)
    now = timezone.now()
    locked.standing, locked.decided_by, locked.decided_at = Standing.DECLINED, officer, now
    locked.ended_on, locked.end_reason = local_date(now), reason.strip()
    locked.save(update_fields=["standing", "decided_by", "decided_at", "ended_on", "end_reason"])
    record(
        action="processing_without_consent.declined",
        actor=Actor.officer(officer),
        target=locked,
        data=_ledger_data(locked),
    )
    return locked


@transaction.atomic
def review_processing(
    *, processing: ProcessingWithoutConsent, review_on: date, officer: Officer
) -> ProcessingWithoutConsent:
    """Write down that it is still needed, until the next review.

    Raises:
        ProcessingRefused: the officer may not, or it is not approved or over.
        ReviewInvalid: the next review is not a day to come within a year.
    """
    locked = _approved(processing, officer)
    check_review(review_on)
    locked.reviewed_on, locked.review_on = local_date(timezone.now()), review_on
    locked.save(update_fields=["reviewed_on", "review_on"])
    data = _ledger_data(locked) | {"review_on": review_on.isoformat()}
    record(action="processing_without_consent.reviewed", actor=Actor.officer(officer), target=locked, data=data)
    _ask_for_review(locked)
    return locked


@transaction.atomic
def end_processing(
    *, processing: ProcessingWithoutConsent, ended_on: date, reason: str, officer: Officer
) -> ProcessingWithoutConsent:
    """Write down that it is over.

    Args:
        ended_on: its last day, today at the latest.
        reason: why; kept encrypted.

    Raises:
        ProcessingRefused: the officer may not, it is not approved or over, the day cannot be, or there is no reason.
    """
    locked = _approved(processing, officer)
    _check_reason(reason)
    if not locked.begins_on <= ended_on <= local_date(timezone.now()):
        raise ProcessingRefused(_("Its last day lies between its first day and today."))
    locked.standing, locked.ended_on, locked.end_reason = Standing.ENDED, ended_on, reason.strip()
    locked.save(update_fields=["standing", "ended_on", "end_reason"])
    data = _ledger_data(locked) | {"ended_on": ended_on.isoformat()}
    record(action="processing_without_consent.ended", actor=Actor.officer(officer), target=locked, data=data)
    return locked


@transaction.atomic
def tell_of_review(*, processing_id: UUID, review_on: str) -> None:
    """Have the officers told, once for each entry and review date, that it has come. May be repeated."""
    due = consent_reviews_due(local_date(timezone.now())).filter(pk=processing_id, review_on=review_on)
    locked = due.select_for_update(of=("self",)).first()
    data = {"review_on": review_on}
    action = "processing_without_consent.review_due"
    if locked is None or LedgerEntry.objects.filter(action=action, object_id=str(locked.pk), data=data).exists():
        return
    record(action=action, actor=SYSTEM, target=locked, data=data)
    tell(locked)


def why_not_approve(processing: ProcessingWithoutConsent, officer: Officer) -> str:
    """Why this officer cannot be the second one; empty when they can."""
    match might_be_one(processing.entered_by, officer, since=processing.entered_at):
        case OnePerson.SAME:
            return _("You entered it, so another officer has to decide.")
        case OnePerson.TEMPORARY_PASSWORD | OnePerson.HANDED_OVER:
            return _(
                "Since it was entered, one of you was given an account or a temporary password by the other, so one "
                "person could be both. Ask a third officer."
            )
    return ""


def _ask_for_review(processing: ProcessingWithoutConsent) -> None:
    slot = f"{processing.pk}/{processing.review_on.isoformat()}"
    enqueue(kind=REVIEW_JOB, slot=slot, due_at=local_midnight(processing.review_on))


def _awaiting(processing: ProcessingWithoutConsent, officer: Officer) -> ProcessingWithoutConsent:
    if not officer.has_perm(_MAY_APPROVE):
        raise ProcessingRefused(_("Your role does not include deciding about processing without consent."))
    locked = _locked(processing)
    if locked.standing != Standing.AWAITING:
        raise ProcessingRefused(_("It is decided already."))
    if why_not := why_not_approve(locked, officer):
        raise ProcessingRefused(why_not)
    return locked


def _approved(processing: ProcessingWithoutConsent, officer: Officer) -> ProcessingWithoutConsent:
    if not officer.has_perm(_MAY_ENTER):
        raise ProcessingRefused(_("Your role does not include this register."))
    locked = _locked(processing)
    if locked.standing != Standing.APPROVED:
        raise ProcessingRefused(_("It is not approved, or over already."))
    return locked


def _locked(processing: ProcessingWithoutConsent) -> ProcessingWithoutConsent:
    rows = ProcessingWithoutConsent.objects.select_for_update(of=("self",)).select_related("entered_by")
    return rows.get(pk=processing.pk)


def _ledger_data(processing: ProcessingWithoutConsent) -> dict[str, object]:
    return {"ground": str(processing.ground)}


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ProcessingRefused(_("Say why; the reason is kept with it."))


def _check(statement: Statement) -> None:
    if statement.ground not in GroundWithoutConsent.values:
        raise ProcessingInvalid("ground", _("Choose one of the six grounds."))
    for field in ("authority", "what", "about_whom"):
        if not getattr(statement, field).strip():
            raise ProcessingInvalid(field, _("Fill this in: without it nobody can judge the entry."))
    if not statement.categories or set(statement.categories) - {str(each) for each in DISCLOSABLE}:
        raise ProcessingInvalid("categories", _("Choose at least one kind of data from the list."))
    if statement.purpose is not None and statement.purpose.is_prohibited:
        raise ProcessingInvalid("purpose", _("The policy promises never to do this, on whatever ground."))
    try:
        check_review(statement.review_on)
    except ReviewInvalid as error:
        raise ProcessingInvalid("review_on", str(error)) from None
    if statement.review_on <= statement.begins_on:
        raise ProcessingInvalid("review_on", _("The review comes after the first day."))
