"""Counts of the rows a step is about. One meaning for plan, freshness check and verification."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from sqlalchemy import Select

from privacy.datamap.engine import statement_store
from privacy.datamap.engine.plan import Action, Plan, Step
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.selection import NOBODY_HELD, Held, SubjectKeys
from privacy.datamap.engine.source import Source, SourceConnection

Count = Select[tuple[int]]
HeldFor = Callable[[Step], Held]
AT_ONCE = 25  # counts in one statement


def predicates_of(plan: Plan, source: Source) -> Predicates:
    return Predicates(plan.datasets, source.dialect, source.mask_key)


def nobody(_step: Step) -> Held:
    return NOBODY_HELD


def remaining(connection: SourceConnection, predicates: Predicates, step: Step, held: Held = NOBODY_HELD) -> int:
    """How many rows the step still has to change. For a step that keeps its rows: how many it keeps.

    Raises an EngineError when the source cannot tell; the answer is never guessed.
    """
    return connection.number(_count(predicates, step, held))


def remaining_of_all(
    connection: SourceConnection, predicates: Predicates, steps: Sequence[Step], held_for: HeldFor = nobody
) -> dict[str, int]:
    """The same of many steps, by their keys. Steps about people are counted together: few rows in many tables.

    Raises an EngineError when the source cannot tell of one of them.
    """
    held = [held_for(step) for step in steps]
    if (known := _kept_numbers(connection, predicates, steps, held)) is not None:
        return {step.key: number for step, number in zip(steps, known, strict=True)}
    counts = [(step, _count(predicates, step, each)) for step, each in zip(steps, held, strict=True)]
    return {step.key: number for step, number in zip(steps, _numbers(connection, counts), strict=True)}


def kept_by_protections(connection: SourceConnection, predicates: Predicates, step: Step) -> tuple[int, int]:
    """How many rows the step would change and its protections keep, and how many of those came too late to be meant.

    Raises an EngineError when the source cannot tell.
    """
    table = predicates.table(step.dataset)
    kept = connection.number(table.count(predicates.protected_rows(table, step))) if step.unless else 0
    newer = connection.number(table.count(predicates.protected_rows(table, step, step.newer))) if step.newer else 0
    return kept, newer


def changes_rows(step: Step) -> bool:
    return step.action is not Action.KEEP


def sizes(connection: SourceConnection, predicates: Predicates, plan: Plan) -> dict[str, int]:
    """How many rows the tables of a plan's steps have in their scope, by dataset.

    Raises an EngineError when the source cannot tell.
    """
    tables = {step.dataset: predicates.table(step.dataset) for step in plan.steps}
    return {key: connection.number(table.count()) for key, table in tables.items()}


def counted(
    connection: SourceConnection, predicates: Predicates, steps: Sequence[Step], held: Held
) -> tuple[Step, ...]:
    """The steps with their rows counted: to be changed, under a hold, kept by a protection.

    Raises an EngineError when the source cannot tell.
    """
    if (known := _kept_numbers(connection, predicates, steps, [held] * len(steps))) is not None:
        return tuple(_with_counts(step, iter([number]), NOBODY_HELD) for step, number in zip(steps, known, strict=True))
    counts = [(step, count) for step in steps for count in _counts_for_plan(predicates, step, held)]
    numbers = iter(_numbers(connection, counts))
    return tuple(_with_counts(step, numbers, held) for step in steps)


def _count(predicates: Predicates, step: Step, held: Held) -> Count:
    table = predicates.table(step.dataset)
    return table.count(predicates.matching(table, step, held))


def _counts_for_plan(predicates: Predicates, step: Step, held: Held) -> Iterator[Count]:
    yield _count(predicates, step, NOBODY_HELD)
    if changes_rows(step) and held:
        yield _count(predicates, step, held)
    if step.unless:
        table = predicates.table(step.dataset)
        yield table.count(predicates.protected_rows(table, step))
        if step.newer:
            yield table.count(predicates.protected_rows(table, step, step.newer))


def _with_counts(step: Step, numbers: Iterator[int], held: Held) -> Step:
    """Takes as many numbers as _counts_for_plan asked for."""
    matching = next(numbers)
    free = next(numbers) if held and changes_rows(step) else matching
    protected = next(numbers) if step.unless else 0
    newer = next(numbers) if step.newer else 0
    held_count = matching - free
    return replace(step, expected_count=free, held_count=held_count, protected_count=protected, newer_count=newer)


def _kept_numbers(
    connection: SourceConnection, predicates: Predicates, steps: Sequence[Step], held: Sequence[Held]
) -> list[int] | None:
    """Of steps about the same people, by statements that are kept. None: these are not of that kind."""
    pairs = zip(steps, held, strict=True)
    if not steps or not all(statement_store.can_be_kept(predicates.dialect, step, each) for step, each in pairs):
        return None
    if any(step.selection != steps[0].selection for step in steps):
        return None
    portions = [steps[start : start + AT_ONCE] for start in range(0, len(steps), AT_ONCE)]
    return [
        number for portion in portions for number in connection.numbers(statement_store.counts(predicates, portion))
    ]


def _numbers(connection: SourceConnection, counts: Iterable[tuple[Step, Count]]) -> list[int]:
    """In the order of the counts. A rule may read whole tables for its count, so each of those has its own time."""
    ordered = list(counts)
    found: dict[int, int] = {}
    together = iter([place for place, (step, _) in enumerate(ordered) if isinstance(step.selection, SubjectKeys)])
    while places := list(islice(together, AT_ONCE)):
        answers = connection.numbers([ordered[place][1] for place in places])
        found |= dict(zip(places, answers, strict=True))
    return [found[place] if place in found else connection.number(each) for place, (_, each) in enumerate(ordered)]
