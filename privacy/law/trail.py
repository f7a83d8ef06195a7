"""Walks one period from start to last day and writes every step down.

The last day is only ever moved by writing a step, so the date and its explanation cannot disagree.
"""

from dataclasses import dataclass, field
from datetime import date

from privacy.law import words
from privacy.law.calendars import DayBook
from privacy.law.counting import days_between, last_day, roll_forward, skipped_holidays
from privacy.law.enums import ExtensionFrom, FirstDay, Unit
from privacy.law.events import Extended
from privacy.law.extensions import length
from privacy.law.sentences import Step, Value
from privacy.law.shapes import Clocked, Extension, Period, Span


@dataclass(slots=True)
class Trail:
    """A running last day and the steps that led to it."""

    book: DayBook
    last_day: date
    steps: list[Step] = field(default_factory=list)

    def say(self, sentence: str, **values: Value) -> None:
        """Write a sentence that moves nothing."""
        self.steps.append(Step(sentence, tuple(values.items()), self.last_day))

    def move(self, sentence: str, day: date, **values: Value) -> None:
        """Move the last day, and write why; the sentence's gap `day` is the new last day."""
        self.last_day = day
        self.say(sentence, **values, day=day)

    def count(self, citation: str, period: Period, start: date) -> None:
        """Count the period itself from `start`."""
        if period.span.unit is Unit.CALENDAR_MONTH:
            sentence = words.MONTHS
        else:
            included = period.first_day is FirstDay.INCLUDED
            sentence = words.DAYS_WITH_RECEIPT if included else words.DAYS_AFTER_RECEIPT
        self.say(sentence, citation=citation, **words.span_values(period.span))
        end = last_day(start, period.span, period.first_day, self.book)
        self._name_skipped(period.span.unit, start, end)
        self.move(words.ENDS, end, start=start)

    def extend(self, rule: Clocked, extension: Extension, event: Extended, start: date) -> None:
        """Prolong the period by a notice that was checked before."""
        added, base = length(extension, event), rule.period
        from_start = extension.counted_from is ExtensionFrom.START
        if from_start:
            whole = Span(base.span.n + added.n, added.unit)
            end = last_day(start, whole, base.first_day, self.book)
        else:
            end = last_day(self.last_day, added, FirstDay.EXCLUDED, self.book)
        self._name_skipped(added.unit, self.last_day, end)
        values = {"notice": event.on, **words.span_values(added)}
        if from_start:
            self.move(words.EXTENDED_FROM_START, end, **values, start=start)
        else:
            self.move(words.EXTENDED, end, **values)

    def stand_still(self, begin: date, end: date, unit: Unit) -> None:
        """Add the days the clock stood. Periods of months add calendar days."""
        counted = Unit.BUSINESS_DAY if unit is Unit.BUSINESS_DAY else Unit.CALENDAR_DAY
        lost = days_between(begin, end, counted, self.book)
        if lost == 0:
            return
        later = last_day(self.last_day, Span(lost, counted), FirstDay.EXCLUDED, self.book)
        self._name_skipped(counted, self.last_day, later)
        self.move(words.PAUSED, later, begin=begin, end=end, n=lost, unit=words.unit_word(lost, counted))

    def roll(self, period: Period) -> None:
        """Move off days on which the period may not end, one sentence a day."""
        for day, reason, following in roll_forward(self.last_day, period.roll, self.book):
            self.move(words.ROLLED, following, moved_from=day, reason=reason)

    def _name_skipped(self, unit: Unit, start: date, end: date) -> None:
        if unit is Unit.BUSINESS_DAY:
            for day, name in skipped_holidays(start, end, self.book):
                self.say(words.SKIPPED, day=day, reason=name)
