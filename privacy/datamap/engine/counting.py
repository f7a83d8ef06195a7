"""Counts of the rows a step is about. One meaning for plan, freshness check and verification."""

from dataclasses import replace

from privacy.datamap.engine.plan import Action, Plan, Step
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.selection import NOBODY_HELD, Held
from privacy.datamap.engine.source import Source, SourceConnection


def predicates_of(plan: Plan, source: Source) -> Predicates:
    return Predicates(plan.datasets, source.dialect, source.mask_key)


def remaining(connection: SourceConnection, predicates: Predicates, step: Step, held: Held = NOBODY_HELD) -> int:
    """How many rows the step still has to change. For a step that keeps its rows: how many it keeps.

    Raises an EngineError when the source cannot tell; the answer is never guessed.
    """
    table = predicates.table(step.dataset)
    return connection.number(table.count(predicates.matching(table, step, held)))


def changes_rows(step: Step) -> bool:
    return step.action is not Action.KEEP


def sizes(connection: SourceConnection, predicates: Predicates, plan: Plan) -> dict[str, int]:
    """How many rows the tables of a plan's steps have in their scope, by dataset.

    Raises an EngineError when the source cannot tell.
    """
    tables = {step.dataset: predicates.table(step.dataset) for step in plan.steps}
    return {key: connection.number(table.count()) for key, table in tables.items()}


def counted(connection: SourceConnection, predicates: Predicates, step: Step, held: Held) -> Step:
    """The step with its rows counted: to be changed, under a hold, kept by a protection.

    Raises an EngineError when the source cannot tell.
    """
    if not changes_rows(step):
        return replace(step, expected_count=remaining(connection, predicates, step))
    matching = remaining(connection, predicates, step)
    free = remaining(connection, predicates, step, held) if held else matching
    protected = 0
    if step.unless:
        table = predicates.table(step.dataset)
        protected = connection.number(table.count(predicates.protected_rows(table, step)))
    return replace(step, expected_count=free, held_count=matching - free, protected_count=protected)
