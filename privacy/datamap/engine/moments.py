"""Dates by which rows are judged, as a source tells them.

Danger: a date that a database holds and Python does not (infinity, a year before 1 or after 9999) ends the reading of a
whole portion of rows. Rule: the source compares them, and writes them as text; what Python has no date for stays text.
"""

import datetime as dt
from dataclasses import dataclass

from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.reviving import revived
from privacy.datamap.engine.spec import Column


@dataclass(frozen=True)
class BeyondCalendar:
    """A date that lies before or after all those of Python. text: as the source writes it."""

    text: str

    @property
    def is_past(self) -> bool:
        """Whether it lies before the calendar and not after it."""
        return self.text.startswith("-") or self.text.endswith(" BC")


Moment = dt.date | dt.datetime | BeyondCalendar | None


def moment_of(text: str | None, column: Column) -> Moment:
    """What a time column holds, from its text in ISO notation: aware where it holds instants, None where nothing."""
    if text is None:
        return None
    found = revived(text, column)
    return found if isinstance(found, dt.date) else BeyondCalendar(text)


def is_exact(text: str, column: Column) -> bool:
    """A day or moment in ISO notation: a source may read “yesterday”, or take 3/4 for either of two days."""
    try:
        if column.family is Family.DATE:
            return dt.date.fromisoformat(text).isoformat() == text
        if column.family in (Family.TIMESTAMP, Family.TIMESTAMP_TZ):
            dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
