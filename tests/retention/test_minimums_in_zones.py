"""A minimum may end a day late and never a day early, also where nobody knows which zone a time was written in."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from privacy.register.models import OrganisationProfile
from retention.periods import ONE_DAY, Period, cutoff_on, last_day_kept

MONTH = Period(1, "months")
EAST, WEST = "Pacific/Auckland", "America/Vancouver"


def kept(event, data_type: str, zone: str) -> dt.date:
    return last_day_kept(MONTH, event, data_type, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("written", "zone", "day"),
    [
        ("2026-03-10T20:00", EAST, 11),  # if it is UTC, it is the eleventh in Auckland
        ("2026-03-10T02:00", EAST, 10),
        ("2026-03-10T02:00", WEST, 10),  # if it is UTC, it is the ninth in Vancouver; if it is local, the tenth
        ("2026-03-10T20:00", WEST, 10),
    ],
)
def test_of_the_two_readings_of_a_time_without_a_zone_the_later_one_counts(written, zone, day):
    assert kept(dt.datetime.fromisoformat(written), "timestamp without time zone", zone) == dt.date(2026, 4, day)


def test_a_time_with_a_zone_has_one_reading_and_a_day_too():
    moment = dt.datetime(2026, 3, 10, 2, tzinfo=dt.UTC)
    assert kept(moment, "timestamp with time zone", WEST) == dt.date(2026, 4, 9)
    assert kept(dt.date(2026, 3, 10), "date", EAST) == dt.date(2026, 4, 10)


@pytest.mark.parametrize("data_type", ["timestamp without time zone", "timestamp with time zone", "datetime(6)"])
@pytest.mark.parametrize("zone", [EAST, WEST])
@pytest.mark.parametrize("hour", [0, 7, 8, 11, 12, 23])
def test_the_day_that_is_told_is_the_last_on_which_the_statement_keeps_the_row(alpha, data_type, zone, hour):
    OrganisationProfile.objects.update(time_zone=zone)
    event = dt.datetime(2026, 3, 10, hour, 30, tzinfo=dt.UTC)
    told = kept(event, data_type, zone)
    assert event >= cutoff_on(MONTH, told).for_column(data_type)
    assert event < cutoff_on(MONTH, told + ONE_DAY).for_column(data_type)


@given(
    event=some.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1)),
    zone=some.sampled_from([EAST, WEST, "Africa/Accra", "Asia/Kolkata"]),
)
def test_no_reading_ends_later_than_the_day_that_is_told(event, zone):
    told = kept(event, "timestamp without time zone", zone)
    local = event.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone)).date()
    assert (told >= MONTH.last_day(event.date()), told >= MONTH.last_day(local)) == (True, True)
    assert told in (MONTH.last_day(event.date()), MONTH.last_day(local))
