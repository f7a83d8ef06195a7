"""When a period is over: calendar days where the organisation is."""

import datetime as dt

import pytest

from privacy.datamap.engine.errors import InvalidSpec
from privacy.register.models import OrganisationProfile
from retention.periods import cutoff


def _is_due(event: dt.date, today: dt.date, days: int) -> bool:
    now = dt.datetime.combine(today, dt.time(12), tzinfo=dt.UTC)
    return event < cutoff(days=days, now=now).day


@pytest.mark.parametrize(
    ("event", "due"),
    [(dt.date(2026, 10, 22), True), (dt.date(2026, 10, 23), False), (dt.date(2026, 10, 24), False)],
)
def test_thirty_days_after_an_event_include_the_thirtieth(alpha, event, due):
    assert _is_due(event, dt.date(2026, 11, 22), 30) is due


def test_one_day_is_one_whole_day(alpha):
    assert [_is_due(dt.date(2026, 11, day), dt.date(2026, 11, 22), 1) for day in (20, 21, 22)] == [True, False, False]


@pytest.mark.parametrize(
    ("zone", "day"), [("America/Vancouver", dt.date(2026, 10, 22)), ("Pacific/Auckland", dt.date(2026, 10, 24))]
)
def test_the_day_is_counted_where_the_organisation_is(alpha, zone, day):
    OrganisationProfile.objects.update(time_zone=zone)
    hour = 3 if zone.startswith("America") else 20  # already tomorrow, or still yesterday, there
    now = dt.datetime(2026, 11, 22, hour, tzinfo=dt.UTC)
    assert cutoff(days=30, now=now).day == day


def test_moments_are_compared_with_local_midnight(alpha):
    OrganisationProfile.objects.update(time_zone="America/Vancouver")
    found = cutoff(days=30, now=dt.datetime(2026, 11, 22, 20, tzinfo=dt.UTC))
    assert found.for_column("timestamp with time zone") == dt.datetime(2026, 10, 23, 7, tzinfo=dt.UTC)
    assert found.for_column("date") == dt.date(2026, 10, 23)


@pytest.mark.parametrize(("zone", "hour"), [("America/Vancouver", 0), ("Pacific/Auckland", -13)])
def test_moments_without_a_zone_never_go_early(alpha, zone, hour):
    OrganisationProfile.objects.update(time_zone=zone)
    found = cutoff(days=30, now=dt.datetime(2026, 11, 22, 18, tzinfo=dt.UTC))
    midnight = dt.datetime.combine(found.day, dt.time.min, tzinfo=dt.UTC)
    assert found.for_column("timestamp without time zone") == midnight + dt.timedelta(hours=hour)


def test_a_column_that_is_no_date_starts_no_period(alpha):
    found = cutoff(days=30, now=dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    with pytest.raises(InvalidSpec, match="no date"):
        found.for_column("text")
