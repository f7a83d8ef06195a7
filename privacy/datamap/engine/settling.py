"""The record of a run that ended early is made exact: what became of each chunk that was still under way.

Danger: a worker died between two lines and its run was then called off, so nobody goes on with it, and the record says
neither yes nor no about the last rows. Rule: the source is asked about each such chunk; nothing is changed in it.
"""

from privacy.datamap.engine.counting import changes_rows, predicates_of
from privacy.datamap.engine.journal import Clock, Journal
from privacy.datamap.engine.pace import Limits, SystemClock
from privacy.datamap.engine.plan import Plan
from privacy.datamap.engine.recovery import Recovery
from privacy.datamap.engine.screening import Gate, Screen
from privacy.datamap.engine.selection import NOBODY_HELD, Held
from privacy.datamap.engine.source import Source
from privacy.datamap.engine.statements import StepStatements


def settle(
    source: Source,
    plan: Plan,
    journal: Journal,
    *,
    held: Held = NOBODY_HELD,
    limits: Limits | None = None,
    clock: Clock | None = None,
    gate: Gate | None = None,
) -> int:
    """Complete or void every unfinished chunk of a run that nobody works on any more. How many there were.

    held: whose rows may hide what became of a chunk. gate: whom the run asked about its rows, if anybody.
    Raises OutcomePending while a transaction is still open in the source (retryable), LeaseLost, and whatever the
    source raises; what was settled until then stays so.
    """
    predicates, settled = predicates_of(plan, source), 0
    screen = Screen(source, predicates, gate) if gate is not None else None
    with source.connect() as connection:
        for step in filter(changes_rows, plan.steps):
            statements = StepStatements(predicates, source.dialect, step)
            recovery = Recovery(connection, statements, journal, limits or Limits(), clock or SystemClock(), screen)
            for chunk in journal.step(step.key).unfinished:
                recovery.settle(chunk, held)
                settled += 1
    return settled
