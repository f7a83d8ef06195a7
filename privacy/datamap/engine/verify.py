"""Claims after proof: counting survivors before anyone says done."""

from dataclasses import dataclass

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
from privacy.datamap.engine.source import Source


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

    Raises PlanNoLongerMatches with every step that differs.
    """
    with source.connect() as connection:
        found = remaining_of_all(connection, predicates or predicates_of(plan, source), plan.steps)
    planned = {step.key: step.expected_count + step.held_count for step in plan.steps}
    if differing := tuple(Mismatch(key, planned[key], found[key]) for key in planned if found[key] != planned[key]):
        raise PlanNoLongerMatches(differing)
