"""Sentences that explain a date, as data: English words with gaps, and what fills them.

The clock knows no framework, so it cannot translate. It hands out steps; who shows them passes a translating function
(Django's gettext) and a way to write dates. The words are marked with `gettext_noop`, so message extraction finds them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def gettext_noop(words: str) -> str:
    """Mark words for message extraction and return them unchanged."""
    return words


class Word(str):
    """A value in a sentence that itself wants translating (a unit, a cause, the name of a holiday)."""

    __slots__ = ()


Value = date | int | str


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of an explanation. `last_day` is the running last day of the period after this step."""

    words: str
    values: tuple[tuple[str, Value], ...]
    last_day: date | None = None

    def __str__(self) -> str:
        return sentence(self)


def english_date(day: date) -> str:
    """Write a date out, independent of the process's locale."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def sentence(
    step: Step,
    *,
    translate: Callable[[str], str] = str,
    show_date: Callable[[date], str] = english_date,
) -> str:
    """Return the step as one sentence in the language of `translate`, with dates written by `show_date`."""

    def shown(value: Value) -> str:
        if isinstance(value, date):
            return show_date(value)
        return translate(str(value)) if isinstance(value, Word) else str(value)

    return translate(step.words) % {name: shown(value) for name, value in step.values}
