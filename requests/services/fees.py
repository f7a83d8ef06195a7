"""A fee: told before any work that costs money, and the person says whether to go on.

PIPEDA s. 8(6): the approximate cost was told, and the person said that the request is not withdrawn. Alberta PIPA: a
written estimate, the clock stands until it is accepted, and silence is a withdrawal after thirty days.

Danger: a person pays for what the law gives them free, or their request ends because a mail went astray.
Rule: every law of the case has to allow a fee; a request lapses only where every law says so, by a job that asks again.
"""

import uuid
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.jobs.services import enqueue
from privacy.law.enums import Cause
from privacy.law.events import WaitBegan
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.selectors import local_date, profile
from privacy.subjects.models import LinkPurpose
from requests.enums import Outcome, RequestState
from requests.errors import FeeChanged, FeeRefused
from requests.fee_rules import fee_terms, lapses_on
from requests.letters import write_case_letter
from requests.models import FeeEstimate, FeeState, SubjectRequest
from requests.services.asking_back import end_wait
from requests.services.clock_events import add_clock_event, latest_event_on
from requests.services.closing import withdraw_request
from requests.services.locks import unlock_data
from requests.services.moves import check_may_handle, expect, locked, move
from requests.waiting import effect_of_waiting

LAPSE_FEE_JOB = "requests.lapse_fee"
_BEFORE_WORK = (RequestState.RECEIVED, RequestState.PLANNING, RequestState.DECIDING)
LONGEST_WORK = 2_000


@transaction.atomic
def estimate_fee(
    *,
    case: SubjectRequest,
    officer: Officer,
    amount: Decimal,
    currency: str,
    work: str,
    deposit: Decimal | None = None,
    is_excessive: bool = False,
) -> FeeEstimate:
    """Tell the person what the request would cost, and wait for their answer.

    Args:
        amount: estimated cost, with two decimals.
        currency: three letters.
        work: what it is for, told to the person.
        deposit: to be paid before work begins.
        is_excessive: the officer declares the request manifestly unfounded or excessive.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: the work is done already, or the case is closed.
        FeeRefused: a law of the case allows no such fee; the message says which and why.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, *_BEFORE_WORK)
    amount, deposit = _in_cents(amount), _in_cents(deposit) if deposit is not None else None
    _check(case, amount, currency, work, deposit, is_excessive)
    today, actor = local_date(timezone.now()), Actor.officer(officer)
    last_day = lapses_on(case, today)
    estimate = FeeEstimate.objects.create(
        case=case, amount=amount, deposit=deposit, currency=currency.upper(), work=work.strip(), estimated_on=today,
        lapses_on=last_day, estimated_by=officer,
    )  # fmt: skip
    record(
        action="subject_request.fee_estimated", actor=actor, target=case,
        data={"amount": str(amount), "currency": estimate.currency, "lapses": str(last_day or "")},
    )  # fmt: skip
    letter = write_case_letter(
        kind="fee_estimate", case=case, actor=actor, link=LinkPurpose.TRACK, amount=estimate.amount,
        currency=estimate.currency, work=estimate.work, deposit=deposit, until=last_day,
        waiting=effect_of_waiting(case, Cause.FEE),
    )  # fmt: skip
    if letter is None:
        raise FeeRefused(_("There is no e-mail address of the person, so they cannot be asked here. Ask them by post."))
    add_clock_event(case=case, event=WaitBegan(max(today, latest_event_on(case)), Cause.FEE), actor=actor)
    if last_day is not None:
        midnight = datetime.combine(last_day + timedelta(days=1), time.min, ZoneInfo(profile().time_zone))
        enqueue(kind=LAPSE_FEE_JOB, slot=f"{case.pk}/{estimate.pk}", due_at=midnight)
    return estimate


@transaction.atomic
def accept_fee(*, case: SubjectRequest, actor: Actor, estimate_id: int) -> SubjectRequest:
    """The person wants to go on. With a deposit the clock stands until it is there.

    Args:
        estimate_id: the estimate that they read; a yes to one amount is none to another.

    Raises:
        FeeChanged: another estimate waits by now.
        FeeRefused: nothing was asked, it is answered already, or the case is closed.
    """
    case = locked(case)
    estimate = _answered(case, estimate_id, FeeState.ACCEPTED, actor)
    if not estimate.waits_for_deposit:
        end_wait(case=case, cause=Cause.FEE, actor=actor)
    return case


@transaction.atomic
def decline_fee(*, case: SubjectRequest, actor: Actor, estimate_id: int) -> SubjectRequest:
    """The person does not want to go on: the request is withdrawn, and they owe nothing.

    Args:
        estimate_id: the estimate that they read.

    Raises:
        FeeChanged: another estimate waits by now.
        FeeRefused: nothing was asked, it is answered already, or the case is closed.
    """
    case = locked(case)
    _answered(case, estimate_id, FeeState.DECLINED, actor)
    return withdraw_request(case=case, actor=actor)


@transaction.atomic
def change_instead(*, case: SubjectRequest, actor: Actor, estimate_id: int, details: str) -> SubjectRequest:
    """The person narrows the request instead of paying; the clock goes on, and an officer looks at it anew.

    Args:
        estimate_id: the estimate that they read.
        details: what they want instead, added to what they wrote.

    Raises:
        FeeChanged: another estimate waits by now.
        FeeRefused: nothing was asked, it is answered already, the case is closed, or nothing was written.
    """
    if not details.strip():
        raise FeeRefused(_("Write what you want instead, for example which years or which kind of data."))
    case = locked(case)
    _answered(case, estimate_id, FeeState.CHANGED, actor)
    case.details = "\n\n".join(filter(None, [case.details, details.strip()]))
    case.save(update_fields=["details"])
    end_wait(case=case, cause=Cause.FEE, actor=actor)
    return case


@transaction.atomic
def waive_fee(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """Do it without a fee after all, or without the rest of it.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: the case is closed.
        FeeRefused: there is no fee to be waived.
    """
    case = locked(case)
    check_may_handle(officer, case)
    estimate = _waiting(case) or _without_deposit(case)
    if estimate is None:
        raise FeeRefused(_("There is no fee that waits for anything."))
    _close(estimate, FeeState.WAIVED)
    actor = Actor.officer(officer)
    record(action="subject_request.fee_waived", actor=actor, target=case)
    end_wait(case=case, cause=Cause.FEE, actor=actor)
    return case


@transaction.atomic
def record_deposit(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """The deposit has come: the clock goes on.

    Raises:
        NotAllowed: the case is not this officer's.
        FeeRefused: no accepted fee waits for a deposit.
    """
    case = locked(case)
    check_may_handle(officer, case)
    estimate = _without_deposit(case)
    if estimate is None:
        raise FeeRefused(_("No deposit is expected: nothing was accepted that wants one, or it has come already."))
    estimate.deposit_received_on = local_date(timezone.now())
    estimate.save(update_fields=["deposit_received_on"])
    actor = Actor.officer(officer)
    record(action="subject_request.deposit_received", actor=actor, target=case)
    end_wait(case=case, cause=Cause.FEE, actor=actor)
    return case


@transaction.atomic
def lapse_fee(*, case_id: uuid.UUID | str, estimate_id: int) -> None:
    """Close a case whose estimate was not answered in time; does nothing to any other, or before the day is over."""
    case = locked(case_id)
    estimate = FeeEstimate.objects.filter(pk=estimate_id, case=case, answer=FeeState.ASKED).first()
    if estimate is None or case.closed_at is not None:
        return
    if estimate.lapses_on is None or local_date(timezone.now()) <= estimate.lapses_on:
        return
    _close(estimate, FeeState.LAPSED)
    move(
        case=case, to=RequestState.WITHDRAWN, action="fee_lapsed", actor=SYSTEM, outcome=Outcome.FEE_LAPSED,
        frozen_keys=None, problem="",
    )  # fmt: skip
    unlock_data(case=case, actor=SYSTEM)
    write_case_letter(
        kind="fee_lapsed", case=case, actor=SYSTEM, amount=estimate.amount, currency=estimate.currency,
        estimated_on=estimate.estimated_on,
    )  # fmt: skip


def fee_waiting(case: SubjectRequest) -> FeeEstimate | None:
    """The estimate that the person has to answer; None when there is none."""
    return _waiting(case) if case.closed_at is None else None


def _check(
    case: SubjectRequest, amount: Decimal, currency: str, work: str, deposit: Decimal | None, is_excessive: bool
) -> None:
    terms = fee_terms(case)
    if terms.free_by:
        laws = ", ".join(terms.free_by)
        raise FeeRefused(_("No fee may be asked: %(laws)s gives it free of charge.") % {"laws": laws})
    if not terms.allowed:
        laws = ", ".join(terms.forbidden_by) or _("no law of this case")
        raise FeeRefused(_("No fee may be asked: %(laws)s says nothing of one.") % {"laws": laws})
    if terms.only_excessive and not is_excessive:
        raise FeeRefused(_("The law lets you ask a fee only for manifestly unfounded or excessive requests."))
    if deposit is not None and not terms.deposit:
        raise FeeRefused(_("The law of this case knows no deposit; ask for none."))
    if amount <= 0 or (deposit is not None and not 0 < deposit <= amount):
        raise FeeRefused(_("Enter a cost above zero, and a deposit that is no more than the cost."))
    if len(currency) != 3 or not currency.isalpha():
        raise FeeRefused(_("Write the currency in three letters, for example CAD or GHS."))
    if not work.strip() or len(work) > LONGEST_WORK:
        raise FeeRefused(_("Say what the fee is for, in %(n)d characters at most.") % {"n": LONGEST_WORK})
    if _waiting(case) is not None:
        raise FeeRefused(_("The person was asked already and has not answered. Waive that estimate first."))


def _in_cents(amount: Decimal) -> Decimal:
    """As it is kept, so that the letter says what the page says."""
    return amount.quantize(Decimal("0.01"))


def _waiting(case: SubjectRequest) -> FeeEstimate | None:
    return FeeEstimate.objects.filter(case=case, answer=FeeState.ASKED).first()


def _without_deposit(case: SubjectRequest) -> FeeEstimate | None:
    accepted = FeeEstimate.objects.filter(case=case, answer=FeeState.ACCEPTED).first()
    return accepted if accepted is not None and accepted.waits_for_deposit else None


def _answered(case: SubjectRequest, estimate_id: int, answer: FeeState, actor: Actor) -> FeeEstimate:
    estimate = fee_waiting(case)
    if estimate is None:
        raise FeeRefused(_("There is no fee to answer any more. Look at where your request stands."))
    if estimate.pk != estimate_id:
        raise FeeChanged
    _close(estimate, answer)
    record(action=f"subject_request.fee_{answer.value}", actor=actor, target=case)
    return estimate


def _close(estimate: FeeEstimate, answer: FeeState) -> None:
    estimate.answer, estimate.answered_at = answer, timezone.now()
    estimate.save(update_fields=["answer", "answered_at"])
