"""When a period is over.

"Thirty days after cancellation" means: the day of cancellation is day 0, the thirtieth day after it still belongs to
the period, and the rows are due on the thirty-first. In dates: last day of the period < today, all of them calendar
dates where the organisation is. So a person always has the whole last day.

Danger: SQL that adds months to a column disagrees with what an officer was shown, and each database adds its own way.
Rule: the arithmetic is done here, once; the source is given one date, and `event < date` is exactly "the period of
this event is over". That is possible because a later event never has an earlier end.
"""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from privacy.datamap.cutoffs import Cutoff, cutoff_at
from privacy.register.selectors import local_date, profile
from retention.enums import PeriodUnit
from retention.errors import PeriodInvalid

LONGEST: dict[str, int] = {PeriodUnit.DAYS: 36_500, PeriodUnit.MONTHS: 1_200, PeriodUnit.YEARS: 100}
"""One hundred years, in each unit: whatever is longer is a slip of the hand."""

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A length of time after an event.

    amount: how many of `unit`, at least 1. year_end_month: 1 to 12 when the period only begins with the end of the
    calendar (12) or fiscal year in which the event lies, None when it begins with the event.
    Raises PeriodInvalid.
    """

    amount: int
    unit: str
    year_end_month: int | None = None

    def __post_init__(self) -> None:
        if self.unit not in LONGEST:
            raise PeriodInvalid(_("A period is counted in days, months or years."))
        if not 1 <= self.amount <= LONGEST[self.unit]:
            raise PeriodInvalid(_("A period is at least one day and at most one hundred years."))
        if self.year_end_month is not None and not 1 <= self.year_end_month <= 12:
            raise PeriodInvalid(_("A year ends with one of its twelve months."))

    def last_day(self, event: dt.date) -> dt.date:
        """The last day that belongs to the period of an event.

        A month that has no such day ends it with its own last day (31 January and one month: 28 or 29 February).
        """
        if self.year_end_month is None:
            return self._after(event)
        return self._after(year_start_after(event, self.year_end_month)) - ONE_DAY

    def first_day_kept(self, today: dt.date) -> dt.date:
        """The earliest event whose period is not over today: every earlier one is, no later one is."""
        if self.year_end_month is not None:
            return self._first_year_kept(today, self.year_end_month)
        day = self._before(today)
        while self.last_day(day) < today:
            day += ONE_DAY
        return day

    def _first_year_kept(self, today: dt.date, month: int) -> dt.date:
        start = year_start_after(self._before(today), month)
        start = start.replace(year=start.year - 2)
        while self.last_day(start) < today:
            start = start.replace(year=start.year + 1)
        return start

    def _after(self, day: dt.date) -> dt.date:
        return day + dt.timedelta(days=self.amount) if self.unit == PeriodUnit.DAYS else _plus(day, self._months)

    def _before(self, day: dt.date) -> dt.date:
        return day - dt.timedelta(days=self.amount) if self.unit == PeriodUnit.DAYS else _plus(day, -self._months)

    @property
    def _months(self) -> int:
        return self.amount * (12 if self.unit == PeriodUnit.YEARS else 1)


def year_start_after(day: dt.date, end_month: int) -> dt.date:
    """The first day of the year that follows the one of `day`, where years end with the month `end_month`."""
    month = end_month % 12 + 1
    return dt.date(day.year + (day.month >= month), month, 1)


def _plus(day: dt.date, months: int) -> dt.date:
    """So many months later (or earlier), on the same day of the month or the last one that it has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def cutoff(period: Period, *, now: dt.datetime) -> Cutoff:
    """The cutoff of a period.

    Args:
        now: an aware datetime.

    Raises:
        ProfileMissing: nobody has said where the organisation is.
    """
    return cutoff_at(period.first_day_kept(local_date(now)))


def cutoff_on(period: Period, day: dt.date) -> Cutoff:
    """The cutoff that a period has on a day where the organisation is."""
    return cutoff(period, now=dt.datetime.combine(day, dt.time(12), tzinfo=ZoneInfo(profile().time_zone)))


def due_on(period: Period, event: dt.date | dt.datetime, data_type: str) -> dt.date:
    """The first day on which the cutoff of a period lies after an event: when a row with this event becomes due.

    Args:
        data_type: of the column with the event.

    Raises:
        ProfileMissing: nobody has said where the organisation is.
        InvalidSpec: the type is no date.
        OverflowError, ValueError: it lies beyond the calendar.
    """
    day = period.last_day(_day_of(event)) + ONE_DAY
    while not _moment(event) < _moment(cutoff_on(period, day).for_column(data_type)):
        day += ONE_DAY
    return day


def last_day_kept(period: Period, event: dt.date | dt.datetime, data_type: str, zone: ZoneInfo) -> dt.date:
    """The last day on which a minimum keeps a row: the day before the cutoff lies after the event.

    A time without a zone may be local or UTC. The later of the two days counts, as in `Cutoff.for_column`: a minimum
    may end a day late and never a day early.

    Args:
        zone: where the organisation is.
    """
    if not isinstance(event, dt.datetime):
        return period.last_day(event)
    moment = _moment(event)
    days = [moment.astimezone(zone).date()]
    if "with time zone" not in data_type.lower():
        days.append(moment.astimezone(dt.UTC).date())
    return period.last_day(max(days))


def _day_of(event: dt.date | dt.datetime) -> dt.date:
    if not isinstance(event, dt.datetime):
        return event
    return local_date(event) if event.tzinfo else event.date()


def _moment(value: dt.date | dt.datetime) -> dt.datetime:
    """As sources compare: a time without a zone is read as UTC, a day is its first moment."""
    if not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time.min, tzinfo=dt.UTC)
    return value if value.tzinfo else value.replace(tzinfo=dt.UTC)
