"""The two statements of a chunk: where its window ends, and the change itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, not_, tuple_
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.expression import Executable

from privacy.datamap.engine.dialects.base import Dialect
from privacy.datamap.engine.journal import Chunk
from privacy.datamap.engine.plan import Action, Step
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.scoped import ScopedTable
from privacy.datamap.engine.selection import Held
from privacy.datamap.engine.source import SourceConnection
from privacy.datamap.engine.spec import Key, Path


@dataclass(frozen=True)
class Window:
    """Rows with lower < key <= upper; None is open. rows: how many matched when it was measured."""

    lower: Key | None
    upper: Key | None
    rows: int


@dataclass(frozen=True)
class Only:
    """Of the rows that match, those whose way leads to one of these keys."""

    way: Path
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Change:
    """The change of a chunk: one statement; or, where a product cannot pass over locked rows inside of a change, first

    `free`, which locks those rows that nobody else has and answers their keys as text, then of_keys(them).
    """

    statement: Executable | None
    free: Select[Any] | None = None
    of_keys: Callable[[Sequence[Key]], Executable] | None = None

    def carry_out(self, connection: SourceConnection) -> int:
        """How many rows it changed, inside the transaction that is open."""
        if self.statement is not None:
            return connection.change(self.statement)
        assert self.free is not None, "without a statement there are both"
        assert self.of_keys is not None
        keys = [tuple(row) for row in connection.lock(self.free)]
        return connection.change(self.of_keys(keys)) if keys else 0


class StepStatements:
    """Builds the statements of one step. What they have in common is built once for as long as the same are held."""

    def __init__(self, predicates: Predicates, dialect: Dialect, step: Step) -> None:
        self._predicates = predicates
        self._dialect = dialect
        self._step = step
        self._table = predicates.table(step.dataset)
        self._values = predicates.masked_values(self._table, step.effective_masks)

    def next_window(
        self, connection: SourceConnection, lower: Key | None, upper: Key | None, size: int, held: Held
    ) -> Window | None:
        """The next `size` matching rows in key order between the bounds, or fewer when there are no more, or None."""
        table = self._table
        rows = table.select(*table.key, where=[*self._matching(held), *self._between(table, lower, upper)])
        last = self._dialect.last_of_window(rows, table.key, table.key_columns, size)
        found = connection.rows(last)
        return Window(lower, tuple(found[0][:-1]), int(found[0][-1])) if found else None

    @property
    def step(self) -> Step:
        return self._step

    def change(self, chunk: Chunk, held: Held, only: Only | None = None) -> Change:
        """The UPDATE or DELETE of a chunk. only: fewer rows than match, where not all of them may go."""
        if not chunk.skips_locked:
            between = self._between(self._table, chunk.lower, chunk.upper)
            chosen = self._chosen(self._table, only)
            return Change(self._changing(*self._matching(held), *chosen, *self._unreferred(self._table), *between))
        free = self._free(chunk, held, only)
        if self._dialect.skips_locked_inside:
            key = self._table.key
            return Change(self._changing(tuple_(*key).in_(free) if len(key) > 1 else key[0].in_(free)))
        texts = [
            self._dialect.key_as_text(*each)
            for each in zip(free.selected_columns, self._table.key_columns, strict=True)
        ]
        locking: Select[Any] = free.with_only_columns(*texts)  # type: ignore[assignment]
        return Change(None, locking, self._changing_these)

    def _changing_these(self, keys: Sequence[Key]) -> Executable:
        """Rows that are locked for us already; the scope is part of it as of every statement."""
        return self._changing(self._dialect.is_one_of(self._table.key, self._table.key_columns, keys))

    def _changing(self, *where: ColumnElement[bool]) -> Executable:
        if self._step.action is Action.DELETE:
            return self._table.delete(*where)
        return self._table.update(self._values, *where)

    def count_left(self, chunk: Chunk, held: Held) -> Executable:
        """How many rows of a chunk's window still match."""
        return self._table.count(*self._matching(held), *self._between(self._table, chunk.lower, chunk.upper))

    def _chosen(self, table: ScopedTable, only: Only | None) -> list[ColumnElement[bool]]:
        return [] if only is None else [self._predicates.hangs_from(table, only.way, only.keys)]

    def _free(self, chunk: Chunk, held: Held, only: Only | None) -> Select[Any]:
        """Keys of the rows of the window that match and that nobody else has locked; locks them for us."""
        free = self._predicates.table(self._step.dataset, alias="free")
        rows = free.select(
            *free.key,
            where=[
                self._predicates.matching(free, self._step, held),
                *self._chosen(free, only),
                *self._unreferred(free),
                *self._between(free, chunk.lower, chunk.upper),
            ],
        )
        return rows.with_for_update(skip_locked=True, key_share=not self._step.locks_key)

    def _between(self, table: ScopedTable, lower: Key | None, upper: Key | None) -> list[ColumnElement[bool]]:
        """Row comparison: with a composite key (1, 9) < (2, 1), and never a condition on the first column alone."""
        return self._dialect.between(table.key, table.key_columns, lower, upper)

    def _matching(self, held: Held) -> list[ColumnElement[bool]]:
        return [self._predicates.matching(self._table, self._step, held)]

    def _unreferred(self, table: ScopedTable) -> list[ColumnElement[bool]]:
        """Nothing refers to the row any more: a delete never sets a cascade off.

        Not a condition of windows: bounded by keys it is one index lookup a row, unbounded a join of whole tables.
        """
        return [
            not_(table.is_referred_to_by(referrer, alias=f"referrer_{place}"))
            for place, referrer in enumerate(self._step.referrers)
        ]
