"""What the conditions of plans say about one row, found by its primary key. Reads, changes nothing.

Danger: an answer to "why is this still here?" worked out by rules of its own, which differ from those of the run.
Rule: only `Predicates` builds conditions; what is asked here of one row is what a run asks of all of them.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.errors import SourceRefused
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.moments import Moment
from privacy.datamap.engine.plan import Action, Plan, Step
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.scoped import ScopedTable
from privacy.datamap.engine.screening import way_to_root
from privacy.datamap.engine.selection import Held, OlderThan, Protection
from privacy.datamap.engine.source import Source, SourceConnection
from privacy.datamap.engine.spec import Key

AT_ONCE = 50
"""Conditions in one statement: enough for nearly every organisation, and far from what a server takes."""

_NO_SUCH_VALUE = "22"  # the class of SQLSTATEs for "this is no value of that type"


@dataclass(frozen=True)
class StepOnRow:
    """One step, asked about one row.

    matching: it would change the row now. selected: the row is due, free or not. held: it is somebody's who is held.
    done: the row already is what the step makes of it. meant: the step is about the row, due or not. event: the date
    from which the period is counted, None when none is known, and for an erasure.
    """

    matching: bool
    selected: bool
    held: bool
    done: bool
    meant: bool
    event: Moment


@dataclass(frozen=True)
class ProtectionOnRow:
    """One protection, asked about one row. event: the newest date that protects it, None when none is known."""

    protection: Protection
    protects: bool
    event: Moment


class OneRow:
    """A row of a dataset in an open connection.

    plan: any that knows the dataset. key: parts of the primary key as the source writes them, kept nowhere.
    """

    def __init__(self, source: Source, connection: SourceConnection, plan: Plan, dataset: str, key: Key) -> None:
        self._source, self._connection = source, connection
        self._dataset, self._key = plan.dataset(dataset), key
        self._predicates = predicates_of(plan, source)

    def exists(self) -> bool:
        """Whether there is such a row, inside the scope of its dataset. What cannot be a key is no row's."""
        columns = [self._dataset.column(name) for name in self._dataset.primary_key]
        numbers = [part for part, each in zip(self._key, columns, strict=True) if each.family is Family.NUMBER]
        if not all(map(_is_number, numbers)):
            return False
        table = self._table(self._predicates)
        try:
            return self._connection.number(table.count(self._predicates.is_row(table, self._key))) == 1
        except SourceRefused as error:
            if error.sqlstate.startswith(_NO_SUCH_VALUE):
                return False
            raise
        except ValueError:
            return False

    def of_step(self, plan: Plan, step: Step, held: Held) -> StepOnRow:
        """What a step of a plan says about the row.

        Args:
            plan: the one with the step; a stored one has the columns as they were when it was made.
        """
        predicates = predicates_of(plan, self._source)
        table, selection = self._table(predicates), step.selection
        asked: list[ColumnElement[Any]] = [
            predicates.matching(table, step, held),
            predicates.selected(table, selection),
            predicates.is_held(table, held),
        ]
        if step.action is Action.MASK:
            asked.append(predicates.all_masked(table, step.effective_masks))
        dated = [predicates.meant(table, selection)] if isinstance(selection, OlderThan) else []
        matching, selected, is_held, *rest = self._ask(predicates, table, [*asked, *dated])
        done = bool(rest[0]) if step.action is Action.MASK else False
        meant = bool(rest[-1]) if dated else bool(selected)
        event = self._event(predicates, table, selection) if isinstance(selection, OlderThan) and meant else None
        return StepOnRow(bool(matching), bool(selected), bool(is_held), done, meant, event)

    def root_key(self, plan: Plan, step: Step, root: str) -> Key:
        """The primary key of the row of the root dataset from which this one hangs in a step; its own where it is one.

        Raises InvalidSpec when the step does not lead there.
        """
        predicates = predicates_of(plan, self._source)
        table = self._table(predicates)
        return tuple(self._ask(predicates, table, predicates.key_at_end(table, way_to_root(step, root))))

    def names(self, plan: Plan) -> list[tuple[str, str]]:
        """Whom the row names and whom the rows name to which its ways lead: kinds of identifiers, and values as text.

        Personal data: for a decision, never for showing.
        """
        found = self._own_names(plan)
        for path in plan.dataset(self._dataset.key).paths:
            predicates = predicates_of(plan, self._source)
            table = self._table(predicates)
            key = self._ask(predicates, table, predicates.key_at_end(table, path))
            if None not in key:
                found += self.at(plan, path[-1].to, tuple(key))._own_names(plan)
        return found

    def _own_names(self, plan: Plan) -> list[tuple[str, str]]:
        named = [(each.kind, self.text(each.column)) for each in plan.dataset(self._dataset.key).identities]
        return [(kind, value) for kind, value in named if value]

    def at(self, plan: Plan, dataset: str, key: Key) -> "OneRow":
        """Another row of the source."""
        return OneRow(self._source, self._connection, plan, dataset, key)

    def text(self, column: str) -> str | None:
        """What a column of the row holds, as people read it. Personal data: for a decision, never for showing."""
        table = self._table(self._predicates)
        readable = self._source.dialect.readable(table.element(column), table.dataset.column(column))
        found: str | None = self._ask(self._predicates, table, [readable])[0]
        return found

    def is_due(self, plan: Plan, selection: OlderThan, cutoff: dt.date | dt.datetime) -> bool:
        """Whether the selection would find the row if its cutoff were another."""
        predicates = predicates_of(plan, self._source)
        table = self._table(predicates)
        return bool(self._ask(predicates, table, [predicates.selected(table, replace(selection, cutoff=cutoff))])[0])

    def of_protections(self, plan: Plan, protections: Sequence[Protection]) -> list[ProtectionOnRow]:
        """What protections say about the row, one by one."""
        predicates = predicates_of(plan, self._source)
        table = self._table(predicates)
        found = self._ask(predicates, table, [predicates.is_protected(table, (each,)) for each in protections])
        return [
            ProtectionOnRow(each, bool(kept), self._event(predicates, table, each.since) if kept else None)
            for each, kept in zip(protections, found, strict=True)
        ]

    def held_by(self, people: Sequence[Held]) -> list[bool]:
        """For each of some people, whether the row is theirs in the sense of a hold."""
        table = self._table(self._predicates)
        return [bool(each) for each in self._ask(
            self._predicates, table, [self._predicates.is_held(table, held) for held in people]
        )]  # fmt: skip

    def _event(self, predicates: Predicates, table: ScopedTable, since: OlderThan) -> Moment:
        (event,) = self._ask(predicates, table, [predicates.event(table, since)])
        return self._source.dialect.moment(event, predicates.event_column(table.dataset, since))

    def _ask(self, predicates: Predicates, table: ScopedTable, asked: Sequence[ColumnElement[Any]]) -> list[Any]:
        """The answers, in order. A row that went in the meantime answers no to everything."""
        answers: list[Any] = []
        for start in range(0, len(asked), AT_ONCE):
            portion = [each.label(f"answer_{place}") for place, each in enumerate(asked[start : start + AT_ONCE])]
            found = self._connection.rows(table.select(*portion, where=[predicates.is_row(table, self._key)]))
            answers += list(found[0]) if found else [None] * len(portion)
        return answers

    def _table(self, predicates: Predicates) -> ScopedTable:
        return predicates.table(self._dataset.key)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
