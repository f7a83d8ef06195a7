"""Claims after proof: counting survivors before anyone says done."""

from collections.abc import Callable
from dataclasses import dataclass

from privacy.datamap.engine.counting import changes_rows, predicates_of, remaining
from privacy.datamap.engine.errors import EngineError, Mismatch, PlanNoLongerMatches
from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.engine.selection import NOBODY_HELD, Held
from privacy.datamap.engine.source import Source

HeldFor = Callable[[Step], Held]


def nobody(_step: Step) -> Held:
    return NOBODY_HELD


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


def verify(source: Source, plan: Plan, *, held_for: HeldFor = nobody) -> Verification:
    """Count what the frozen predicate of every step still matches, less the rows of people who are held now.

    Never raises for a source that cannot answer: that is an unknown count, and the run stays open.
    """
    predicates = predicates_of(plan, source)

    def count(step: Step) -> Survivors:
        try:
            with source.connect() as connection:
                return Survivors(step.key, remaining(connection, predicates, step, held_for(step)))
        except EngineError as error:
            return Survivors(step.key, None, why_unknown=str(error))

    return Verification(tuple(count(step) for step in plan.steps if changes_rows(step)))


def check_matches(source: Source, plan: Plan) -> None:
    """Compare the rows that match now, held or not, with those counted when the plan was made.

    Raises PlanNoLongerMatches with every step that differs.
    """
    predicates = predicates_of(plan, source)
    differing: list[Mismatch] = []
    with source.connect() as connection:
        for step in plan.steps:
            planned = step.expected_count + step.held_count
            if (found := remaining(connection, predicates, step)) != planned:
                differing.append(Mismatch(step.key, planned, found))
    if differing:
        raise PlanNoLongerMatches(tuple(differing))
