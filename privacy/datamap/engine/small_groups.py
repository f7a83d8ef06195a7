"""Groups of rows that are so small that somebody could tell who it was (k-anonymity): counted, and made coarser.

Samarati and Sweeney, Protecting Privacy when Disclosing Information (1998): each combination of quasi-identifiers
should be shared by at least k rows. Counted in the source; no value leaves it, only keys of rows to be changed.

Danger: rows of living customers next to those that were anonymised. Rule: the rows spoken of, to be counted as a group
or to be changed, are those that the step selected, that are masked already and that nothing protects: no others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, not_
from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.plan import Action, Plan, Step
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.scoped import ScopedTable
from privacy.datamap.engine.selection import NOBODY_HELD, Held, RowKeys
from privacy.datamap.engine.source import Source, SourceConnection
from privacy.datamap.engine.spec import Key

MOST_ROWS = 20_000  # whose keys are kept in memory, and with the run, at once


@dataclass(frozen=True)
class SmallGroups:
    """groups: combinations of values shared by fewer rows than asked for. rows: how many rows are in them."""

    groups: int
    rows: int


@dataclass(frozen=True)
class Pass:
    """One pass over rows of small groups, frozen. level: from 1. plan: one step, of exactly these rows."""

    level: int
    plan: Plan

    @property
    def step(self) -> Step:
        return self.plan.steps[0]


def count_small_groups(source: Source, plan: Plan, step: Step, columns: Sequence[str], *, smallest: int) -> SmallGroups:
    """Groups of fewer than `smallest` rows among the rows that a step has masked. NULL is a value like any other.

    columns: the quasi-identifiers, at least one.
    Raises InvalidSpec when a column does not exist, SourceUnreachable, SourceRefused: not known is not zero.
    """
    with source.connect() as connection:
        predicates = predicates_of(plan, source)
        table = predicates.table(step.dataset)
        where = released(predicates, table, step)
        groups, rows = tuple(connection.rows(table.small_groups(columns, smallest, where))[0])
    return SmallGroups(int(groups), int(rows))


def released(predicates: Predicates, table: ScopedTable, step: Step) -> ColumnElement[bool]:
    """Rows that the step is about and that are masked; none that a protection keeps."""
    parts = [predicates.selected(table, step.selection), predicates.all_masked(table, step.effective_masks)]
    if step.unless:
        parts.append(not_(predicates.is_protected(table, step.unless)))
    return and_(*parts)


def next_pass(source: Source, plan: Plan, step: Step, *, key: str, held: Held, most: int = MOST_ROWS) -> Pass | None:
    """The next pass over the rows of a step's small groups: of the first level that still changes one of them.

    Its rows are frozen by their keys, at most so many; more take another pass of the same level. Rows of people who are
    held count in their groups and are not changed. None: no group is too small, or the levels are exhausted.
    key: of the pass, unlike every other step's of the run.
    Raises SourceUnreachable, SourceRefused.
    """
    if step.coarser is None:
        return None
    with source.connect() as connection:
        predicates = predicates_of(plan, source)
        for level, masks in enumerate(step.coarser.levels, start=1):
            further = Step(
                key, step.dataset, Action.MASK, RowKeys(()), masks=masks, locks_key=step.locks_key, unless=step.unless
            )
            if keys := _keys(source, connection, predicates, step, further, held, most):
                return Pass(level, Plan(plan.datasets, (_frozen(further, keys),)))
    return None


def _keys(
    source: Source,
    connection: SourceConnection,
    predicates: Predicates,
    step: Step,
    further: Step,
    held: Held,
    most: int,
) -> tuple[Key, ...]:
    assert step.coarser is not None
    table = predicates.table(step.dataset)
    wanted = not_(predicates.all_masked(table, further.effective_masks))
    if held != NOBODY_HELD:
        wanted = and_(wanted, not_(predicates.is_held(table, held)))
    texts = [source.dialect.key_as_text(*each) for each in zip(table.key, table.key_columns, strict=True)]
    found = table.in_small_groups(
        step.coarser.columns, step.coarser.smallest, texts, wanted, released(predicates, table, step)
    )
    return tuple(tuple(row) for row in connection.rows(found.limit(most)))


def _frozen(step: Step, keys: tuple[Key, ...]) -> Step:
    return Step(
        step.key, step.dataset, step.action, RowKeys(tuple(sorted(keys))), masks=step.masks,
        expected_count=len(keys), locks_key=step.locks_key, unless=step.unless,
    )  # fmt: skip
