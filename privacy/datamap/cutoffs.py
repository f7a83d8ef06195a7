"""A day as a border between rows: from columns of every type, told as sources compare.

Danger: a column without a time zone may hold local time or UTC, and a border read wrongly takes rows of another day.
Rule: the earlier of the two readings is taken, so that of a row of which one cannot say on which side it lies the data
is left rather than lost.
"""

import datetime as dt
from dataclasses import dataclass

from privacy.datamap.engine.errors import InvalidSpec
from privacy.register.selectors import local_midnight


@dataclass(frozen=True)
class Cutoff:
    """Events before `day` are due; events on it are not. `moment` is when that day began where the organisation is."""

    day: dt.date
    moment: dt.datetime

    def for_column(self, data_type: str) -> dt.date | dt.datetime:
        """The cutoff to compare a column of this type with.

        Raises:
            InvalidSpec: the type is no date.
        """
        name = data_type.lower()
        if name == "date":
            return self.day
        if holds_date(data_type):
            as_written = dt.datetime.combine(self.day, dt.time.min, tzinfo=dt.UTC)
            return self.moment if "with time zone" in name else min(self.moment, as_written)
        raise InvalidSpec(f"A column of type {data_type!r} holds no date from which a period could be counted.")


def holds_date(data_type: str) -> bool:
    """Whether a column of this type says when something was."""
    name = data_type.lower()
    return name == "date" or name.startswith(("timestamp", "datetime"))  # MariaDB and SQLite say datetime


def cutoff_at(day: dt.date) -> Cutoff:
    """The beginning of a day where the organisation is.

    Raises:
        ProfileMissing: nobody has said where that is.
    """
    return Cutoff(day, local_midnight(day).astimezone(dt.UTC))
