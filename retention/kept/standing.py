"""What became of rows that the law wanted kept: asked of the source now, of exactly these rows.

Danger: to act on yesterday's answer, or on a row that is not the one that was kept.
Rule: this is asked when the rows are looked through, when their erasure is planned, and in every slice that carries it
out; each time with the minimums, the data map and the values of that moment.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.kept import BATCH_ROWS, SeenRow, look_at, steps_now
from privacy.datamap.engine.plan import Action, Step
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.minimums import minimums_of
from privacy.datamap.models import Dataset, Source
from privacy.datamap.specs import datasets_of, specs_of
from privacy.datamap.subject_plan import erasure_instructions
from retention.kept.days import last_day
from retention.kept.remembering import stamp_of
from retention.models import KeptRow


class Stand(StrEnum):
    GONE = "gone"  # deleted, or anonymised as an erasure would, or the data map keeps it for a reason of its own
    CHANGED = "changed"
    KEPT = "kept"
    FREE = "free"


@dataclass(frozen=True)
class Standing:
    """Of one row. until: the last day on which the law wants it kept, None when it is free or nobody knows."""

    row: KeptRow
    stand: Stand
    until: dt.date | None = None


class KeptWorld:
    """What the data map and the law say now about the rows of one source.

    Raises:
        DatamapIncomplete: a minimum does not fit the data map.
        EngineError: the source cannot be read, or the data map does not fit it.
    """

    def __init__(self, source: Source, engine: EngineSource) -> None:
        self._engine = engine
        self.datasets = {each.key: each for each in datasets_of(source)}
        every = list(self.datasets.values())
        self._minimums = {each.protection.name: each for each in minimums_of(source, every)}
        self.specs = specs_of(every)
        self.instructions = {each.dataset: each for each in erasure_instructions(source, every)}
        self._plan = steps_now(engine, self.specs, list(self.instructions.values()))
        self.steps = {step.dataset: step for step in self._plan.steps}

    def names(self, dataset: str) -> list[str]:
        """What may keep rows of a dataset now, by name."""
        step = self.steps.get(dataset)
        return sorted({each.name for each in step.unless}) if step else []

    def standings(self, dataset: Dataset, rows: Sequence[KeptRow]) -> Iterator[Standing]:
        """What became of rows of one dataset, in their order.

        Raises:
            EngineError: the source cannot tell.
        """
        step = self.steps.get(dataset.key)
        if step is None or step.action is Action.KEEP:
            yield from (Standing(each, Stand.GONE) for each in rows)
            return
        columns = sorted({name for each in rows for name in each.kept.columns})
        if unknown := set(columns) - {each.name for each in self._plan.dataset(dataset.key).columns}:
            raise InvalidSpec(f"{dataset.key} has no column {', '.join(sorted(unknown))} any more.")
        for some in _batched(rows):
            seen = look_at(self._engine, self._plan, step, [tuple(each.key) for each in some], columns)
            for each in some:
                yield self._standing(dataset, step, each, seen.get(tuple(each.key)), columns)

    def _standing(
        self, dataset: Dataset, step: Step, row: KeptRow, seen: SeenRow | None, columns: Sequence[str]
    ) -> Standing:
        if seen is None or (step.action is Action.MASK and seen.done):
            return Standing(row, Stand.GONE)
        value = dict(zip(columns, seen.values, strict=True))
        if stamp_of(dataset, row.kept.columns, [value[name] for name in row.kept.columns]) != bytes(row.stamp):
            return Standing(row, Stand.CHANGED)
        if seen.kept_by:
            return Standing(row, Stand.KEPT, last_day(seen, self._minimums))
        return Standing(row, Stand.FREE)


def _batched(rows: Sequence[KeptRow]) -> Iterator[Sequence[KeptRow]]:
    for start in range(0, len(rows), BATCH_ROWS):
        yield rows[start : start + BATCH_ROWS]
