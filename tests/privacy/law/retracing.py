"""Reads an explanation as a person would and does the arithmetic again, by other means than the code under test."""

import re
from datetime import date, timedelta

from privacy.law.deadline import Deadline
from privacy.law.sentences import MONTHS

DATE = r"\w+ (\d{1,2} \w+ \d{4})"


def read_date(text: str) -> date:
    day, month, year = text.split()
    return date(int(year), MONTHS.index(month) + 1, int(day))


def dates_in(sentence: str) -> list[date]:
    return [read_date(found) for found in re.findall(DATE, sentence)]


def weekdays_after(start: date, end: date) -> int:
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(day.weekday() < 5 for day in days)


def retrace(deadline: Deadline) -> date:
    """Return the last day that the sentences themselves lead to; fail where one does not follow from the last."""
    last, skipped, given = deadline.received_on, 0, None
    for sentence in map(str, deadline.explanation):
        days = dates_in(sentence)
        if found := re.search(r"gives (\d+) (business|calendar) (days?|months?)(.*)", sentence):
            given = (int(found[1]), found[2] + " " + found[3].rstrip("s"), "is the first" in found[4])
        elif "is not counted: " in sentence:
            assert days[0].weekday() < 5
            skipped += 1
        elif sentence.startswith("Counted from"):
            start, last = days
            check_period(start, last, *given, skipped=skipped)
            skipped = 0
        elif sentence.startswith("It cannot end on"):
            assert days == [last, last + timedelta(days=1)]
            last = days[1]
        elif sentence.startswith("It stood from"):
            added = int(re.search(r"so (\d+)", sentence)[1])
            if "business" in sentence:
                assert weekdays_after(last, days[2]) - skipped == added
            else:
                assert days[2] - last == timedelta(days=added) == days[1] - days[0]
            last, skipped = days[2], 0
        elif "it is extended by" in sentence:
            assert days[-1] > last
            last, skipped = days[-1], 0
        elif sentence.startswith("The last day to"):
            assert days == [last]
    return last


def check_period(start: date, end: date, n: int, unit: str, included: bool, *, skipped: int) -> None:
    if unit == "calendar day":
        assert (end - start).days == n - included
    elif unit == "business day":
        assert weekdays_after(start, end) - skipped == n
    else:
        months = (end.year - start.year) * 12 + end.month - start.month
        assert months == n
        assert end.day == start.day or (end + timedelta(days=1)).day == 1
