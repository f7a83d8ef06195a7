"""Rows that may go only when somebody outside the source says so: a window is read, asked about, and then changed.

Danger: what decides lies in another database, so no statement of the source can hold it, and what was let through
for one row is taken for another. Rule: the answer is about rows by their primary key and the date they are judged by;
exactly the keys let through stand in the statement of the chunk, beside every other condition; and whoever counts what
is left asks in the same way. Windows keep the memory flat, however many rows there are.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.counting import remaining
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.moments import Moment
from privacy.datamap.engine.plan import Step
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.scoped import ScopedTable
from privacy.datamap.engine.selection import Held, OlderThan
from privacy.datamap.engine.source import Source, SourceConnection
from privacy.datamap.engine.spec import Key, Path
from privacy.datamap.engine.statements import StepStatements, Window

ROWS_AT_ONCE = 1_000


class Gate(Protocol):
    """Says which rows of one dataset may go, and with them the rows of other steps that hang from them.

    root: key of that dataset.
    """

    @property
    def root(self) -> str: ...

    def free(self, events: Mapping[Key, Moment], *, taking: bool) -> Collection[Key]:
        """Which of these rows may go. events: by primary key, the date they are judged by. taking: they go now."""


@dataclass(frozen=True)
class Screened:
    """A window after the question. keys: of the rows of the root dataset that may go. rows: of the step, that go with

    them. waiting: rows of the step that may not go yet.
    """

    keys: tuple[Key, ...]
    rows: int
    waiting: int


@dataclass(frozen=True)
class Row:
    """A row in a window: the key of the row that is asked about, its date, and what else was read of it, as text."""

    root: Key
    event: Moment
    texts: tuple[str | None, ...] = ()


def way_to_root(step: Step, root: str) -> Path:
    """From the rows of a step to those that are asked about. Raises InvalidSpec when the step does not lead there."""
    if step.dataset == root:
        return ()
    path = step.selection.path if isinstance(step.selection, OlderThan) else ()
    for place, join in enumerate(path):
        if join.to == root:
            return path[: place + 1]
    raise InvalidSpec(f"Step {step.key!r} does not lead to {root!r}, whose rows decide whether its rows may go.")


class Screen:
    """Asks a gate about the windows of the steps of one plan."""

    def __init__(self, source: Source, predicates: Predicates, gate: Gate, *, rows_at_once: int = ROWS_AT_ONCE) -> None:
        self._source, self._predicates, self._gate, self._size = source, predicates, gate, rows_at_once

    def between(
        self,
        connection: SourceConnection,
        step: Step,
        lower: Key | None,
        upper: Key | None,
        held: Held,
        *,
        taking: bool = False,
    ) -> Screened:
        """What may go of the rows with lower < key <= upper. Raises an EngineError when the source cannot tell."""
        found = self.read(connection, step, lower, upper, held)
        free = set(self._gate.free({row.root: row.event for row in found}, taking=taking))
        rows = sum(row.root in free for row in found)
        return Screened(tuple(sorted(free)), rows, len(found) - rows)

    def count(self, connection: SourceConnection, step: Step, held: Held) -> Screened:
        """How many rows of the step may go, and how many wait, in the whole table; without the keys.

        Raises an EngineError when the source cannot tell, or when rows were changed meanwhile so that it is not known.
        """
        rows = waiting = 0
        for window in self.windows(connection, step, held):
            found = self.between(connection, step, window.lower, window.upper, held)
            rows, waiting = rows + found.rows, waiting + found.waiting
        return Screened((), rows, waiting)

    def windows(
        self, connection: SourceConnection, step: Step, held: Held, *, after: Key | None = None
    ) -> Iterator[Window]:
        """The rows that still match, in portions in the order of their keys. after: behind this key only."""
        statements = StepStatements(self._predicates, self._source.dialect, step)
        while (window := statements.next_window(connection, after, None, self._size, held)) is not None:
            yield window
            after = window.upper

    def read(
        self,
        connection: SourceConnection,
        step: Step,
        lower: Key | None,
        upper: Key | None,
        held: Held,
        *,
        texts: Sequence[str] = (),
    ) -> list[Row]:
        """The rows with lower < key <= upper that still match. texts: columns of theirs to read as well."""
        if not isinstance(step.selection, OlderThan):
            raise InvalidSpec(f"Step {step.key!r} is about people; only rows of a period are asked about.")
        table, dialect = self._predicates.table(step.dataset), self._source.dialect
        key = self.root_key(table, step)
        named = [dialect.readable(table.element(name), table.dataset.column(name)) for name in texts]
        columns: list[ColumnElement[Any]] = [*key, self._predicates.event(table, step.selection), *named]
        labelled = [each.label(f"part_{place}") for place, each in enumerate(columns)]
        where = [
            self._predicates.matching(table, step, held),
            *dialect.between(table.key, table.key_columns, lower, upper),
        ]
        column = self._predicates.event_column(table.dataset, step.selection)
        return [
            Row(tuple(found[: len(key)]), dialect.moment(found[len(key)], column), tuple(found[len(key) + 1 :]))
            for found in connection.rows(table.select(*labelled, where=where))
        ]

    def root_key(self, table: ScopedTable, step: Step) -> list[ColumnElement[str]]:
        """The primary key of the row that is asked about, as text, seen from a row of the step."""
        return self._predicates.key_at_end(table, way_to_root(step, self._gate.root))

    def way(self, step: Step) -> Path:
        return way_to_root(step, self._gate.root)


def left_of(connection: SourceConnection, predicates: Predicates, step: Step, held: Held, screen: Screen | None) -> int:
    """How many rows a step still has to change; rows that wait at a gate are none of them.

    Raises an EngineError when the source cannot tell.
    """
    if screen is None:
        return remaining(connection, predicates, step, held)
    return screen.count(connection, step, held).rows
