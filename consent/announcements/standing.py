"""Which announcements say that people were told of a notice, and which letters still tell the truth."""

from datetime import datetime

from django.db.models import Q, QuerySet

from consent.announcements.models import AnnouncementState, NoticeAnnouncement, NoticeTold
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.register.models import Notice


def standing_announcements() -> QuerySet[NoticeAnnouncement]:
    """All but those that told people of words or a day that were taken back."""
    return NoticeAnnouncement.objects.exclude(state=AnnouncementState.TAKEN_BACK)


def announcements_of(notice: Notice) -> QuerySet[NoticeAnnouncement]:
    """Those that tell people of a notice as it stands, also as a version of another."""
    return standing_announcements().filter(Q(notice=notice) | Q(translations=notice))


def says_what_stands(letter: Letter) -> bool:
    """Whether a letter is of an announcement that was not taken back; asked by the worker that is about to send it."""
    return NoticeTold.objects.filter(letter_id=letter.pk, announcement__in=standing_announcements()).exists()


def taken_back_at(version: str) -> datetime | None:
    """When a version that people were written to about was taken back, last; None where nobody was.

    The ledger says how it was called then: a draft may have got another number since.
    """
    ended = NoticeAnnouncement.objects.filter(state=AnnouncementState.TAKEN_BACK, written__gt=0)
    told = Notice.objects.filter(Q(announcements__in=ended) | Q(announced_with__in=ended)).values_list("pk", flat=True)
    acts = LedgerEntry.objects.filter(
        object_type=Notice._meta.label_lower, object_id__in=[str(each) for each in told],
        action="notice.unscheduled", data__version=version,
    )  # fmt: skip
    return acts.order_by("-recorded_at").values_list("recorded_at", flat=True).first()
