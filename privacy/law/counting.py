"""Adding lengths of time to dates. Dates are local dates of the organisation; no hours, so no daylight saving time."""

import calendar as gregorian
from collections.abc import Iterator
from datetime import date, timedelta

from privacy.law.calendars import DayBook
from privacy.law.enums import FirstDay, Roll, Unit
from privacy.law.sentences import Word
from privacy.law.shapes import Span

ONE_DAY = timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """Return the corresponding date `months` later, or the last day of that month when it has no such date."""
    years, month_index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month_index + 1
    return date(year, month, min(day.day, gregorian.monthrange(year, month)[1]))


def last_day(start: date, span: Span, first_day: FirstDay, book: DayBook) -> date:
    """Return the last day of `span` counted from `start`, before any roll.

    Months end on the corresponding date whether or not the first day counts (Regulation 1182/71, art. 3; guidance of
    the Information Commissioner for the United Kingdom).
    """
    if span.unit is Unit.CALENDAR_MONTH:
        return add_months(start, span.n)
    if span.unit is Unit.CALENDAR_DAY:
        return start + timedelta(days=span.n - (first_day is FirstDay.INCLUDED))
    return _nth_business_day(start - ONE_DAY if first_day is FirstDay.INCLUDED else start, span.n, book)


def _nth_business_day(after: date, n: int, book: DayBook) -> date:
    day, found = after, 0
    while found < n:
        day += ONE_DAY
        found += book.not_a_business_day(day) is None
    return day


def days_between(begin: date, end: date, unit: Unit, book: DayBook) -> int:
    """Return how many days a clock loses while it stands from `begin` until `end`.

    The day the wait began is lost, the day it ended is not. Business-day clocks lose business days only.
    """
    return sum(book.counts(begin + timedelta(days=n), unit) for n in range((end - begin).days))


def skipped_holidays(start: date, end: date, book: DayBook) -> Iterator[tuple[date, Word]]:
    """The named holidays after `start` and before `end` that fall on a weekday: why a business-day count is longer."""
    for n in range(1, (end - start).days):
        day = start + timedelta(days=n)
        name = book.holiday(day)
        if name and day.weekday() < 5:
            yield day, name


def roll_forward(day: date, roll: Roll, book: DayBook) -> Iterator[tuple[date, Word, date]]:
    """Yield each (day, why it cannot be the last, next day) until a day on which the period may end."""
    while reason := book.rolls(day, roll):
        yield day, reason, day + ONE_DAY
        day += ONE_DAY
