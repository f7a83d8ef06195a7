"""How far an announcement is: the one place that moves it on.

Danger: two workers write to the same person, or a letter is written after an officer pressed “Stop”. Rule: each letter
is a transaction whose last act before its record of who was told is a conditional statement: the announcement goes on,
and is still at the place from which this worker came. Where it is not, nothing was written. The announcement is locked
for that moment only, never while a letter is set, so “Stop” waits for no letter.

Danger: a notice is taken back, scheduled again with other words, and half of the people are told the one and half the
other. Rule: taking it back ends its announcement for good, in the same transaction.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from consent.announcements.models import AnnouncedDataset, AnnouncementState, NoticeAnnouncement
from consent.announcements.standing import announcements_of
from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.register.models import Notice

ANNOUNCE = "announcements.page"

Counted = Literal["written", "unreachable", "left_out"]
"""What became of a person of the portal: the counters of `NoticeAnnouncement`."""


def slot_of(announcement: NoticeAnnouncement) -> str:
    """The job of the page that is written now."""
    return f"{announcement.pk}:{announcement.pages}"


def going_on(announcement: NoticeAnnouncement) -> QuerySet[NoticeAnnouncement]:
    """The announcement, if it goes on and is at the same page still."""
    return NoticeAnnouncement.objects.filter(
        pk=announcement.pk, pages=announcement.pages, state=AnnouncementState.RUNNING
    )


def next_letter_at(per_minute: int, now: datetime) -> ExpressionWrapper:
    """When the letter after one that is written now may be written."""
    at = Greatest(Coalesce(F("next_at"), Value(now)), Value(now))
    return ExpressionWrapper(at + Value(timedelta(minutes=1) / per_minute), output_field=DateTimeField())


@contextmanager
def one_letter() -> Iterator[None]:
    """The transaction of one letter. It does not wait for the disk, which would take longer than all the rest.

    Where the database server itself dies, its last half second is lost as a whole: the letter, who was told, and the
    place behind them, so they are written again. Not so what was sent: that a letter is being sent waits for the disk,
    and what was committed before is on it by then (PostgreSQL's manual, Asynchronous Commit).
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        yield


def pass_person(announcement: NoticeAnnouncement, person: uuid.UUID, counted_as: Counted) -> bool:
    """Move on behind a person of the portal; False when somebody else did, or it goes on no more."""
    counted: dict[str, Any] = {counted_as: F(counted_as) + 1}
    if counted_as == "written":
        counted["next_at"] = next_letter_at(announcement.per_minute, timezone.now())
    moved = going_on(announcement).filter(after=announcement.after).update(after=person, **counted)
    return bool(moved)


def pass_rows(
    announcement: NoticeAnnouncement, place: AnnouncedDataset, key: Sequence[str], counted: Mapping[str, int]
) -> bool:
    """Move on behind a row of a source; False when somebody else did, or it goes on no more.

    Args:
        key: of the last row that is dealt with.
        counted: rows since the place, by what became of them; at most one of them was written to.
    """
    rows, written = sum(counted.values()), counted.get("written", 0)
    if written:
        moved = going_on(announcement).update(
            written=F("written") + written, next_at=next_letter_at(announcement.per_minute, timezone.now())
        )
        if not moved:
            return False
    counts = {name: F(name) + number for name, number in counted.items()}
    here = AnnouncedDataset.objects.filter(pk=place.pk, rows=place.rows, done_at=None)
    if not here.update(after=list(key), rows=F("rows") + rows, **counts):
        return False
    place.after, place.rows = list(key), place.rows + rows
    return True


@transaction.atomic
def end_dataset(announcement: NoticeAnnouncement, place: AnnouncedDataset, *, problem: str = "") -> None:
    """A table is read to its end, or cannot be read; the next page takes the next one."""
    here = AnnouncedDataset.objects.filter(pk=place.pk, rows=place.rows, done_at=None)
    if here.update(done_at=timezone.now(), after=None, problem=problem):
        data = {"rows": place.rows, "problem": bool(problem)}
        record(action="noticeannouncement.dataset_read", actor=SYSTEM, target=announcement, data=data)


@transaction.atomic
def end_page(announcement: NoticeAnnouncement) -> None:
    """Queue the next page, when the next letter may be written; nothing where it goes on no more."""
    locked = going_on(announcement).select_for_update().first()
    if locked is None:
        return
    locked.pages += 1
    locked.save(update_fields=["pages"])
    enqueue(kind=ANNOUNCE, slot=slot_of(locked), due_at=locked.next_at)


@transaction.atomic
def end(announcement: NoticeAnnouncement) -> None:
    """Everybody is told."""
    locked = going_on(announcement).select_for_update().first()
    if locked is None:
        return
    locked.state, locked.ended_at = AnnouncementState.DONE, timezone.now()
    locked.save(update_fields=["state", "ended_at"])
    data = {"written": locked.written, "unreachable": locked.unreachable, "left_out": locked.left_out}
    record(action="noticeannouncement.done", actor=SYSTEM, target=locked, data=data)


@transaction.atomic
def end_with_its_notice(notice: Notice, actor: Actor) -> None:
    """A notice was taken back: its announcement is over, in whichever language it is, and tells nobody any more."""
    ids = announcements_of(notice).values("pk")
    for locked in NoticeAnnouncement.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        locked.state = AnnouncementState.TAKEN_BACK
        locked.save(update_fields=["state"])
        data = {"written": locked.written}
        record(action="noticeannouncement.taken_back", actor=actor, target=locked, data=data)
