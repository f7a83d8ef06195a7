"""Telling everybody of a notice: page after page through the outbox, as fast as the organisation said.

Danger: a worker dies in the middle of 100,000 letters, and some people get two of them, or none. Rule: the letters of a
page, the rows that say who was told, the place behind the page and the job of the next page are one transaction; the
announcement is locked meanwhile, and a job for another page than the next does nothing. A constraint of the database
says as well that nobody is told twice.

Everybody is who has dealt with the portal until the announcement begins: people are taken in the order of their ids,
and who comes later is shown the notice, or its day, anyway.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.announcements.errors import CannotAnnounce
from consent.announcements.letter import particulars_of, write_announcement
from consent.announcements.models import AnnouncementState, NoticeAnnouncement, NoticeTold
from privacy.jobs.services import enqueue, requeue
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.models import Notice
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.models import Identifier, Subject

ANNOUNCE = "announcements.page"
PEOPLE_AT_ONCE = 100


@transaction.atomic
def begin_announcement(*, notice: Notice, per_minute: int, officer: Officer) -> NoticeAnnouncement:
    """Begin to tell everybody of a notice that is scheduled or in force.

    Args:
        per_minute: letters that are written in a minute, at most.

    Raises:
        CannotAnnounce: the notice is a draft, says not what changes, or is announced already.
    """
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.is_draft:
        raise CannotAnnounce(_("Schedule the notice, or put it into force: a draft may still change."))
    if not notice.changes.strip():
        raise CannotAnnounce(_("This notice does not say what changes, and people would not know why you write."))
    if NoticeAnnouncement.objects.filter(notice=notice).exists():
        raise CannotAnnounce(_("This notice was announced already. Nobody is told twice."))
    if per_minute < 1:
        raise CannotAnnounce(_("Write at least one letter a minute."))
    made = NoticeAnnouncement.objects.create(notice=notice, per_minute=per_minute, begun_by=officer)
    data = {"version": notice.version, "per_minute": per_minute}
    record(action="noticeannouncement.begun", actor=Actor.officer(officer), target=made, data=data)
    enqueue(kind=ANNOUNCE, slot=_slot(made))
    return made


@transaction.atomic
def stop_announcement(*, announcement: NoticeAnnouncement, officer: Officer) -> NoticeAnnouncement:
    """Write no more letters; those in the outbox still go.

    Raises:
        CannotAnnounce: it is not under way.
    """
    return _moved(announcement, officer, AnnouncementState.RUNNING, AnnouncementState.STOPPED, "stopped")


@transaction.atomic
def go_on_with_announcement(*, announcement: NoticeAnnouncement, officer: Officer) -> NoticeAnnouncement:
    """Go on behind the last page that was written.

    Raises:
        CannotAnnounce: it was not stopped, or its notice is a draft again.
    """
    if announcement.notice.is_draft:
        raise CannotAnnounce(_("The notice was taken back and is a draft again. Schedule it first."))
    moved = _moved(announcement, officer, AnnouncementState.STOPPED, AnnouncementState.RUNNING, "gone_on")
    requeue(kind=ANNOUNCE, slot=_slot(moved))  # its job may have found it stopped, and be done
    return moved


def _moved(
    announcement: NoticeAnnouncement, officer: Officer, come_from: AnnouncementState, to: AnnouncementState, act: str
) -> NoticeAnnouncement:
    locked = NoticeAnnouncement.objects.select_for_update().get(pk=announcement.pk)
    if locked.state != come_from:
        raise CannotAnnounce(_("The announcement has moved on. Open its page again."))
    locked.state = to
    locked.save(update_fields=["state"])
    data = {"written": locked.written}
    record(action=f"noticeannouncement.{act}", actor=Actor.officer(officer), target=locked, data=data)
    return locked


@transaction.atomic
def write_page(*, announcement_id: int, page: int) -> None:
    """Write to the next people, and queue the page after; nothing when that page is written, or the whole is stopped.

    A notice that was taken back meanwhile stops its announcement.

    Args:
        page: how many pages are written before it.
    """
    going = NoticeAnnouncement.objects.select_for_update(of=("self",)).select_related("notice")
    mine = going.filter(pk=announcement_id, pages=page, state=AnnouncementState.RUNNING).first()
    if mine is None:
        return
    if mine.notice.is_draft:
        mine.state = AnnouncementState.STOPPED
        mine.save(update_fields=["state"])
        record(action="noticeannouncement.stopped", actor=SYSTEM, target=mine, data={"written": mine.written})
        return
    at_once = min(PEOPLE_AT_ONCE, mine.per_minute)
    people = Subject.objects.filter(created_at__lte=mine.begun_at).order_by("pk")
    behind = people.filter(pk__gt=mine.after) if mine.after is not None else people
    some = list(behind[:at_once])
    if not some:
        _end(mine)
        return
    told = _tell(mine, some)
    mine.pages, mine.after = page + 1, some[-1].pk
    mine.written, mine.unreachable = mine.written + told, mine.unreachable + len(some) - told
    mine.save(update_fields=["pages", "after", "written", "unreachable"])
    pause = timedelta(minutes=1) * told / mine.per_minute
    enqueue(kind=ANNOUNCE, slot=_slot(mine), due_at=timezone.now() + pause)


def _tell(announcement: NoticeAnnouncement, people: Sequence[Subject]) -> int:
    """How many of them have an address, and are written to."""
    known = Identifier.objects.filter(subject__in=people, kind=IdentifierKind.EMAIL, former_since__isnull=True)
    addresses = {each.subject_id: each.value for each in known.order_by("-pk")}  # the oldest, as elsewhere
    notice = announcement.notice
    particulars = particulars_of(notice)
    letters = [
        (person, write_announcement(notice, person, addresses[person.pk], particulars))
        for person in people
        if person.pk in addresses
    ]
    NoticeTold.objects.bulk_create(
        NoticeTold(announcement=announcement, subject=person, letter_id=letter.pk, pdf_sha256=letter.pdf_sha256)
        for person, letter in letters
    )
    return len(letters)


def _slot(announcement: NoticeAnnouncement) -> str:
    return f"{announcement.pk}:{announcement.pages}"


def _end(announcement: NoticeAnnouncement) -> None:
    announcement.state, announcement.ended_at = AnnouncementState.DONE, timezone.now()
    announcement.save(update_fields=["state", "ended_at"])
    data = {"written": announcement.written, "unreachable": announcement.unreachable}
    record(action="noticeannouncement.done", actor=SYSTEM, target=announcement, data=data)
