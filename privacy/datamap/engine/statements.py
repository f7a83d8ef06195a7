"""The two statements of a chunk: where its window ends, and the change itself."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Tuple, func, not_, tuple_
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.expression import Executable

from privacy.datamap.engine.dialects.base import Dialect, typed
from privacy.datamap.engine.journal import Chunk
from privacy.datamap.engine.plan import Action, Step
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.scoped import ScopedTable
from privacy.datamap.engine.selection import Held
from privacy.datamap.engine.source import SourceConnection
from privacy.datamap.engine.spec import Key


@dataclass(frozen=True)
class Window:
    """Rows with lower < key <= upper; None is open. rows: how many matched when it was measured."""

    lower: Key | None
    upper: Key | None
    rows: int


class StepStatements:
    """Builds the statements of one step. What they have in common is built once for as long as the same are held."""

    def __init__(self, predicates: Predicates, dialect: Dialect, step: Step) -> None:
        self._predicates = predicates
        self._dialect = dialect
        self._step = step
        self._table = predicates.table(step.dataset)
        self._values = predicates.masked_values(self._table, step.effective_masks)
        self._held: Held | None = None
        self._conditions: list[ColumnElement[bool]] = []

    def next_window(
        self, connection: SourceConnection, lower: Key | None, upper: Key | None, size: int, held: Held
    ) -> Window | None:
        """The next `size` matching rows in key order between the bounds, or fewer when there are no more, or None."""
        table = self._table
        order = func.row_number().over(order_by=table.key).label("place")
        keys = [self._dialect.key_as_text(element).label(f"key_{place}") for place, element in enumerate(table.key)]
        first = table.select(*keys, order, where=[*self._matching(held), *_between(table, lower, upper)])
        portion = first.order_by(*table.key).limit(size).subquery("portion")
        last = portion.select().order_by(portion.c.place.desc()).limit(1)
        found = connection.rows(last)
        return Window(lower, tuple(found[0][:-1]), int(found[0][-1])) if found else None

    def change(self, chunk: Chunk, held: Held) -> Executable:
        """The UPDATE or DELETE of a chunk."""
        where = (
            [self._is_free(chunk, held)]
            if chunk.skips_locked
            else [
                *self._matching(held),
                *self._unreferred(self._table),
                *_between(self._table, chunk.lower, chunk.upper),
            ]
        )
        if self._step.action is Action.DELETE:
            return self._table.delete(*where)
        return self._table.update(self._values, *where)

    def count_left(self, chunk: Chunk, held: Held) -> Executable:
        """How many rows of a chunk's window still match."""
        return self._table.count(*self._matching(held), *_between(self._table, chunk.lower, chunk.upper))

    def _is_free(self, chunk: Chunk, held: Held) -> ColumnElement[bool]:
        """Whether a row of the window matches and nobody else has locked it; locks it for us."""
        free = self._predicates.table(self._step.dataset, alias="free")
        rows = free.select(
            *free.key,
            where=[
                self._predicates.matching(free, self._step, held),
                *self._unreferred(free),
                *_between(free, chunk.lower, chunk.upper),
            ],
        )
        locked = rows.with_for_update(skip_locked=True, key_share=not self._step.locks_key)
        key = self._table.key
        return tuple_(*key).in_(locked) if len(key) > 1 else key[0].in_(locked)

    def _matching(self, held: Held) -> list[ColumnElement[bool]]:
        if held != self._held:
            self._conditions, self._held = [self._predicates.matching(self._table, self._step, held)], held
        return self._conditions

    def _unreferred(self, table: ScopedTable) -> list[ColumnElement[bool]]:
        """Nothing refers to the row any more: a delete never sets a cascade off.

        Not a condition of windows: bounded by keys it is one index lookup a row, unbounded a join of whole tables.
        """
        return [
            not_(table.is_referred_to_by(referrer, alias=f"referrer_{place}"))
            for place, referrer in enumerate(self._step.referrers)
        ]


def _between(table: ScopedTable, lower: Key | None, upper: Key | None) -> list[ColumnElement[bool]]:
    """Row comparison: with a composite key (1, 9) < (2, 1), and never a condition on the first column alone."""
    keys = table.key if len(table.key) == 1 else (tuple_(*table.key),)
    bounds: list[ColumnElement[bool]] = []
    if lower is not None:
        bounds.append(keys[0] > _bound(table, lower))
    if upper is not None:
        bounds.append(keys[0] <= _bound(table, upper))
    return bounds


def _bound(table: ScopedTable, key: Key) -> ColumnElement[Any] | Tuple:
    values = [typed(value, column.type) for value, column in zip(key, table.key_columns, strict=True)]
    return values[0] if len(values) == 1 else tuple_(*values)
