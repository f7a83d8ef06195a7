"""One pass of one step: window after window, each one transaction in the source, written down before and after.

Danger: between any two lines the process may die. Rule: the order is intend, change, prepare, commit, complete; what is
found unfinished later is settled by recovery.py, and the predicate leaves out what is already done.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from privacy.datamap.engine.errors import SourceBusy, SourceLocked, SourceRefused, SourceTooSlow
from privacy.datamap.engine.journal import Chunk, ChunkState, Clock, Journal, Permission, World
from privacy.datamap.engine.pace import Limits, Pace
from privacy.datamap.engine.plan import Step
from privacy.datamap.engine.recovery import Recovery
from privacy.datamap.engine.selection import Held
from privacy.datamap.engine.source import SourceConnection
from privacy.datamap.engine.spec import Key
from privacy.datamap.engine.statements import StepStatements, Window


class PassEnd(StrEnum):
    """Why a pass stopped."""

    FINISHED = "finished"
    OUT_OF_TIME = "out of time"
    STOPPED = "stopped"


@dataclass(frozen=True)
class PassResult:
    """rows: changed in this call. skipped: rows locked by others may have been left behind."""

    end: PassEnd
    rows: int
    skipped: bool = False
    reason: str = ""


class StepRunner:
    """Runs one step in one round. deadline: on the clock's own scale, None for no limit."""

    def __init__(
        self,
        step: Step,
        round_number: int,
        *,
        connection: SourceConnection,
        statements: StepStatements,
        journal: Journal,
        world: World,
        limits: Limits,
        pace: Pace,
        clock: Clock,
        deadline: float | None,
    ) -> None:
        self._step = step
        self._round = round_number
        self._connection = connection
        self._statements = statements
        self._journal = journal
        self._world = world
        self._limits = limits
        self._pace = pace
        self._clock = clock
        self._deadline = deadline
        self._sequence = 0
        self._digest = ""
        self._lower: Key | None = None
        self._rows = 0
        self._skipped = False
        self._unconfirmed: Chunk | None = None  # committed in the source, not yet so in the journal

    def run(self) -> PassResult:
        """Work until the rows, the time or the permission end. Raises LeaseLost, SourceUnreachable and the like."""
        permission = self._world.ask(self._step)
        if self._take_up(permission.held):
            return self._finish()
        while True:
            if not permission.proceed:
                return self._stop(PassEnd.STOPPED, permission.reason)
            if self._deadline is not None and self._clock.monotonic() >= self._deadline:
                return self._stop(PassEnd.OUT_OF_TIME)
            self._journal.renew()
            size = self._pace.window
            window = self._window(size, permission)
            if window is None:
                return self._finish()
            advanced = self._process(window, permission.held)
            if advanced and (window.upper is None or window.rows < size):
                return self._finish()
            permission = self._world.ask(self._step)

    def _take_up(self, held: Held) -> bool:
        """Go on where the record ends. True when this round's last window was already done."""
        record = self._journal.step(self._step.key)
        self._digest = record.digest
        if record.last is None:
            return False
        recovery = Recovery(self._connection, self._statements, self._journal, self._limits, self._clock)
        last = recovery.settle(record.last, held)
        self._sequence = last.sequence
        if last.round != self._round:
            return False
        if last.state is ChunkState.VOID:
            self._lower = last.lower
            return False
        self._digest = last.digest
        self._lower = last.upper
        self._skipped = last.skips_locked
        return last.upper is None

    def _window(self, size: int, permission: Permission) -> Window | None:
        if self._lower is None and self._round == 1 and self._step.expected_count < size:
            return Window(None, None, self._step.expected_count)  # all in one: nothing to measure
        return self._statements.next_window(self._connection, self._lower, size, permission.held)

    def _process(self, window: Window, held: Held) -> bool:
        """Do one window. False when it must be measured anew, smaller."""
        skips_locked = False
        for attempt in range(1, self._limits.attempts + 1):
            chunk = self._intend(window, skips_locked=skips_locked)
            try:
                self._carry_out(chunk, held)
            except SourceTooSlow as error:
                self._give_up(chunk, "ran into the statement timeout")
                if window.upper is None or self._pace.halve():
                    self._step = replace(self._step, expected_count=self._pace.window)  # measure from now on
                    return False
                raise error
            except SourceBusy as error:
                self._give_up(
                    chunk, "rows or tables were locked" if isinstance(error, SourceLocked) else "was in the way"
                )
                if attempt == self._limits.attempts:
                    raise
                skips_locked = isinstance(error, SourceLocked)
                self._clock.sleep(0 if skips_locked else self._limits.pause_seconds)
            except SourceRefused:
                self._give_up(chunk, "was refused by the source")
                raise
            else:
                self._skipped = self._skipped or skips_locked
                return True
        raise AssertionError("the last attempt returns or raises")

    def _intend(self, window: Window, *, skips_locked: bool) -> Chunk:
        self._sequence += 1
        chunk = Chunk(
            step=self._step.key,
            sequence=self._sequence,
            round=self._round,
            lower=window.lower,
            upper=window.upper,
            expected=window.rows,
            skips_locked=skips_locked,
        )
        self._journal.intend(chunk, completed=self._unconfirmed)
        self._unconfirmed = None
        return chunk

    def _carry_out(self, chunk: Chunk, held: Held) -> None:
        started = self._clock.monotonic()
        limits = self._limits
        with self._connection.transaction(
            lock_timeout_ms=limits.lock_timeout_ms, statement_timeout_ms=limits.statement_timeout_ms
        ) as transaction_id:
            rows = self._connection.change(self._statements.change(chunk, held))
            prepared = chunk.prepared(rows=rows, transaction_id=transaction_id, previous_digest=self._digest)
            self._journal.prepare(prepared)
        self._unconfirmed = prepared.completed()
        self._digest, self._lower = prepared.digest, prepared.upper
        self._rows += rows
        self._pace.record(rows=rows, seconds=self._clock.monotonic() - started)

    def _give_up(self, chunk: Chunk, note: str) -> None:
        self._journal.void(chunk.void(note))

    def _confirm(self) -> None:
        if self._unconfirmed is not None:
            self._journal.complete(self._unconfirmed)
            self._unconfirmed = None

    def _finish(self) -> PassResult:
        self._confirm()
        self._journal.close_step(self._step.key, round=self._round)
        return PassResult(PassEnd.FINISHED, self._rows, self._skipped)

    def _stop(self, end: PassEnd, reason: str = "") -> PassResult:
        self._confirm()
        return PassResult(end, self._rows, self._skipped, reason)
