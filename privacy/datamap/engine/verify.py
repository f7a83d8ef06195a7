"""Claims after proof: counting survivors before anyone says done."""

from dataclasses import dataclass

from sqlalchemy import not_

from privacy.datamap.engine.counting import (
    HeldFor,
    changes_rows,
    nobody,
    predicates_of,
    remaining_of_all,
)
from privacy.datamap.engine.errors import EngineError, Mismatch, PlanNoLongerMatches
from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.screening import Screen, left_of
from privacy.datamap.engine.selection import Protection
from privacy.datamap.engine.source import Source, SourceConnection


@dataclass(frozen=True)
class Survivors:
    """What verification found for one step. count None: the source could not tell, which is never zero."""

    step: str
    count: int | None
    why_unknown: str = ""


@dataclass(frozen=True)
class Verification:
    """complete only when every step counts exactly zero."""

    steps: tuple[Survivors, ...]

    @property
    def complete(self) -> bool:
        return all(step.count == 0 for step in self.steps)

    @property
    def survivors(self) -> tuple[Survivors, ...]:
        """The steps that are not proven done."""
        return tuple(step for step in self.steps if step.count != 0)


def verify(
    source: Source,
    plan: Plan,
    *,
    held_for: HeldFor = nobody,
    predicates: Predicates | None = None,
    screen: Screen | None = None,
) -> Verification:
    """Count what the frozen predicate of every step still matches, less the rows of people who are held now, and less

    those that may not go yet.

    Never raises for a source that cannot answer: that is an unknown count, and the run stays open. One table that
    cannot be counted does not hide the counts of the others.
    """
    chosen = predicates or predicates_of(plan, source)
    steps = [step for step in plan.steps if changes_rows(step)]
    if screen is not None:
        return Verification(tuple(_survivors(source, chosen, step, held_for, screen) for step in steps))
    try:
        with source.connect() as connection:
            found = remaining_of_all(connection, chosen, steps, held_for)
    except EngineError:
        return Verification(tuple(_survivors(source, chosen, step, held_for) for step in steps))
    return Verification(tuple(Survivors(step.key, found[step.key]) for step in steps))


def _survivors(
    source: Source, predicates: Predicates, step: Step, held_for: HeldFor, screen: Screen | None = None
) -> Survivors:
    try:
        with source.connect() as connection:
            return Survivors(step.key, left_of(connection, predicates, step, held_for(step), screen))
    except EngineError as error:
        return Survivors(step.key, None, why_unknown=str(error))


def check_matches(source: Source, plan: Plan, *, predicates: Predicates | None = None) -> None:
    """Compare the rows that match now, held or not, with those counted when the plan was made.

    Fewer are no difference where newer rows came meanwhile that need them.
    Raises PlanNoLongerMatches with every step that differs.
    """
    chosen = predicates or predicates_of(plan, source)
    planned = {step.key: step.expected_count + step.held_count for step in plan.steps}
    with source.connect() as connection:
        found = remaining_of_all(connection, chosen, plan.steps)
        differing = tuple(
            Mismatch(step.key, planned[step.key], found[step.key])
            for step in plan.steps
            if found[step.key] != planned[step.key]
            and not _are_needed(connection, chosen, plan, step, planned[step.key] - found[step.key])
        )
    if differing:
        raise PlanNoLongerMatches(differing)


def _are_needed(connection: SourceConnection, predicates: Predicates, plan: Plan, step: Step, missing: int) -> bool:
    """Whether so many rows that were to go have to stay with newer rows that refer to them and came since the plan.

    How many such rows there were then is not known, only that they were no more than all that were kept as newer.
    """
    leading, others = _by_direction(plan, step)
    if missing < 0 or not leading:
        return False
    table = predicates.table(step.dataset)
    needed = predicates.protected_rows(table, step, leading), not_(predicates.is_protected(table, others))
    return connection.number(table.count(*needed)) - step.newer_count >= missing


def _by_direction(plan: Plan, step: Step) -> tuple[list[Protection], list[Protection]]:
    """What keeps rows of a step because newer rows refer to them, and what keeps them as newer themselves."""
    referring = {(each.schema, each.table, each.columns) for each in step.referrers}
    leading: list[Protection] = []
    others: list[Protection] = []
    for each in step.newer:
        first = each.since.path[0] if each.since.path else None
        end = plan.dataset(first.to) if first else None
        is_referrer = first and end and (end.schema, end.table, first.to_columns) in referring
        (leading if is_referrer else others).append(each)
    return leading, others
