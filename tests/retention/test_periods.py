"""When a period is over: calendar days where the organisation is."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.datamap.engine.errors import InvalidSpec
from privacy.register.models import OrganisationProfile
from retention.errors import PeriodInvalid
from retention.periods import Period, cutoff


def _is_due(event: dt.date, today: dt.date, days: int) -> bool:
    now = dt.datetime.combine(today, dt.time(12), tzinfo=dt.UTC)
    return event < cutoff(Period(days, "days"), now=now).day


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
    assert cutoff(Period(30, "days"), now=now).day == day


def test_moments_are_compared_with_local_midnight(alpha):
    OrganisationProfile.objects.update(time_zone="America/Vancouver")
    found = cutoff(Period(30, "days"), now=dt.datetime(2026, 11, 22, 20, tzinfo=dt.UTC))
    assert found.for_column("timestamp with time zone") == dt.datetime(2026, 10, 23, 7, tzinfo=dt.UTC)
    assert found.for_column("date") == dt.date(2026, 10, 23)


@pytest.mark.parametrize(("zone", "hour"), [("America/Vancouver", 0), ("Pacific/Auckland", -13)])
def test_moments_without_a_zone_never_go_early(alpha, zone, hour):
    OrganisationProfile.objects.update(time_zone=zone)
    found = cutoff(Period(30, "days"), now=dt.datetime(2026, 11, 22, 18, tzinfo=dt.UTC))
    midnight = dt.datetime.combine(found.day, dt.time.min, tzinfo=dt.UTC)
    assert found.for_column("timestamp without time zone") == midnight + dt.timedelta(hours=hour)


def test_a_column_that_is_no_date_starts_no_period(alpha):
    found = cutoff(Period(30, "days"), now=dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    with pytest.raises(InvalidSpec, match="no date"):
        found.for_column("text")


DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))
PERIODS = st.builds(
    Period, st.integers(1, 90), st.sampled_from(["days", "months", "years"]), st.none() | st.integers(1, 12)
)


@pytest.mark.parametrize(
    ("period", "event", "last_day"),
    [
        (Period(1, "months"), dt.date(2026, 1, 31), dt.date(2026, 2, 28)),
        (Period(1, "months"), dt.date(2028, 1, 31), dt.date(2028, 2, 29)),
        (Period(1, "months"), dt.date(2026, 2, 28), dt.date(2026, 3, 28)),
        (Period(1, "years"), dt.date(2028, 2, 29), dt.date(2029, 2, 28)),
        (Period(4, "years"), dt.date(2028, 2, 29), dt.date(2032, 2, 29)),
        (Period(6, "years", 12), dt.date(2020, 1, 1), dt.date(2026, 12, 31)),
        (Period(6, "years", 12), dt.date(2020, 12, 31), dt.date(2026, 12, 31)),
        (Period(6, "years", 12), dt.date(2021, 1, 1), dt.date(2027, 12, 31)),
        (Period(6, "years", 3), dt.date(2020, 3, 31), dt.date(2026, 3, 31)),
        (Period(6, "years", 3), dt.date(2020, 4, 1), dt.date(2027, 3, 31)),
        (Period(1, "years", 2), dt.date(2027, 2, 28), dt.date(2028, 2, 29)),
        (Period(1, "months", 11), dt.date(2026, 5, 5), dt.date(2026, 12, 31)),
        (Period(30, "days", 12), dt.date(2026, 5, 5), dt.date(2027, 1, 30)),
    ],
)
def test_the_last_day_of_a_period(period, event, last_day):
    assert period.last_day(event) == last_day


@given(PERIODS, DAYS, DAYS)
def test_the_cutoff_parts_events_whose_period_is_over_from_all_others(period, event, today):
    """Never early, never late: to compare with the one date is to compare each event's own last day."""
    assert (event < period.first_day_kept(today)) == (period.last_day(event) < today)


@given(PERIODS, DAYS)
def test_the_days_around_the_cutoff_lie_on_its_two_sides(period, today):
    first = period.first_day_kept(today)
    assert period.last_day(first - dt.timedelta(days=1)) < today <= period.last_day(first)


@given(PERIODS, DAYS, DAYS)
def test_a_later_event_never_ends_earlier(period, one, other):
    early, late = sorted((one, other))
    assert period.last_day(early) <= period.last_day(late)
    assert period.first_day_kept(early) <= period.first_day_kept(late)


@given(PERIODS, DAYS)
def test_nothing_is_due_before_as_many_days_as_the_shortest_months_have(period, event):
    least = {"days": 1, "months": 28, "years": 365}[period.unit] * period.amount
    assert period.last_day(event) - event >= dt.timedelta(days=least)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((0, "days"), "at least one day"),
        ((101, "years"), "at most one hundred years"),
        ((1, "weeks"), "days, months or years"),
        ((1, "days", 13), "twelve months"),
    ],
)
def test_what_is_no_period_is_refused(values, words):
    with pytest.raises(PeriodInvalid, match=words):
        Period(*values)


def test_the_end_of_the_tax_year_is_midnight_where_the_organisation_is(alpha):
    OrganisationProfile.objects.update(time_zone="America/Vancouver")
    books = Period(6, "years", 12)
    eve = cutoff(books, now=dt.datetime(2027, 1, 1, 7, 59, tzinfo=dt.UTC))
    after = cutoff(books, now=dt.datetime(2027, 1, 1, 8, 0, tzinfo=dt.UTC))
    assert (eve.day, after.day) == (dt.date(2020, 1, 1), dt.date(2021, 1, 1))
    assert after.for_column("timestamp with time zone") == dt.datetime(2021, 1, 1, 8, tzinfo=dt.UTC)
