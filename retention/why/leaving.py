"""Whether an erasure left a row, or is about to leave it, because it came after the day of the request."""

import datetime as dt

from privacy.datamap.engine.one_row import OneRow
from privacy.datamap.engine.plan import Plan
from privacy.datamap.errors import DatamapIncomplete
from privacy.datamap.models import Action, Dataset
from privacy.datamap.newer import newer_rows
from privacy.register.selectors import profile
from retention.erased.extents import left_in
from retention.erased.fingerprints import fingerprints_of
from retention.why.answers import RunAnswer


def left_as_newer(
    dataset: Dataset, everything: list[Dataset], row: OneRow, bare: Plan, runs: tuple[RunAnswer, ...]
) -> dt.date | None:
    """The day of the last request behind such an erasure; None when none is known.

    An erasure that has ended is known by what the row still says of the person, as a look for erased people knows it.

    Args:
        bare: a plan that knows every dataset of the source.
        runs: those under way that have the row in their plan.

    Raises:
        EngineError: the source cannot tell.
    """
    days = {each.run.received_on for each in runs if each.leaves_newer}
    if dataset.on_erasure != Action.KEEP:
        days |= {day for day in _days_of_erased(dataset, row, bare) if _is_newer(dataset, everything, row, bare, day)}
    return max((day for day in days if day is not None), default=None)


def _days_of_erased(dataset: Dataset, row: OneRow, bare: Plan) -> set[dt.date]:
    region = profile().country
    names = {(kind, each) for kind, value in row.names(bare) for each in fingerprints_of(kind, value, region=region)}
    left = left_in(dataset.source, names).values() if names else ()
    return {each.received_on for each in left if each is not None and each.received_on is not None}


def _is_newer(dataset: Dataset, everything: list[Dataset], row: OneRow, bare: Plan, day: dt.date) -> bool:
    """Where the data map names a column that does not say when a row came about, no erasure is planned by it either."""
    try:
        protection = newer_rows(everything, day).get(dataset.key)
    except DatamapIncomplete:
        return False
    return protection is not None and row.of_protections(bare, [protection])[0].protects
