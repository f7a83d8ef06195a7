"""Which announcements say that people were told of a notice, and which letters still tell the truth."""

from django.db.models import Q, QuerySet

from consent.announcements.models import AnnouncementState, NoticeAnnouncement, NoticeTold
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
