"""Questions to the register."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from privacy.register.errors import ProfileMissing
from privacy.register.models import Notice, OrganisationProfile


def profile() -> OrganisationProfile:
    """Who the organisation is.

    Raises:
        ProfileMissing: nobody has said yet.
    """
    found = OrganisationProfile.objects.first()
    if found is None:
        raise ProfileMissing
    return found


def zone() -> ZoneInfo:
    """Where the organisation is."""
    return ZoneInfo(profile().time_zone)


def local_date(moment: datetime) -> date:
    """The calendar date of a moment where the organisation is: dates of law are local dates."""
    return moment.astimezone(zone()).date()


def local_midnight(day: date) -> datetime:
    """The moment in which a day begins where the organisation is."""
    return datetime.combine(day, time.min, tzinfo=zone())


def current_notice(language: str = "en") -> Notice | None:
    """The notice in force in a language; None when there is none."""
    return Notice.objects.filter(language=language, published_at__lte=timezone.now()).order_by("-published_at").first()


def overlay_for(calendar: str) -> dict[date, str]:
    """Days that the organisation says do not count in a calendar, by name, beside those that the calendar lists."""
    return {}
