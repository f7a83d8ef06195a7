"""The hours in which retention may work, as the organisation's profile says: from a time of day until another.

Both are times on the clock where the organisation is. A window that ends before it begins goes over midnight. On the
day on which clocks go forward a time that does not exist is the moment after the gap; on the day on which they go back
an hour that comes twice belongs to the window both times if its clock time does.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from privacy.register.models import OrganisationProfile


def may_work(ours: OrganisationProfile, now: dt.datetime) -> bool:
    """Whether retention may work now. Without hours it always may."""
    if ours.retention_from is None or ours.retention_until is None:
        return True
    begin, end = ours.retention_from, ours.retention_until
    clock = now.astimezone(ZoneInfo(ours.time_zone)).time()
    return begin <= clock < end if begin < end else clock >= begin or clock < end


def opens_in(ours: OrganisationProfile, now: dt.datetime) -> dt.timedelta:
    """How long until retention may work again; zero when it may now."""
    if may_work(ours, now) or ours.retention_from is None:
        return dt.timedelta()
    zone = ZoneInfo(ours.time_zone)
    today = now.astimezone(zone).date()
    days = (today, today + dt.timedelta(days=1))
    moments = [dt.datetime.combine(day, ours.retention_from, zone).astimezone(dt.UTC) for day in days]
    return min(moment - now for moment in moments if moment > now)
