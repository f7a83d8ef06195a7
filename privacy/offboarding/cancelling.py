"""Cancelling an organisation, and undoing it until its last day is over.

Danger: one wrong click and everything that an organisation has is on its way to be destroyed.
Rule: cancelling destroys nothing. For 30 days everything stays, can be read and taken away, and the officers are told
by letter at once and again before the end. Undoing puts everything back as it was.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from privacy.jobs.services import enqueue, pause_work, resume_work
from privacy.ledger.actors import Actor, ActorKind
from privacy.ledger.services import record
from privacy.offboarding.errors import AlreadyCancelled, CannotUndo, ReasonMissing
from privacy.offboarding.letters import tell_officers
from privacy.offboarding.models import OrganisationExport
from privacy.offboarding.storage import remove_export_files
from privacy.register.selectors import local_date, profile
from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.models import Operator, Organisation

READ_ONLY_DAYS = 30
REMIND_DAYS_BEFORE = (14, 7, 1)
REMIND_JOB = "offboarding.remind"
DESTROY_JOB = "offboarding.destroy"


def cancel_organisation(
    *, organisation: Organisation, reason: str, operator: Operator, now: datetime | None = None
) -> Organisation:
    """Make an organisation read-only for 30 days, after which it is destroyed.

    Args:
        reason: for the operators; no names of people, 200 characters at most.

    Raises:
        AlreadyCancelled: it is not active.
        ReasonMissing: no reason, or too long a one.
        ProfileMissing: nobody has said where the organisation is, so its last day has no end.
    """
    if not 0 < len(reason.strip()) <= 200:
        raise ReasonMissing
    now = now or timezone.now()
    with public_context(), transaction.atomic():
        locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if not locked.is_active:
            raise AlreadyCancelled
        with organisation_context(locked):
            locked.destroy_at = end_of_last_day(now)
        locked.state, locked.cancelled_at = Organisation.State.CANCELLED, now
        locked.cancel_reason = reason.strip()
        locked.save(update_fields=["state", "cancelled_at", "destroy_at", "cancel_reason"])
        pause_work(schema_name=locked.schema_name)
        with organisation_context(locked):
            data = {"destroy_at": locked.destroy_at.isoformat()}
            record(action="organisation.cancelled", actor=_actor(operator), data=data)
            tell_officers(kind="closing_cancelled", organisation=locked, actor=_actor(operator))
            _queue_the_end(locked)
    return locked


def undo_cancellation(*, organisation: Organisation, operator: Operator, now: datetime | None = None) -> Organisation:
    """Make a cancelled organisation active again. Suspended work goes on by itself; complete exports are deleted.

    Raises:
        CannotUndo: it is not cancelled, or the end of its last day has come.
    """
    now = now or timezone.now()
    with public_context(), transaction.atomic():
        locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if not locked.is_cancelled or locked.destroy_at is None or now >= locked.destroy_at:
            raise CannotUndo
        locked.state, locked.cancelled_at, locked.destroy_at = Organisation.State.ACTIVE, None, None
        locked.cancel_reason = ""
        locked.save(update_fields=["state", "cancelled_at", "destroy_at", "cancel_reason"])
        resume_work(schema_name=locked.schema_name)
        with organisation_context(locked):
            remove_export_files()
            OrganisationExport.objects.all().delete()
            record(action="organisation.cancellation_undone", actor=_actor(operator))
            tell_officers(kind="closing_undone", organisation=locked, actor=_actor(operator))
    return locked


def end_of_last_day(now: datetime) -> datetime:
    """The midnight, where the current organisation is, at which the 30th day after `now` is over."""
    day = local_date(now) + timedelta(days=READ_ONLY_DAYS + 1)
    return datetime.combine(day, time.min, ZoneInfo(profile().time_zone))


def mark_of(organisation: Organisation) -> str:
    """Names one cancellation, so that jobs of an earlier, undone one do nothing."""
    assert organisation.cancelled_at is not None
    return f"{organisation.cancelled_at.timestamp():.6f}"


def _queue_the_end(organisation: Organisation) -> None:
    assert organisation.destroy_at is not None
    mark = mark_of(organisation)
    for days in REMIND_DAYS_BEFORE:
        enqueue(kind=REMIND_JOB, slot=f"{mark}/{days}", due_at=organisation.destroy_at - timedelta(days=days))
    enqueue(kind=DESTROY_JOB, slot=mark, due_at=organisation.destroy_at)


def _actor(operator: Operator) -> Actor:
    return Actor(ActorKind.OPERATOR, str(operator.pk))
