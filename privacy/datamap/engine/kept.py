"""Rows that protections keep from an erasure: which they are, and what became of them later. Reads, changes nothing.

Danger: a key says which row was kept, not that the row under it is still the same one.
Rule: besides the key every row is read with columns that tell it apart; the caller keeps a fingerprint of their values
and compares. What is kept, and whether it is done, is asked by the conditions that runs use.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false
from sqlalchemy.engine import Row
from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.introspect import complete
from privacy.datamap.engine.moments import Moment
from privacy.datamap.engine.plan import Action, Plan, Step
from privacy.datamap.engine.planner import Instruction
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.protecting import spread
from privacy.datamap.engine.scoped import ScopedTable
from privacy.datamap.engine.selection import Protection, SubjectKeys
from privacy.datamap.engine.source import Source
from privacy.datamap.engine.spec import DatasetSpec, Key

BATCH_ROWS = 1_000


@dataclass(frozen=True)
class SeenRow:
    """A row as it is now.

    values: of the columns asked for, as text. kept_by: the protections that keep it, each with the event that counts,
    None when it is not known. done: it already is what its step makes of it.
    """

    key: Key
    values: tuple[str | None, ...]
    kept_by: tuple[tuple[str, Moment], ...]
    done: bool


def telling_columns(plan: Plan, step: Step) -> tuple[str, ...]:
    """Columns of a step's own rows that tell a row from another one that gets its key later.

    Those by which it is somebody's, and the dates, or the ways to the dates, that keep it for a time.
    """
    dataset = plan.dataset(step.dataset)
    names = {column for path in dataset.paths for column in path[0].columns}
    names |= {identity.column for identity in dataset.identities}
    for each in (each for each in step.unless if not each.newer):
        names |= set(each.since.path[0].columns) if each.since.path else {each.since.column}
    return tuple(sorted(names))


def steps_now(source: Source, datasets: Sequence[DatasetSpec], instructions: Sequence[Instruction]) -> Plan:
    """What instructions do and what keeps rows from them, also because protected rows lead there; about no row yet.

    Raises InvalidSpec when the data map does not fit the source.
    """
    with source.connect() as connection:
        catalog = connection.catalog()
    completed = tuple(complete(dataset, catalog) for dataset in datasets)
    nobody = SubjectKeys(())
    steps = [
        Step(each.dataset, each.dataset, each.action, nobody, masks=each.masks, kept=each.kept,
             unless=each.unless if each.action is not Action.KEEP else ())
        for each in instructions
    ]  # fmt: skip
    return Plan(completed, tuple(spread(steps, completed)))


def stream_kept(source: Source, plan: Plan, step: Step, columns: Sequence[str]) -> Generator[list[SeenRow], None, None]:
    """Rows that a step selects and its protections keep, batch by batch: memory stays flat.

    Consume or close the iterator: it holds a connection. Raises EngineError when the source cannot tell.
    """
    predicates = predicates_of(plan, source)
    table = predicates.table(step.dataset)
    reading = _Reading(source, predicates, table, step, columns)
    with source.connect() as connection:
        statement = table.select(*reading.what, where=[predicates.protected_rows(table, step)])
        for rows in connection.stream(statement, batch=BATCH_ROWS):
            yield [reading.seen(row) for row in rows]


def look_at(
    source: Source, plan: Plan, step: Step, keys: Sequence[Key], columns: Sequence[str]
) -> Mapping[Key, SeenRow]:
    """The rows with these keys as they are now; a key without a row is left out.

    keys: as many as fit into one statement, see BATCH_ROWS. Raises EngineError when the source cannot tell.
    """
    predicates = predicates_of(plan, source)
    table = predicates.table(step.dataset)
    reading = _Reading(source, predicates, table, step, columns)
    where = source.dialect.is_one_of(table.key, table.key_columns, keys)
    with source.connect() as connection:
        found = [reading.seen(row) for row in connection.rows(table.select(*reading.what, where=[where]))]
    return {each.key: each for each in found}


class _Reading:
    """What is read of each row of a step, and how to understand it."""

    def __init__(
        self, source: Source, predicates: Predicates, table: ScopedTable, step: Step, columns: Sequence[str]
    ) -> None:
        self._source, self._predicates, self._step = source, predicates, step
        self._key, self._values = len(table.key), len(columns)
        dialect, dataset = source.dialect, table.dataset
        asked: list[ColumnElement[Any]] = [
            *(dialect.key_as_text(*each) for each in zip(table.key, table.key_columns, strict=True)),
            *(dialect.readable(table.element(name), dataset.column(name)) for name in columns),
            predicates.all_masked(table, step.effective_masks) if step.action is Action.MASK else false(),
        ]
        for each in step.unless:
            asked += [predicates.is_protected(table, (each,)), predicates.event(table, each.since)]
        self.what = [each.label(f"read_{place}") for place, each in enumerate(asked)]

    def seen(self, row: Row[Any]) -> SeenRow:
        key, values = tuple(row[: self._key]), tuple(row[self._key : self._key + self._values])
        done, *rest = row[self._key + self._values :]
        found = zip(self._step.unless, rest[::2], rest[1::2], strict=True)
        kept_by = tuple((each.name, self._moment(each, event)) for each, keeps, event in found if keeps)
        return SeenRow(key, values, kept_by, bool(done))

    def _moment(self, protection: Protection, event: Any) -> Moment:
        dataset = self._predicates.dataset(self._step.dataset)
        return self._source.dialect.moment(event, self._predicates.event_column(dataset, protection.since))
