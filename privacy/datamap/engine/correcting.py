"""Replacing one value in one person's rows by another: a correction of the record (GDPR art. 16; PIPEDA 4.9.5).

Danger: a value that somebody else has changed meanwhile is overwritten, or a correction done twice undoes what came
between. Rule: the rows are those of the person by their frozen keys, the expected old value is part of the change, all
of them change or none, and what was written is read back inside the same transaction. Afterwards the rows themselves
tell how it stands: all new is done, all old is still to do, anything else is somebody's change and is left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.dialects.base import Outcome
from privacy.datamap.engine.errors import EngineError, OutcomePending
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.moments import is_exact
from privacy.datamap.engine.plan import Plan
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.scoped import ScopedTable
from privacy.datamap.engine.selection import SubjectKeys
from privacy.datamap.engine.source import Source, SourceConnection
from privacy.datamap.engine.spec import Column, DatasetSpec, Key

CORRECTABLE = frozenset({
    Family.TEXT, Family.NUMBER, Family.DATE, Family.TIMESTAMP, Family.TIMESTAMP_TZ, Family.BOOLEAN,
})  # fmt: skip
LOCK_TIMEOUT_MS, STATEMENT_TIMEOUT_MS = 5_000, 30_000


class Stand(StrEnum):
    """How a correction stands in the source."""

    OPEN = "open"
    DONE = "done"
    CHANGED = "changed"
    """The rows hold something else by now, or are gone."""


class CorrectionStopped(EngineError):
    """The rows no longer hold what was to be corrected, or do not keep what was written. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__("The rows do not hold the value that was to be corrected; nothing was changed.")


@dataclass(frozen=True)
class Correction:
    """One column of some rows of one person. Values are text as the source writes it; personal data, never shown.

    old: None is an empty column (NULL).
    """

    dataset: str
    column: str
    keys: tuple[Key, ...] = field(repr=False)
    old: str | None = field(repr=False)
    new: str = field(repr=False)


@dataclass(frozen=True)
class PresentRow:
    """A row of the person: its key, and what some columns hold."""

    key: Key = field(repr=False)
    values: tuple[str | None, ...] = field(repr=False)


def correctable_columns(dataset: DatasetSpec) -> list[Column]:
    """Columns that can be corrected: none by which rows are found, tied together, or kept apart."""
    tied = {*dataset.primary_key, *(each.column for each in dataset.scope)}
    tied |= {column for path in dataset.paths for column in path[0].columns}
    return [
        each
        for each in dataset.columns
        if each.name not in tied and not each.generated and not each.set_on_update and each.family in CORRECTABLE
    ]


def present_rows(
    source: Source, plan: Plan, dataset: str, columns: Sequence[str], *, at_most: int
) -> list[PresentRow] | None:
    """What the person's rows in a dataset hold now; None when there are more of them than `at_most`.

    Raises:
        EngineError: the source cannot be read.
    """
    predicates = predicates_of(plan, source)
    table = predicates.table(dataset)
    keys = [
        source.dialect.key_as_text(*each).label(f"key_{place}")
        for place, each in enumerate(zip(table.key, table.key_columns, strict=True))
    ]
    values = [
        source.dialect.readable(table.element(name), table.dataset.column(name)).label(f"value_{place}")
        for place, name in enumerate(columns)
    ]
    where = [predicates.selected(table, _selection(plan))]
    with source.connect() as connection:
        statement = table.select(*keys, *values, where=where).order_by(*table.key).limit(at_most + 1)
        found = connection.rows(statement)
    if len(found) > at_most:
        return None
    return [PresentRow(tuple(row[: len(keys)]), tuple(row[len(keys) :])) for row in found]


def fits(source: Source, plan: Plan, correction: Correction) -> bool:
    """Whether the column would store the new value unchanged.

    Raises:
        EngineError: the source cannot tell.
    """
    column = plan.dataset(correction.dataset).column(correction.column)
    if not is_exact(correction.new, column):
        return False
    with source.connect() as connection:
        return connection.fits(correction.new, column)


def stand_of(source: Source, plan: Plan, correction: Correction, *, transaction_id: str = "") -> Stand:
    """How a correction stands. A transaction of an earlier worker that waits for its end is rolled back first.

    Args:
        transaction_id: of that transaction, where the source lets ids be chosen.

    Raises:
        OutcomePending: the earlier worker's session has not quite ended; ask again.
        EngineError: the source cannot tell.
    """
    with source.connect() as connection:
        if transaction_id:
            _end_earlier(connection, transaction_id)
        predicates = predicates_of(plan, source)
        return _stand(connection, predicates, plan, correction)


def new_transaction_id(source: Source) -> str:
    """An id to be stored before `carry_out`; empty where the source needs none."""
    return source.dialect.new_transaction_id()


def carry_out(source: Source, plan: Plan, correction: Correction, *, transaction_id: str) -> int:
    """Change the rows, all or none, and read back what they hold; returns how many.

    Raises:
        CorrectionStopped: they do not hold the old value, or not the new one afterwards. Nothing was changed.
        EngineError: the source cannot be reached, is busy, or refuses.
    """
    predicates = predicates_of(plan, source)
    table = predicates.table(correction.dataset)
    column = table.dataset.column(correction.column)
    where = [_rows(predicates, plan, table, correction), _holds(predicates, table, column, correction.old)]
    change = table.update({column.name: predicates.dialect.value(correction.new, column)}, *where)
    written = table.count(_its_keys(predicates, table, correction), _holds(predicates, table, column, correction.new))
    with (
        source.connect() as connection,
        connection.transaction(
            lock_timeout_ms=LOCK_TIMEOUT_MS, statement_timeout_ms=STATEMENT_TIMEOUT_MS, transaction_id=transaction_id
        ),
    ):
        changed = connection.change(change)
        (read_back,) = connection.lock(written)[0]
        if changed != len(correction.keys) or read_back != len(correction.keys):
            raise CorrectionStopped
    return changed


def _stand(connection: SourceConnection, predicates: Predicates, plan: Plan, correction: Correction) -> Stand:
    table = predicates.table(correction.dataset)
    column = table.dataset.column(correction.column)
    new = table.count(_its_keys(predicates, table, correction), _holds(predicates, table, column, correction.new))
    rows = _rows(predicates, plan, table, correction)
    old = table.count(rows, _holds(predicates, table, column, correction.old))
    has_new, has_old = connection.numbers([new, old])
    if has_new == len(correction.keys):
        return Stand.DONE
    return Stand.OPEN if has_old == len(correction.keys) else Stand.CHANGED


def _end_earlier(connection: SourceConnection, transaction_id: str) -> None:
    outcome = connection.outcome(transaction_id)
    if outcome is Outcome.IN_PROGRESS or (
        outcome is Outcome.WAITING and not connection.roll_back_waiting(transaction_id)
    ):
        raise OutcomePending("An earlier attempt at the same correction has not quite ended in the source.")


def _rows(predicates: Predicates, plan: Plan, table: ScopedTable, correction: Correction) -> ColumnElement[bool]:
    """By their own keys, and still the person's."""
    mine = predicates.selected(table, _selection(plan))
    return _its_keys(predicates, table, correction) & mine


def _its_keys(predicates: Predicates, table: ScopedTable, correction: Correction) -> ColumnElement[bool]:
    return predicates.dialect.is_one_of(table.key, table.key_columns, correction.keys)


def _holds(predicates: Predicates, table: ScopedTable, column: Column, value: str | None) -> ColumnElement[Any]:
    element = table.element(column.name)
    return element.is_(None) if value is None else predicates.dialect.equals(element, column, value)


def _selection(plan: Plan) -> SubjectKeys:
    """Of a plan about a person every step has the same."""
    selections = [step.selection for step in plan.steps if isinstance(step.selection, SubjectKeys)]
    return selections[0]
