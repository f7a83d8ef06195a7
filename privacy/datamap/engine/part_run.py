"""Carrying out one part of a shared step, as far as time and permission allow.

Danger: a part that is taken for the whole. Rule: whoever works on a part says nothing about the step; only the run,
which passes over the whole step again and counts what is left, does.
"""

from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.journal import Clock, Journal, World
from privacy.datamap.engine.pace import Allotment, Limits, Paces, SystemClock
from privacy.datamap.engine.plan import Plan
from privacy.datamap.engine.sharing import Part
from privacy.datamap.engine.source import Source
from privacy.datamap.engine.statements import StepStatements
from privacy.datamap.engine.step_runner import PassResult, StepRunner, open_workshop

FIRST_ROUND = 1


def run_part(
    source: Source,
    plan: Plan,
    step_key: str,
    part: Part,
    journal: Journal,
    world: World,
    *,
    limits: Limits | None = None,
    budget_seconds: float | None = None,
    clock: Clock | None = None,
) -> PassResult:
    """Do the rows of one part, or go on where an earlier call, or a crash, left it.

    journal: of this part: its record is the part's own, and closing the step closes the part.
    Raises InvalidSpec when the plan has no such step, and whatever `executor.run` raises, save PlanNoLongerMatches.
    """
    step = next((step for step in plan.steps if step.key == step_key), None)
    if step is None:
        raise InvalidSpec(f"The plan has no step {step_key!r}.")
    limits, clock = limits or Limits(), clock or SystemClock()
    allotment = Allotment(clock, budget_seconds)
    statements = StepStatements(predicates_of(plan, source), source.dialect, step)
    with open_workshop(
        source, journal=journal, world=world, limits=limits, paces=Paces(limits), clock=clock, allotment=allotment
    ) as workshop:
        return StepRunner(step, FIRST_ROUND, statements, workshop, part=part).run()
