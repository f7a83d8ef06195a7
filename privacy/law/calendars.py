"""Which days do not count, by country and province.

The danger: the lists of the `holidays` package are lists of employment holidays, which are not everywhere the lists
that courts use. A holiday too many moves a deadline later than the law allows; a holiday too few only makes us answer
early. The rule: federal Canada follows the Interpretation Act itself, elsewhere the package's public holidays count.
Days that provinces of Canada only observe because a holiday fell on a weekend do not, for no law of theirs that moves
them was read. Whoever knows better adds days by an overlay {date: name}.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays
from dateutil.easter import easter

from privacy.law.enums import Roll, Unit
from privacy.law.errors import CalendarError
from privacy.law.sentences import Word, gettext_noop

FEDERAL_CANADA = "CA"
SATURDAY, SUNDAY = 5, 6
RECONCILIATION_DAY_SINCE = date(2021, 8, 3)  # in force date of the definition that names 30 September
NO_OVERLAY: Mapping[date, str] = MappingProxyType({})


def interpretation_act_holidays(year: int) -> Mapping[date, str]:
    """Days that are holidays in every federal enactment of Canada, Sundays apart (Interpretation Act, s. 35(1)).

    Days that need a proclamation each time (Thanksgiving, mourning) are left to the overlay: without them we are early.
    Nothing is moved to a Monday when it falls on a weekend, for the definition moves nothing.
    """
    sunday = easter(year)
    labour_day = next(day for day in (date(year, 9, n) for n in range(1, 8)) if day.weekday() == 0)
    victoria_day = next(day for day in (date(year, 5, n) for n in range(18, 25)) if day.weekday() == 0)
    days = {
        date(year, 1, 1): "New Year's Day",
        sunday - timedelta(days=2): "Good Friday",
        sunday + timedelta(days=1): "Easter Monday",
        victoria_day: "Victoria Day",
        date(year, 7, 1): "Canada Day",
        labour_day: "Labour Day",
        date(year, 11, 11): "Remembrance Day",
        date(year, 12, 25): "Christmas Day",
    }
    reconciliation_day = date(year, 9, 30)
    if reconciliation_day >= RECONCILIATION_DAY_SINCE:
        days[reconciliation_day] = "National Day for Truth and Reconciliation"
    return days


@lru_cache(maxsize=512)
def holidays_of(calendar: str, year: int) -> Mapping[date, str]:
    """Return {date: English name} of the holidays of one year.

    `calendar` is "CA" for federal Canada, otherwise an ISO country code or country and subdivision ("GH", "CA-BC",
    "GB-ENG"). Raises CalendarError when the calendar is unknown or has no holidays at all for the year.
    """
    if calendar == FEDERAL_CANADA:
        return MappingProxyType(interpretation_act_holidays(year))
    country, _, subdivision = calendar.partition("-")
    try:
        listed = holidays.country_holidays(
            country,
            subdiv=subdivision or None,
            years=year,
            observed=country != FEDERAL_CANADA,
            language="en_US",
        )
    except NotImplementedError as error:
        raise CalendarError(
            f"There is no holiday calendar {calendar!r}; use a country or country-province code such as GH or CA-BC."
        ) from error
    if not listed:
        raise CalendarError(f"The calendar {calendar!r} lists no holidays for {year}; a date cannot be relied on.")
    return MappingProxyType(dict(listed))


@dataclass(frozen=True, slots=True)
class DayBook:
    """Answers, for one calendar and overlay, whether a day counts and why not."""

    calendar: str
    overlay: Mapping[date, str]

    def holiday(self, day: date) -> Word | None:
        """The name of the holiday on `day`; the organisation's own overlay speaks first."""
        name = self.overlay.get(day) or holidays_of(self.calendar, day.year).get(day)
        return Word(name) if name else None

    def not_a_business_day(self, day: date) -> Word | None:
        """Why nobody has to work on `day`, or None when it is a business day."""
        if day.weekday() == SATURDAY:
            return self.holiday(day) or Word(gettext_noop("Saturday"))
        return self.not_a_plain_day(day)

    def not_a_plain_day(self, day: date) -> Word | None:
        """Why `day` is a holiday where Sundays are holidays and Saturdays are not, or None."""
        return self.holiday(day) or (Word(gettext_noop("Sunday")) if day.weekday() == SUNDAY else None)

    def rolls(self, day: date, roll: Roll) -> Word | None:
        """Why a period may not end on `day` under this roll, or None when it may."""
        if roll is Roll.NON_HOLIDAY:
            return self.not_a_plain_day(day)
        return self.not_a_business_day(day) if roll is Roll.WORKING_DAY else None

    def counts(self, day: date, unit: Unit) -> bool:
        return unit is not Unit.BUSINESS_DAY or self.not_a_business_day(day) is None
