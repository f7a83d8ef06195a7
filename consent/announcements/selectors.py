"""What became of the letters of an announcement."""

from dataclasses import dataclass

from django.db.models import Count, Q

from consent.announcements.models import NoticeAnnouncement, NoticeTold
from privacy.letters.models import Letter, LetterState


@dataclass(frozen=True)
class Delivery:
    """Numbers of letters. gone: written, and their period has ended since; that they were written is kept."""

    sent: int
    waiting: int
    failed: int
    gone: int


def delivery_of(announcement: NoticeAnnouncement) -> Delivery:
    """In one query, however many people were told."""
    told = NoticeTold.objects.filter(announcement=announcement)
    found = Letter.objects.filter(pk__in=told.values("letter_id")).aggregate(
        sent=Count("pk", filter=Q(state=LetterState.SENT)),
        failed=Count("pk", filter=Q(state=LetterState.FAILED)),
        kept=Count("pk"),
    )
    waiting = found["kept"] - found["sent"] - found["failed"]
    return Delivery(found["sent"], waiting, found["failed"], announcement.written - found["kept"])
