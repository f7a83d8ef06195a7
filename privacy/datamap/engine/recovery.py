"""After a crash: what became of the chunk that was under way. The source itself is asked; only it knows."""

from dataclasses import dataclass

from privacy.datamap.engine.dialects.base import Outcome
from privacy.datamap.engine.errors import OutcomePending
from privacy.datamap.engine.journal import Chunk, ChunkState, Clock, Journal
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.screening import Screen
from privacy.datamap.engine.selection import NOBODY_HELD, Held
from privacy.datamap.engine.source import SourceConnection
from privacy.datamap.engine.statements import StepStatements

POLL_SECONDS = 0.2
STILL_OPEN = "A transaction of an earlier worker is still open in the source; try again later."


@dataclass(frozen=True)
class Recovery:
    """Settles unfinished chunks of a step, so that the record ends with the true number of rows.

    screen: whom the chunks were asked about; rows that may not go say nothing about what became of a chunk.
    """

    connection: SourceConnection
    statements: StepStatements
    journal: Journal
    limits: Limits
    clock: Clock
    screen: Screen | None = None

    def settle(self, chunk: Chunk, held: Held) -> Chunk:
        """The chunk, completed or void, and the journal told so.

        A chunk without a prepared result never reached its commit; where the source let us choose the transaction's id
        it is asked all the same, so that no transaction is left waiting there. Raises OutcomePending while its
        transaction is still open in the source or held rows hide its outcome, and whatever journal or source raise.
        """
        if chunk.state in (ChunkState.COMPLETED, ChunkState.VOID):
            return chunk
        if chunk.state is ChunkState.INTENDED:
            return self._settle_intended(chunk, "the worker stopped before the source was asked to commit")
        match self._outcome(chunk):
            case Outcome.WAITING:
                return self._settle_waiting(chunk)
            case Outcome.COMMITTED:
                return self._complete(chunk, "found committed after a restart")
            case Outcome.ABORTED:
                return self._void(chunk, "found rolled back after a restart")
            case Outcome.IN_PROGRESS:
                raise OutcomePending(STILL_OPEN)
            case _:
                return self._infer(chunk, held)

    def _settle_intended(self, chunk: Chunk, note: str) -> Chunk:
        outcome = self._outcome(chunk) if chunk.transaction_id else Outcome.ABORTED
        if outcome is Outcome.WAITING and not self._rolled_back(chunk):
            outcome = Outcome.IN_PROGRESS
        if outcome is Outcome.IN_PROGRESS:
            raise OutcomePending(STILL_OPEN)
        return self._void(chunk, note)

    def _settle_waiting(self, chunk: Chunk) -> Chunk:
        """Its permission is of yesterday, so it is rolled back and done anew. The journal knows of that first: whoever
        came after a crash between the two would take a transaction that is gone for one that was committed.
        """
        intended = chunk.taken_back()
        self.journal.take_back(intended)
        return self._settle_intended(intended, "rolled back after a restart")

    def _rolled_back(self, chunk: Chunk) -> bool:
        give_up = self.clock.monotonic() + self.limits.outcome_wait_seconds
        while not self.connection.roll_back_waiting(chunk.transaction_id):
            if self.clock.monotonic() >= give_up:
                return False
            self.clock.sleep(POLL_SECONDS)
        return True

    def _outcome(self, chunk: Chunk) -> Outcome:
        if not chunk.transaction_id:  # forgotten, because the source is on another server now
            return Outcome.UNKNOWN
        give_up = self.clock.monotonic() + self.limits.outcome_wait_seconds
        while (outcome := self.connection.outcome(chunk.transaction_id)) is Outcome.IN_PROGRESS:
            if self.clock.monotonic() >= give_up:
                break
            self.clock.sleep(POLL_SECONDS)
        return outcome

    def _infer(self, chunk: Chunk, held: Held) -> Chunk:
        """The source has forgotten the transaction. All or nothing happened: what is left in the window tells which.

        Who is held now may not have been held then. So fewer left than were changed, held or not, means committed;
        as many left without anybody held means rolled back; between the two the held rows decide, and nobody knows how.
        """
        left = self._left(chunk, NOBODY_HELD)
        if not left >= chunk.rows > 0:
            return self._complete(chunk, f"inferred as committed: {left} rows of the window still match")
        if held and self._left(chunk, held) < chunk.rows:
            raise OutcomePending(
                "The source has forgotten a transaction of an earlier worker, and rows that are held now hide what "
                "became of it; try again when they are released."
            )
        return self._void(chunk, f"inferred as rolled back: {left} rows of the window still match")

    def _left(self, chunk: Chunk, held: Held) -> int:
        if self.screen is None:
            return self.connection.number(self.statements.count_left(chunk, held))
        return self.screen.between(self.connection, self.statements.step, chunk.lower, chunk.upper, held).rows

    def _void(self, chunk: Chunk, note: str) -> Chunk:
        void = chunk.void(note)
        self.journal.void(void)
        return void

    def _complete(self, chunk: Chunk, note: str) -> Chunk:
        completed = chunk.completed(note=note)
        self.journal.complete(completed)
        return completed
