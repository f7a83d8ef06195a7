"""Which notices can be announced, and what became of the letters of an announcement."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from consent.announcements.models import AcceptedHow, NoticeAcceptance, NoticeAnnouncement, NoticeTold
from consent.announcements.standing import announcements_of, standing_announcements
from consent.announcements.versions import told_in_another_language
from privacy.letters.models import Letter, LetterState
from privacy.register.models import Notice


@dataclass(frozen=True)
class Delivery:
    """Numbers of letters.

    withheld: not sent, for the notice was taken back while they waited.
    gone: written, and their period has ended since; that they were written is kept.
    """

    sent: int
    waiting: int
    failed: int
    withheld: int
    gone: int


def delivery_of(announcement: NoticeAnnouncement) -> Delivery:
    """In one query, however many people were told."""
    told = NoticeTold.objects.filter(announcement=announcement)
    found = Letter.objects.filter(pk__in=told.values("letter_id")).aggregate(
        sent=Count("pk", filter=Q(state=LetterState.SENT)),
        failed=Count("pk", filter=Q(state=LetterState.FAILED)),
        withheld=Count("pk", filter=Q(state=LetterState.WITHHELD)),
        kept=Count("pk"),
    )
    sent, failed, withheld, kept = found["sent"], found["failed"], found["withheld"], found["kept"]
    return Delivery(sent, kept - sent - failed - withheld, failed, withheld, announcement.written - kept)


def acceptances_of(notice: Notice) -> dict[AcceptedHow, int]:
    """How many people accepted a notice, by what stands behind it."""
    rows = NoticeAcceptance.objects.filter(notice=notice).values_list("how").annotate(n=Count("pk"))
    found = dict(rows)
    return {how: found.get(how.value, 0) for how in AcceptedHow}


def is_announced(notice: Notice) -> bool:
    """Whether people are told of it as it stands, also as a version of another."""
    return announcements_of(notice).exists()


def notices_to_announce() -> QuerySet[Notice]:
    """Those that `begin_announcement` takes, newest first."""
    return _not_announced().filter(changes__regex=r"\S")


def notices_that_say_no_change() -> QuerySet[Notice]:
    """Those that could be announced if they said what changes, newest first."""
    return _not_announced().exclude(changes__regex=r"\S")


def _not_announced() -> QuerySet[Notice]:
    standing = Notice.objects.exclude(published_at=None, scheduled_for=None)
    going = standing_announcements()
    announced = Notice.objects.filter(Q(announcements__in=going) | Q(announced_with__in=going))
    told = told_in_another_language(Notice.objects.all())
    return standing.exclude(pk__in=announced.values("pk")).exclude(pk__in=told.values("pk")).order_by("-pk")
