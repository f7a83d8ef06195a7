"""Putting a privacy notice into force, now or on a day to come. Its words stay as they are then.

A change is a new version.

Danger: a scheduled notice counts as in force while the portal still shows the old one, and a consent is recorded under
words that nobody saw. Rule: a schedule is only a plan; a job puts the notice into force, late where workers were late,
and from that moment, not from the planned one, it is the notice.
With it is written down which purposes people are told of: every one that is in the register then and is not
prohibited. Disclosures are checked against them (`privacy.register.disclosures`).
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.register.errors import NoticeIncomplete, NoticeNotDraft, NoticeScheduled
from privacy.register.listening import tell
from privacy.register.models import Notice, NoticePurpose, Purpose
from privacy.register.selectors import local_date

NOTICE_DUE = "register.notice_due"


@transaction.atomic
def publish_notice(*, notice: Notice, actor: Actor, now: datetime | None = None) -> Notice:
    """Put a notice into force. One that is in force stays as it is.

    Args:
        now: since when it is in force; the present moment when absent, and never a later one. An earlier one is for a
            notice that people were given before it was entered here; the ledger has both.

    Raises:
        NoticeScheduled: it is scheduled for later, and the portal and the letters say so.
        NoticeIncomplete: a significant change is not described.
    """
    moment = timezone.now()
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if locked.published_at is None:
        if locked.scheduled_for is not None and locked.scheduled_for > moment:
            raise NoticeScheduled(date_format(local_date(locked.scheduled_for), "j M Y"))
        _check_told(locked)
        locked.published_at, locked.scheduled_for = min(now or moment, moment), None
        locked.digest = locked.expected_digest()
        locked.save(update_fields=["published_at", "scheduled_for", "digest"])
        told = NoticePurpose.objects.bulk_create(
            [NoticePurpose(notice=locked, purpose=each) for each in told_purposes()]
        )
        data = {
            "version": locked.version, "language": locked.language, "digest": locked.digest, "purposes": len(told),
        }  # fmt: skip
        if locked.published_at < moment:
            data["in_force_since"] = locked.published_at.isoformat()
        record(action="notice.published", actor=actor, target=locked, data=data)
    return locked


@transaction.atomic
def schedule_notice(*, notice: Notice, begins: datetime, actor: Actor) -> Notice:
    """Have a notice put into force at a moment to come; until then it is not edited any more.

    Raises:
        NoticeNotDraft: it is scheduled or in force already.
        NoticeIncomplete: the moment is not to come, or a significant change is not described.
    """
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if not locked.is_draft:
        raise NoticeNotDraft
    if begins <= timezone.now():
        raise NoticeIncomplete(_("Give a day that is yet to come, or put the notice into force now."))
    _check_told(locked)
    locked.scheduled_for = begins
    locked.save(update_fields=["scheduled_for"])
    data = {"version": locked.version, "for": begins.isoformat(), "significant": locked.is_significant}
    record(action="notice.scheduled", actor=actor, target=locked, data=data)
    enqueue(kind=NOTICE_DUE, slot=f"{locked.pk}:{begins.isoformat()}", due_at=begins)
    return locked


@transaction.atomic
def unschedule_notice(*, notice: Notice, actor: Actor) -> Notice:
    """Make a draft again of a notice that is not in force yet. Whoever was told of it keeps the letter.

    An announcement of it ends, for its words and its day may change now.

    Raises:
        NoticeNotDraft: it is not scheduled, or is in force already.
    """
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if locked.scheduled_for is None or locked.published_at is not None:
        raise NoticeNotDraft
    data = {"version": locked.version, "for": locked.scheduled_for.isoformat()}
    locked.scheduled_for = None
    locked.save(update_fields=["scheduled_for"])
    record(action="notice.unscheduled", actor=actor, target=locked, data=data)
    tell(locked, actor)
    return locked


@transaction.atomic
def publish_due(*, notice_id: int) -> None:
    """Put a notice into force whose moment has come. Nothing where it was taken back, or put off, meanwhile."""
    locked = Notice.objects.select_for_update().filter(pk=notice_id, scheduled_for__lte=timezone.now()).first()
    if locked is not None:
        publish_notice(notice=locked, actor=SYSTEM)


def told_purposes() -> QuerySet[Purpose]:
    """The purposes of which a notice that is put into force now tells people."""
    return Purpose.objects.filter(is_prohibited=False).order_by("order", "code").prefetch_related("recipients")


def _check_told(notice: Notice) -> None:
    if notice.is_significant and not notice.changes.strip():
        raise NoticeIncomplete(_("Write what changes: people are told of a significant change in plain words."))
