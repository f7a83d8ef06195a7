"""When a period is over.

"Thirty days after cancellation" means: the day of cancellation is day 0, the thirtieth day after it still belongs to
the period, and the rows are due on the thirty-first. In dates: event + days < today, all of them calendar dates where
the organisation is. So a person always has the whole last day.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from privacy.datamap.engine.errors import InvalidSpec
from privacy.register.selectors import local_date, profile


@dataclass(frozen=True)
class Cutoff:
    """Events before `day` are due; events on it are not. `moment` is when that day began where the organisation is."""

    day: dt.date
    moment: dt.datetime

    def for_column(self, data_type: str) -> dt.date | dt.datetime:
        """The cutoff to compare a column of this type with.

        A column without a time zone may hold local time or UTC; the earlier of the two readings is taken, so that
        nothing goes before its last day is over.

        Raises:
            InvalidSpec: the type is no date.
        """
        name = data_type.lower()
        if name == "date":
            return self.day
        if name.startswith("timestamp"):
            as_written = dt.datetime.combine(self.day, dt.time.min, tzinfo=dt.UTC)
            return self.moment if "with time zone" in name else min(self.moment, as_written)
        raise InvalidSpec(f"A column of type {data_type!r} holds no date from which a period could be counted.")


def cutoff(*, days: int, now: dt.datetime) -> Cutoff:
    """The cutoff of a period of so many days.

    Args:
        days: length of the period in calendar days, at least 1.
        now: an aware datetime.

    Raises:
        ProfileMissing: nobody has said where the organisation is.
    """
    day = local_date(now) - dt.timedelta(days=days)
    zone = ZoneInfo(profile().time_zone)
    return Cutoff(day, dt.datetime.combine(day, dt.time.min, tzinfo=zone).astimezone(dt.UTC))
