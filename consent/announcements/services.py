"""Beginning an announcement, stopping it, and going on with it; the letters are written by `writing`."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from consent.announcements.errors import CannotAnnounce
from consent.announcements.models import AnnouncedDataset, AnnouncementState, NoticeAnnouncement
from consent.announcements.progress import ANNOUNCE, slot_of
from consent.announcements.reading import announceable
from consent.announcements.selectors import is_announced
from consent.announcements.versions import told_in_another_language, translations_of
from privacy.datamap.models import Dataset
from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.models import Notice


@transaction.atomic
def begin_announcement(
    *, notice: Notice, per_minute: int, officer: Officer, datasets: Sequence[Dataset] = ()
) -> NoticeAnnouncement:
    """Begin to tell everybody of a notice that is scheduled or in force, and of its versions in other languages.

    Args:
        per_minute: letters that are written in a minute, at most.
        datasets: tables of sources whose people are written to as well, in this order.

    Raises:
        CannotAnnounce: the notice is a draft, says not what changes, or its change is announced already; or one of
            the tables is not connected, not confirmed, or has no column with mail addresses.
    """
    notice, translations = _locked(notice)
    if notice.is_draft:
        raise CannotAnnounce(_("Schedule the notice, or put it into force: a draft may still change."))
    if not notice.changes.strip():
        raise CannotAnnounce(_("This notice does not say what changes, and people would not know why you write."))
    if is_announced(notice):
        raise CannotAnnounce(_("This notice was announced already. Nobody is told twice."))
    if told_in_another_language(Notice.objects.filter(pk=notice.pk)).exists():
        raise CannotAnnounce(_("This change was announced already, in another language. Nobody is told twice."))
    if per_minute < 1:
        raise CannotAnnounce(_("Write at least one letter a minute."))
    if set(datasets) - set(announceable()):
        raise CannotAnnounce(_("One of the tables cannot be read for mail addresses any more. Choose again."))
    made = NoticeAnnouncement.objects.create(notice=notice, per_minute=per_minute, begun_by=officer)
    made.translations.set(translations)
    AnnouncedDataset.objects.bulk_create(
        AnnouncedDataset(announcement=made, dataset=each, name=f"{each.source.name}: {each}"[:250], turn=turn)
        for turn, each in enumerate(datasets)
    )
    data = {"version": notice.version, "per_minute": per_minute, "datasets": len(datasets)}
    if translations:
        data["translations"] = [each.version for each in translations]
    record(action="noticeannouncement.begun", actor=Actor.officer(officer), target=made, data=data)
    enqueue(kind=ANNOUNCE, slot=slot_of(made))
    return made


@transaction.atomic
def stop_announcement(*, announcement: NoticeAnnouncement, officer: Officer) -> NoticeAnnouncement:
    """Write no more letters, from the one after this moment on; those in the outbox still go.

    Raises:
        CannotAnnounce: it is not under way.
    """
    return _moved(announcement, officer, AnnouncementState.RUNNING, AnnouncementState.STOPPED, "stopped")


@transaction.atomic
def go_on_with_announcement(*, announcement: NoticeAnnouncement, officer: Officer) -> NoticeAnnouncement:
    """Go on behind the last person who was written to.

    Raises:
        CannotAnnounce: it was not stopped, or its notice was taken back since.
    """
    moved = _moved(announcement, officer, AnnouncementState.STOPPED, AnnouncementState.RUNNING, "gone_on")
    # a page of its own: the job of the page before may still be about to find that it was stopped
    moved.pages += 1
    moved.save(update_fields=["pages"])
    enqueue(kind=ANNOUNCE, slot=slot_of(moved), due_at=moved.next_at)
    return moved


def _locked(notice: Notice) -> tuple[Notice, list[Notice]]:
    """The notice and its translations, as they stay until the transaction ends; always locked in the same order."""
    wanted = [notice.pk, *(each.pk for each in translations_of(notice))]
    found = {each.pk: each for each in Notice.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    others = [each for each in translations_of(found[notice.pk]) if each.pk in found and not is_announced(each)]
    return found[notice.pk], others


def _moved(
    announcement: NoticeAnnouncement, officer: Officer, come_from: AnnouncementState, to: AnnouncementState, act: str
) -> NoticeAnnouncement:
    locked = NoticeAnnouncement.objects.select_for_update().get(pk=announcement.pk)
    if locked.state == AnnouncementState.TAKEN_BACK:
        raise CannotAnnounce(
            _("The notice was taken back, which ended this announcement. Schedule and announce it again.")
        )
    if locked.state != come_from:
        raise CannotAnnounce(_("The announcement has moved on. Open its page again."))
    locked.state = to
    locked.save(update_fields=["state"])
    data = {"written": locked.written}
    record(action=f"noticeannouncement.{act}", actor=Actor.officer(officer), target=locked, data=data)
    return locked
