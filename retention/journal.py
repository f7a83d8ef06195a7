"""The engine's journal over our own tables.

Danger: two workers believe they own a run; a crash between the source's commit and our record; a count that is wrong.
Rule: every write renews the job's lease in its own transaction, so a worker that lost it can neither write nor, because
the engine writes before it commits, change the source any more. A chunk is completed once, and only that adds its rows
to the step (and to its part), in the same transaction: `rows` of each is always the sum of its completed chunks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from privacy.datamap.engine import journal as engine_journal
from privacy.datamap.engine.errors import LeaseLost
from privacy.datamap.engine.journal import Chunk, StepRecord
from privacy.datamap.engine.values import from_data, to_data
from privacy.jobs import registry
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import renew
from retention.enums import ChunkState, PartState, RunState, StepState
from retention.models import Run, RunChunk, RunPart, RunStep

UNFINISHED = (ChunkState.INTENDED, ChunkState.PREPARED)


class PortalJournal:
    """Implements `privacy.datamap.engine.journal.Journal` for one run, or one part of a step, and one owner of its job.

    part: its number; 0 for the run itself, whose journal also settles what the workers of parts left unfinished.
    """

    def __init__(self, run: Run, job: JobHandle, *, part: int = 0) -> None:
        self._job = job
        self._part = part
        self._run_id = run.pk
        self._waited = True
        self._steps = {step.dataset_key: step.pk for step in run.steps.all()}

    def step(self, key: str) -> StepRecord:
        found = RunStep.objects.get(pk=self._steps[key])
        all_chunks = RunChunk.objects.filter(step=found)
        chunks = all_chunks.filter(part=self._part)
        last = chunks.order_by("-number").first()
        unfinished = (chunks if self._part else all_chunks).filter(state__in=UNFINISHED).order_by("part", "number")
        return StepRecord(
            last=None if last is None else as_chunk(last),
            unfinished=tuple(as_chunk(each) for each in unfinished),
            rows=found.rows,
            closed_round=found.closed_round,
            is_shared=found.parts.exists(),
        )

    def intend(self, chunk: Chunk, *, completed: tuple[Chunk, ...]) -> None:
        with self._owned():
            for done in completed:
                self._complete(done)
            RunStep.objects.filter(pk=self._steps[chunk.step]).update(state=StepState.RUNNING)
            self._waits_no_more()
            RunChunk.objects.create(
                step_id=self._steps[chunk.step],
                part=chunk.part,
                number=chunk.sequence,
                content=to_data(chunk),
                transaction_id=chunk.transaction_id,
            )

    def prepare(self, chunk: Chunk) -> None:
        with self._owned():
            self._settle(
                chunk,
                (ChunkState.INTENDED,),
                state=ChunkState.PREPARED,
                rows=chunk.rows,
                transaction_id=chunk.transaction_id,
            )

    def take_back(self, chunk: Chunk) -> None:
        with self._owned():
            self._settle(chunk, (ChunkState.PREPARED,), state=ChunkState.INTENDED, rows=0)

    def complete(self, chunk: Chunk) -> None:
        with self._owned():
            self._complete(chunk)

    def void(self, chunk: Chunk) -> None:
        with self._owned():
            self._settle(chunk, UNFINISHED, state=ChunkState.VOID, rows=0, note=chunk.note[:200])

    def close_step(self, key: str, *, round: int) -> None:
        with self._owned():
            if self._part:
                self._part_of(key, self._part).update(state=PartState.DONE)
            else:
                RunStep.objects.filter(pk=self._steps[key]).update(closed_round=round, state=StepState.DONE)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        with self._owned():
            yield

    def renew(self) -> None:
        with self._owned():
            pass

    @contextmanager
    def _owned(self) -> Iterator[None]:
        """A transaction that commits only if the run is still ours."""
        with transaction.atomic():
            try:
                renew(job_id=self._job.id, lease_owner=self._job.lease_owner)
            except registry.LeaseLost as error:
                raise LeaseLost(str(error)) from None
            yield

    def _waits_no_more(self) -> None:
        """Whatever the run waited for is over once it works again; said once."""
        if self._waited:
            waiting = Run.objects.filter(pk=self._run_id, state=RunState.RUNNING).exclude(problem="")
            waiting.update(problem="", problem_words="", waits_since=None)
            self._waited = False

    def _complete(self, chunk: Chunk) -> None:
        self._settle(chunk, (ChunkState.PREPARED,), state=ChunkState.COMPLETED, note=chunk.note[:200])
        RunStep.objects.filter(pk=self._steps[chunk.step]).update(rows=F("rows") + chunk.rows)
        if chunk.part:
            self._part_of(chunk.step, chunk.part).update(rows=F("rows") + chunk.rows)

    def _part_of(self, step: str, number: int) -> QuerySet[RunPart]:
        return RunPart.objects.filter(step_id=self._steps[step], number=number)

    def _settle(self, chunk: Chunk, before: tuple[ChunkState, ...], **changes: Any) -> None:
        changed = RunChunk.objects.filter(
            step_id=self._steps[chunk.step], part=chunk.part, number=chunk.sequence, state__in=before
        ).update(**changes)
        if changed != 1:
            raise LeaseLost(f"chunk {chunk.sequence} was settled by another worker")


def as_chunk(row: RunChunk) -> Chunk:
    """A stored chunk as the engine knows it."""
    intended = from_data(row.content)
    assert isinstance(intended, Chunk)
    state = engine_journal.ChunkState(row.state)
    return replace(intended, state=state, rows=row.rows, transaction_id=row.transaction_id, note=row.note)
