"""Questions to the register."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from privacy.register.errors import ProfileMissing
from privacy.register.models import HolidayOverlay, Notice, OrganisationProfile, Recipient


def profile() -> OrganisationProfile:
    """Who the organisation is.

    Raises:
        ProfileMissing: nobody has said yet.
    """
    found = OrganisationProfile.objects.first()
    if found is None:
        raise ProfileMissing
    return found


def language_for(recipient: Recipient) -> str:
    """In which language a recipient of data is written to: its own, or else the organisation's."""
    return recipient.language or profile().language


def zone() -> ZoneInfo:
    """Where the organisation is."""
    return ZoneInfo(profile().time_zone)


def local_date(moment: datetime) -> date:
    """The calendar date of a moment where the organisation is: dates of law are local dates."""
    return moment.astimezone(zone()).date()


def local_midnight(day: date) -> datetime:
    """The moment in which a day begins where the organisation is."""
    return datetime.combine(day, time.min, tzinfo=zone())


def current_notice(language: str = "en", *, at: datetime | None = None) -> Notice | None:
    """The notice in force in a language; None when there is none.

    Args:
        at: the one that was in force at that moment.
    """
    known = Notice.objects.filter(language=language, published_at__lte=at or timezone.now())
    return known.order_by("-published_at").first()


def notice_before(notice: Notice) -> Notice | None:
    """The version that a notice takes, or took, the place of; None for the first in its language."""
    others = Notice.objects.filter(language=notice.language, published_at__isnull=False).exclude(pk=notice.pk)
    if notice.published_at is not None:
        others = others.filter(published_at__lt=notice.published_at)
    return others.order_by("-published_at").first()


def notice_to_come(language: str = "en") -> Notice | None:
    """The next version in a language that has a day already."""
    scheduled = Notice.objects.filter(language=language, published_at__isnull=True, scheduled_for__isnull=False)
    return scheduled.order_by("scheduled_for").first()


def overlay_for(calendar: str) -> dict[date, str]:
    """The days that officers added to a calendar, as the clocks of the law take them (`overlay=`): {day: name}."""
    return dict(HolidayOverlay.objects.filter(calendar=calendar).order_by("date").values_list("date", "name"))


def overlays() -> dict[str, dict[date, str]]:
    """The same of every calendar that has any, in one query."""
    found: dict[str, dict[date, str]] = {}
    for calendar, day, name in HolidayOverlay.objects.order_by("date").values_list("calendar", "date", "name"):
        found.setdefault(calendar, {})[day] = name
    return found
