"""Small steps in one transaction: the few rows that a person has in many tables are changed all at once, or not at all.

Danger: the process dies while the changes of several steps hang together. Rule: every step keeps a chunk of its own
with its own number of rows, and all of them name the same transaction; what became of it the source says to each. So
only products that can be asked again and again (Dialect.remembers_outcomes) do it.
Danger: a table that is locked, or that refuses, keeps the others from being done. Rule: then nothing of all this
counts, and each step goes its own way.
"""

from collections.abc import Callable, Sequence

from privacy.datamap.engine.errors import SourceBusy, SourceRefused
from privacy.datamap.engine.journal import Chunk
from privacy.datamap.engine.plan import Step
from privacy.datamap.engine.statements import StepStatements
from privacy.datamap.engine.step_runner import Workshop

BEFORE_ALL = 0
"""The round of these chunks: a step that has to go its own way begins its first round as if nothing had been."""


def small_steps(steps: Sequence[Step], *, most_rows: int, must_wait: Callable[[Step], bool]) -> list[Step]:
    """The first steps, as many as have fewer than most_rows rows together and need not look at what others left.

    Empty when they are fewer than two: one step alone gains nothing.
    """
    found: list[Step] = []
    rows = 0
    for step in steps:
        rows += step.expected_count
        if rows >= most_rows or must_wait(step):
            break
        found.append(step)
    return found if len(found) > 1 else []


def change_together(
    steps: Sequence[Step], statements_of: Callable[[Step], StepStatements], shop: Workshop
) -> dict[str, int] | None:
    """Rows changed, by step; each step is closed for the first round. None: nothing changed, and nothing speaks against

    trying step by step. Raises LeaseLost, SourceUnreachable and the like; what was under way is settled later.
    """
    permissions = shop.world.ask_at_once(steps)
    if not all(permission.proceed for permission in permissions):
        return None
    held = [permission.held for permission in permissions]
    shop.allotment.begin()
    chunks = [_chunk(step) for step in steps]
    changes = [statements_of(each[0]).change(*each[1:]) for each in zip(steps, chunks, held, strict=True)]
    with shop.journal.at_once():
        for chunk in chunks:
            shop.journal.intend(chunk, completed=())
    try:
        with shop.connection.transaction(
            lock_timeout_ms=shop.limits.lock_timeout_ms, statement_timeout_ms=shop.limits.statement_timeout_ms
        ) as writing:
            rows = [change.carry_out(shop.connection) for change in changes]
            writing.prepare()
            pairs = zip(chunks, rows, strict=True)
            prepared = [chunk.prepared(rows=number, transaction_id=writing.id) for chunk, number in pairs]
            with shop.journal.at_once():
                for chunk in prepared:
                    shop.journal.prepare(chunk)
    except (SourceBusy, SourceRefused):  # it has rolled back
        _give_up(chunks, shop)
        return None
    _close(prepared, shop)
    return {chunk.step: chunk.rows for chunk in prepared}


def _chunk(step: Step) -> Chunk:
    return Chunk(
        step=step.key,
        sequence=1,
        round=BEFORE_ALL,
        lower=None,
        upper=None,
        reached=None,
        expected=step.expected_count,
    )


def _give_up(chunks: Sequence[Chunk], shop: Workshop) -> None:
    with shop.journal.at_once():
        for chunk in chunks:
            shop.journal.void(chunk.void("was refused or locked together with others"))


def _close(chunks: Sequence[Chunk], shop: Workshop) -> None:
    with shop.journal.at_once():
        for chunk in chunks:
            shop.journal.complete(chunk.completed())
            shop.journal.close_step(chunk.step, round=1)
