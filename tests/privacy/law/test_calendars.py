from datetime import date

import pytest

from privacy.law.calendars import DayBook, holidays_of
from privacy.law.enums import Roll
from privacy.law.errors import CalendarError


def test_federal_canada_keeps_the_days_of_the_interpretation_act():
    assert holidays_of("CA", 2026) == {
        date(2026, 1, 1): "New Year's Day",
        date(2026, 4, 3): "Good Friday",
        date(2026, 4, 6): "Easter Monday",
        date(2026, 5, 18): "Victoria Day",
        date(2026, 7, 1): "Canada Day",
        date(2026, 9, 7): "Labour Day",
        date(2026, 9, 30): "National Day for Truth and Reconciliation",
        date(2026, 11, 11): "Remembrance Day",
        date(2026, 12, 25): "Christmas Day",
    }


@pytest.mark.parametrize(("year", "kept"), [(2020, False), (2021, True)])
def test_30_september_is_a_holiday_since_the_definition_names_it(year, kept):
    assert (date(year, 9, 30) in holidays_of("CA", year)) is kept


@pytest.mark.parametrize(("year", "day"), [(2026, 18), (2027, 24), (2028, 22)])
def test_victoria_day_is_the_monday_before_25_may(year, day):
    assert holidays_of("CA", year)[date(year, 5, day)] == "Victoria Day"


def test_a_province_keeps_its_own_days():
    family_day = date(2026, 2, 16)

    assert holidays_of("CA-BC", 2026)[family_day] == "Family Day"
    assert family_day not in holidays_of("CA-QC", 2026)


@pytest.mark.parametrize("province", ["CA-AB", "CA-BC", "CA-QC"])
def test_a_province_moves_no_holiday_off_a_weekend_and_england_does(province):
    saturday, monday = date(2028, 7, 1), date(2028, 7, 3)

    assert (saturday in holidays_of(province, 2028), monday in holidays_of(province, 2028)) == (True, False)
    assert holidays_of("GB-ENG", 2026)[date(2026, 12, 28)] == "Boxing Day (observed)"


@pytest.mark.parametrize("calendar", ["XX", "CA-ZZ"])
def test_an_unknown_calendar_is_an_error_not_an_empty_list(calendar):
    with pytest.raises(CalendarError, match=f"^There is no holiday calendar '{calendar}'; use a country or"):
        holidays_of(calendar, 2026)


def test_a_calendar_without_any_holiday_in_the_year_is_an_error():
    with pytest.raises(CalendarError, match=r"^The calendar 'GH' lists no holidays for 1900;"):
        holidays_of("GH", 1900)


def test_an_overlay_adds_a_day_and_renames_a_listed_one():
    book = DayBook("CA", {date(2026, 10, 12): "Thanksgiving", date(2026, 7, 1): "Fête du Canada"})

    assert book.holiday(date(2026, 10, 12)) == "Thanksgiving"
    assert book.holiday(date(2026, 7, 1)) == "Fête du Canada"
    assert book.holiday(date(2026, 10, 13)) is None


@pytest.mark.parametrize(
    ("roll", "moved"),
    [
        (Roll.NONE, []),
        (Roll.NON_HOLIDAY, ["Good Friday", "Sunday", "Easter Monday"]),
        (Roll.WORKING_DAY, ["Good Friday", "Saturday", "Sunday", "Easter Monday"]),
    ],
)
def test_each_roll_moves_its_own_days(roll, moved):
    book = DayBook("CA", {})
    easter = [date(2026, 4, day) for day in range(2, 8)]

    assert [reason for reason in (book.rolls(day, roll) for day in easter) if reason] == moved
