"""Ending a run for good before its end.

Danger: a run is called off while a chunk is under way, its keys are thrown away, and nobody can say any more what
became of the last rows. Rule: the keys stay, encrypted, until a job has settled every chunk with the source and closed
the record; the same job tells the listeners, so that nobody waits for a worker that has gone already.
"""

from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from retention.enums import RunState
from retention.models import Run
from retention.moves import move

SETTLE_JOB = "retention.settle"


def stop(run: Run, *, problem: str, actor: Actor, words: str = "") -> None:
    """Stop a run that the caller has locked, in the caller's transaction. What it did until then stays in its record.

    Args:
        problem: code of `retention.problems`.
        words: what the source said; no personal data.
    """
    move(run, RunState.STOPPED, problem=problem, problem_words=words, waits_since=None)
    record(action="run.stopped", actor=actor, target=run, data={"problem": problem})
    enqueue(kind=SETTLE_JOB, slot=str(run.pk))
