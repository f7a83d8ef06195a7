"""Until when the law wants a row kept."""

import datetime as dt
from collections.abc import Mapping

from privacy.datamap.engine.kept import SeenRow
from privacy.datamap.minimums import LegalMinimum


def last_day(row: SeenRow, known: Mapping[str, LegalMinimum]) -> dt.date | None:
    """The last day of the minimum that keeps a row longest; None when one of them has no known end.

    Args:
        known: the minimums of today, by the names of their protections.
    """
    days = []
    for name, event in row.kept_by:
        end = known[name].ends_on(event) if name in known else None
        if end is None:
            return None
        days.append(end)
    return max(days, default=None)
