"""Reads an explanation as a person would and does the arithmetic again, by other means than the code under test."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from privacy.law.deadline import Deadline
from privacy.law.sentences import MONTHS, WEEKDAYS

DATE = re.compile(r"(\w+day) (\d{1,2}) (\w+) (\d{4})")
LENGTH = re.compile(r"(\d+) (business day|calendar day|calendar month)s?")


def dates_in(sentence: str) -> list[date]:
    """The dates of a sentence; fail where one is called by another day of the week than it has."""
    found = []
    for weekday, day, month, year in DATE.findall(sentence):
        found.append(date(int(year), MONTHS.index(month) + 1, int(day)))
        assert WEEKDAYS[found[-1].weekday()] == weekday
    return found


def length_in(sentence: str) -> tuple[int, str]:
    n, unit = LENGTH.search(sentence).groups()
    return int(n), unit


def weekdays_after(start: date, end: date) -> int:
    """How many days from Monday to Friday there are after `start`, up to and including `end`."""
    weeks, rest = divmod((end - start).days, 7)
    return weeks * 5 + sum((start.weekday() + n) % 7 < 5 for n in range(1, rest + 1))


def months_between(start: date, end: date) -> int:
    assert end.day == start.day or (end + timedelta(days=1)).day == 1
    return (end.year - start.year) * 12 + end.month - start.month


@dataclass
class Reader:
    """Goes through the sentences; `last` is the last day they have led to so far."""

    last: date
    start: date
    given: tuple[int, str, bool] | None = None
    skipped: list[date] = field(default_factory=list)
    concluded: bool = False

    def read(self, sentence: str) -> None:
        assert not self.concluded
        days = dates_in(sentence)
        if sentence.startswith("Received on"):
            assert days == [self.start]
        elif "starts anew on" in sentence or "would start anew" in sentence:
            assert days[0] >= self.start
            self.start = days[0]
        elif " gives " in sentence:
            self.given = (*length_in(sentence), "is the first" in sentence)
        elif "is not counted: " in sentence:
            assert days[0].weekday() < 5
            self.skipped.append(days[0])
        elif sentence.startswith("Counted from"):
            self._counted(*days)
        elif sentence.startswith("It cannot end on"):
            self._rolled(sentence, *days)
        elif sentence.startswith("It stood from"):
            self._stood(sentence, *days)
        elif "it is extended by" in sentence:
            self._extended(sentence, days)
        elif sentence.startswith("The last day to"):
            assert days == [self.last]
            self.concluded = True
        else:
            assert "does not stop this clock" in sentence or sentence.startswith("The clock has stood since")

    def _counted(self, start: date, end: date) -> None:
        assert start == self.start
        n, unit, included = self.given
        if unit == "calendar month":
            assert months_between(start, end) == n
        else:
            self._days(start - timedelta(days=included), end, n, unit)
        self.last = end

    def _rolled(self, sentence: str, moved_from: date, day: date) -> None:
        assert (moved_from, day) == (self.last, self.last + timedelta(days=1))
        reason = re.search(r"\((.+)\), so", sentence)[1]
        assert reason not in WEEKDAYS or WEEKDAYS[moved_from.weekday()] == reason
        self.last = day

    def _stood(self, sentence: str, begin: date, end: date, day: date) -> None:
        lost, unit = length_in(sentence)
        assert lost <= (end - begin).days if unit == "business day" else lost == (end - begin).days
        self._days(self.last, day, lost, unit)
        self.last = day

    def _extended(self, sentence: str, days: list[date]) -> None:
        added, unit = length_in(sentence)
        if "counted again from" in sentence:
            _notice, start, end = days
            assert start == self.start
            assert months_between(start, end) == self.given[0] + added
        else:
            _notice, end = days
            self._days(self.last, end, added, unit)
        self.last = end

    def _days(self, after: date, end: date, n: int, unit: str) -> None:
        if unit == "calendar day":
            assert (end - after).days == n
        else:
            assert all(after < day < end for day in self.skipped)
            assert weekdays_after(after, end) - len(self.skipped) == n
        self.skipped.clear()


def retrace(deadline: Deadline) -> date:
    """Return the last day that the sentences themselves lead to; fail where one does not follow from the last."""
    return follow(deadline.received_on, map(str, deadline.explanation))


def retrace_acknowledgement(deadline: Deadline) -> date | None:
    """Return the last day to acknowledge that the sentences lead to, None where there are none."""
    sentences = [str(step) for step in deadline.acknowledgement]
    return follow(deadline.received_on, sentences) if sentences else None


def follow(received_on: date, sentences: Iterable[str]) -> date:
    reader = Reader(last=received_on, start=received_on)
    for sentence in sentences:
        reader.read(sentence)
    assert reader.concluded
    return reader.last
