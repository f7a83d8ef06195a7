"""Counting groups of rows that are so small that somebody could tell who it was (k-anonymity).

Samarati and Sweeney, Protecting Privacy when Disclosing Information (1998): each combination of quasi-identifiers
should be shared by at least k rows. Counted in the source by GROUP BY; no value leaves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.engine.source import Source


@dataclass(frozen=True)
class SmallGroups:
    """groups: combinations of values shared by fewer rows than asked for. rows: how many rows are in them."""

    groups: int
    rows: int


def count_small_groups(source: Source, plan: Plan, step: Step, columns: Sequence[str], *, smallest: int) -> SmallGroups:
    """Groups of fewer than `smallest` rows among the rows that a step is about. NULL is a value like any other.

    columns: the quasi-identifiers, at least one.
    Raises InvalidSpec when a column does not exist, SourceUnreachable, SourceRefused: not known is not zero.
    """
    with source.connect() as connection:
        predicates = predicates_of(plan, source)
        table = predicates.table(step.dataset)
        where = predicates.selected(table, step.selection)
        groups, rows = tuple(connection.rows(table.small_groups(columns, smallest, where))[0])
    return SmallGroups(int(groups), int(rows))
