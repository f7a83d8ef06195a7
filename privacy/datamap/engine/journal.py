"""What the engine writes down, and whom it asks. Protocols: the portal implements them over its own tables.

Danger: a crash between the source's commit and our record. Rule: nothing happens in the source that was not written
down before; the transaction's id is written before its commit, so that the source can say afterwards what became of it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol

import rfc8785

from privacy.datamap.engine.plan import Step
from privacy.datamap.engine.selection import NOBODY_HELD, Held
from privacy.datamap.engine.spec import Key
from privacy.datamap.engine.values import portable


class ChunkState(StrEnum):
    """intended -> prepared -> completed; or void, from either: it changed nothing and counts for nothing."""

    INTENDED = "intended"
    PREPARED = "prepared"
    COMPLETED = "completed"
    VOID = "void"


@portable
@dataclass(frozen=True)
class Chunk:
    """One transaction in the source: the rows of one step with lower < key <= upper.

    sequence: counts the chunks of a step, or of one part of it (part: its number, 0 for the whole step), void ones too.
    round: which pass over the plan; 0 for small steps that were taken together before the first. lower, upper: keys
    as JSON lists of text, opaque; None is open. reached: the upper bound of the furthest window handed out so far,
    which is not this one's when a chunk is done again. expected: rows the window was made for. rows,
    transaction_id: as the source reported them; an id of our own choice stands in the intent already. note: why it
    is void, or how its outcome was found.
    """

    step: str
    sequence: int
    round: int
    lower: Key | None
    upper: Key | None
    reached: Key | None
    expected: int
    skips_locked: bool = False
    state: ChunkState = ChunkState.INTENDED
    rows: int = 0
    transaction_id: str = ""
    note: str = ""
    part: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", ChunkState(self.state))

    def prepared(self, *, rows: int, transaction_id: str) -> "Chunk":
        return replace(self, state=ChunkState.PREPARED, rows=rows, transaction_id=transaction_id)

    def taken_back(self) -> "Chunk":
        return replace(self, state=ChunkState.INTENDED, rows=0)

    def completed(self, *, note: str = "") -> "Chunk":
        return replace(self, state=ChunkState.COMPLETED, note=note or self.note)

    def void(self, note: str) -> "Chunk":
        return replace(self, state=ChunkState.VOID, rows=0, note=note)


def digest_of(chunks: Iterable[Chunk]) -> str:
    """SHA-256 (hex) over the completed chunks of a run in order of step, part and sequence: window, rows, transaction.

    chunks: already in that order; void ones are passed over. Proves: that no chunk of the record was altered, dropped,
    added or reordered since, and which transactions of the source's write-ahead log they were. Does not prove which
    rows inside a window were changed; a digest of every key would, but costs a sort of every chunk, and short keys can
    be guessed from it.
    """
    running = hashlib.sha256()
    for chunk in chunks:
        if chunk.state is ChunkState.COMPLETED:
            bounds = [_listed(chunk.lower), _listed(chunk.upper)]
            place = [chunk.step, chunk.part, chunk.sequence, chunk.round]
            content: list[Any] = [*place, bounds, chunk.rows, chunk.transaction_id]
            running.update(rfc8785.dumps(content))
    return running.hexdigest()


def _listed(key: Key | None) -> list[str] | None:
    return None if key is None else list(key)


@dataclass(frozen=True)
class StepRecord:
    """What the journal knows of a step.

    last: the chunk of the highest sequence, whatever its state. unfinished: intended and prepared ones, by sequence.
    rows: sum over completed chunks. closed_round: the last round in which the step came to its end, 0 before the first.
    is_shared: it was handed out in parts; then unfinished and rows are of the parts as well, and last is not.
    A journal of one part knows of the chunks of that part only.
    """

    last: Chunk | None = None
    unfinished: tuple[Chunk, ...] = ()
    rows: int = 0
    closed_round: int = 0
    is_shared: bool = False


class Journal(Protocol):
    """The durable record of one run. Every method returns only when what it wrote survives a crash.

    Every writing method checks the lease in the same transaction and raises LeaseLost when another worker owns the run.
    """

    def step(self, key: str) -> StepRecord:
        """What was recorded of this step."""

    def intend(self, chunk: Chunk, *, completed: tuple[Chunk, ...]) -> None:
        """Store a new chunk; in the same transaction, store that the `completed` ones (often one) are so."""

    def prepare(self, chunk: Chunk) -> None:
        """Store rows and transaction id, before the source commits."""

    def take_back(self, chunk: Chunk) -> None:
        """A prepared chunk is only intended again, before the source is told to roll its transaction back."""

    def complete(self, chunk: Chunk) -> None:
        """The source committed."""

    def void(self, chunk: Chunk) -> None:
        """The chunk changed nothing; note says why."""

    def close_step(self, key: str, *, round: int) -> None:
        """The step, or the part, came to the end of its rows in this round."""

    def at_once(self) -> AbstractContextManager[None]:
        """What is written inside survives a crash together, or not at all; it does so when the context ends."""

    def renew(self) -> None:
        """Prolong the lease. Raises LeaseLost when another worker took over."""


@dataclass(frozen=True)
class Permission:
    """The world's answer. reason: why not, for people. held: whose rows are spared in this chunk."""

    proceed: bool
    reason: str = ""
    held: Held = NOBODY_HELD


class World(Protocol):
    """Everything that may have changed since the plan was approved. Asked before every chunk."""

    def ask(self, step: Step) -> Permission:
        """May this step go on: rule active, organisation active, no open request; and who is held now?"""

    def ask_at_once(self, steps: Sequence[Step]) -> list[Permission]:
        """The same of each of several steps, at one moment: before the one transaction, or the one count, of all."""

    def held(self, step: Step) -> Held:
        """Only who is held now: for a count, which changes nothing, whether the step may go on or not."""


class Clock(Protocol):
    """Time as the engine needs it."""

    def monotonic(self) -> float:
        """Seconds that never go back."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
