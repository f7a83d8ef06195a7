"""One pass of one step: window after window, each one transaction in the source, written down before and after.

Danger: between any two lines the process may die. Rule: the order is intend, change, prepare, commit, complete; what is
found unfinished later is settled by recovery.py, and the predicate leaves out what is already done.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from privacy.datamap.engine.errors import LeaseLost, SourceBusy, SourceLocked, SourceRefused, SourceTooSlow
from privacy.datamap.engine.journal import Chunk, ChunkState, Clock, Journal, World
from privacy.datamap.engine.lanes import Lane
from privacy.datamap.engine.pace import Allotment, Limits, Paces
from privacy.datamap.engine.plan import Step
from privacy.datamap.engine.recovery import Recovery
from privacy.datamap.engine.screening import Screen
from privacy.datamap.engine.selection import NOBODY_HELD, Held
from privacy.datamap.engine.sharing import WHOLE, Part
from privacy.datamap.engine.source import Source, SourceConnection
from privacy.datamap.engine.spec import Key
from privacy.datamap.engine.statements import Only, StepStatements
from privacy.datamap.engine.windows import Span, Windows


class PassEnd(StrEnum):
    """Why a pass stopped. SHARED: parts of the step are under way elsewhere."""

    FINISHED = "finished"
    OUT_OF_TIME = "out of time"
    STOPPED = "stopped"
    REFUSED = "refused"
    SHARED = "shared"


@dataclass(frozen=True)
class PassResult:
    """rows: changed in this call. skipped: rows locked by others may have been left behind. reason: why it stopped."""

    end: PassEnd
    rows: int
    skipped: bool = False
    reason: str = ""


@dataclass
class _Task:
    """A chunk under way in a lane. future answers Changed while the change runs, None while the commit runs.

    measured: rows of its window; those of the span are fewer where only some of them may go.
    """

    lane: Lane
    chunk: Chunk
    span: Span
    measured: int
    future: Future[Any]


@dataclass(frozen=True)
class Workshop:
    """What every step of a run works with. allotment: the time they have together.

    screen: asks somebody about every window, None when all that matches may go.
    """

    journal: Journal
    world: World
    limits: Limits
    paces: Paces
    clock: Clock
    allotment: Allotment
    connection: SourceConnection
    lanes: Sequence[Lane]
    screen: Screen | None = None


@contextmanager
def open_workshop(
    source: Source,
    *,
    journal: Journal,
    world: World,
    limits: Limits,
    paces: Paces,
    clock: Clock,
    allotment: Allotment,
    screen: Screen | None = None,
) -> Iterator[Workshop]:
    """Connections to a source for as long as the body runs."""
    with ExitStack() as stack:
        connection = stack.enter_context(source.connect())
        number = min(limits.lanes, source.dialect.most_writers or limits.lanes)
        lanes = [stack.enter_context(closing(Lane(source, limits))) for _ in range(number)]
        yield Workshop(
            journal=journal,
            world=world,
            limits=limits,
            paces=paces,
            clock=clock,
            allotment=allotment,
            connection=connection,
            lanes=lanes,
            screen=screen,
        )


class StepRunner:
    """Runs one step, or one part of it, in one round."""

    def __init__(
        self, step: Step, round_number: int, statements: StepStatements, workshop: Workshop, *, part: Part = WHOLE
    ) -> None:
        self._step = step
        self._part = part
        self._round = round_number
        self._statements = statements
        self._shop = workshop
        self._pace = workshop.paces.of(step)
        self._windows = Windows(statements, workshop.connection, self._pace, lower=part.lower, upper=part.upper)
        self._tasks: list[_Task] = []
        self._unconfirmed: deque[Chunk] = deque()  # committed in the source, not yet so in the journal
        self._sequence = 0
        self._rows = 0
        self._skipped = False
        self._unwritten: Key | None = None  # as far as windows went since the last chunk
        self._stopped: tuple[PassEnd, str] | None = None

    def run(self) -> PassResult:
        """Work until the rows, the time or the permission end. Raises LeaseLost, SourceUnreachable and the like."""
        self._take_up()
        try:
            while True:
                self._unless_refused(self._fill_lanes)
                if not self._tasks:
                    return self._end()
                self._unless_refused(self._windows.look_ahead)
                finished, _ = wait([task.future for task in self._tasks], return_when=FIRST_COMPLETED)
                for task in [task for task in self._tasks if task.future in finished]:
                    self._advance(task)
        except BaseException:
            for task in self._tasks:
                task.lane.leave() if task.chunk.state is ChunkState.PREPARED else task.lane.abandon()
            raise

    def _unless_refused(self, look: Callable[[], None]) -> None:
        """A refusal ends the pass, but not before the chunks that are under way came to their end."""
        try:
            look()
        except SourceRefused as error:
            self._refused(error)

    def _refused(self, error: SourceRefused) -> None:
        self._stopped = self._stopped or (PassEnd.REFUSED, str(error))

    def _take_up(self) -> None:
        """Go on where the record ends: settle what is unfinished, continue behind the furthest window."""
        record = self._shop.journal.step(self._step.key)
        shop = self._shop
        self._sequence = record.last.sequence if record.last else 0
        recovery = Recovery(shop.connection, self._statements, shop.journal, shop.limits, shop.clock, shop.screen)
        held = shop.world.held(self._step) if record.unfinished else NOBODY_HELD
        settled = [recovery.settle(chunk, held) for chunk in record.unfinished]
        if record.last is not None and record.last.round == self._round:
            self._skipped = True  # the earlier call may have had no time to try again what it gave up
            self._windows.go_on_after(record.last.reached)
            for chunk in settled:
                if chunk.state is ChunkState.VOID and chunk.round == self._round:
                    is_large = chunk.expected > self._pace.window  # for all that this call knows
                    self._windows.put_back(Span(chunk.lower, chunk.upper, chunk.expected, to_be_measured=is_large))
        elif self._round == 1:
            self._windows.expect(self._part.expected if self._part.number else self._step.expected_count)

    def _fill_lanes(self) -> None:
        busy = {id(task.lane) for task in self._tasks}
        for lane in self._shop.lanes:
            if id(lane) not in busy and self._stopped is None and not self._start_next(lane):
                return

    def _start_next(self, lane: Lane) -> bool:
        """Ask the world, take the next window, write the intent, start. False when there is nothing to start."""
        shop = self._shop
        while not self._windows.exhausted:
            permission = shop.world.ask(self._step)
            if not permission.proceed:
                self._stopped = (PassEnd.STOPPED, permission.reason)
                return False
            if shop.allotment.is_up:
                self._stop_for_time()
                return False
            shop.journal.renew()
            span = self._windows.take(permission.held)
            if span is None:
                return False
            measured = span.rows
            only: Only | None = None
            if shop.screen is not None:
                found = shop.screen.between(
                    shop.connection, self._step, span.lower, span.upper, permission.held, taking=True
                )
                if not found.rows:
                    shop.allotment.begin()
                    self._unwritten = self._windows.reached
                    continue
                span, only = replace(span, rows=found.rows), Only(shop.screen.way(self._step), found.keys)
            shop.allotment.begin()
            self._start(lane, span, measured, permission.held, only)
            return True
        return False

    def _stop_for_time(self) -> None:
        """Let the next call go on behind the windows in which nothing may go yet: no chunk tells of them."""
        self._stopped = (PassEnd.OUT_OF_TIME, "")
        if self._unwritten is not None:
            chunk = self._intend(Span(self._unwritten, self._unwritten, 0))
            self._shop.journal.void(chunk.void("nothing up to here may go yet"))

    def _start(self, lane: Lane, span: Span, measured: int, held: Held, only: Only | None) -> None:
        chunk = self._intend(span)
        future = lane.start(self._statements.change(chunk, held, only), chunk.transaction_id)
        self._tasks.append(_Task(lane, chunk, span, measured, future))

    def _intend(self, span: Span) -> Chunk:
        self._sequence += 1
        self._unwritten = None
        chunk = Chunk(
            step=self._step.key,
            sequence=self._sequence,
            round=self._round,
            lower=span.lower,
            upper=span.upper,
            reached=self._windows.reached,
            expected=span.rows,
            skips_locked=span.skips_locked,
            transaction_id=self._shop.connection.new_transaction_id(),
            part=self._part.number,
        )
        completed = tuple(self._unconfirmed)
        self._unconfirmed.clear()
        self._shop.journal.intend(chunk, completed=completed)
        return chunk

    def _advance(self, task: _Task) -> None:
        try:
            changed = task.future.result()
        except SourceBusy as error:
            self._retry(task, error)
        except SourceRefused as error:
            self._give_up(task, "was refused by the source")
            self._refused(error)
        else:
            if changed is None:
                self._committed(task)
            else:
                task.chunk = task.chunk.prepared(rows=changed.rows, transaction_id=changed.transaction_id)
                self._pace.record(rows=changed.rows, of=task.measured, seconds=changed.seconds)
                self._prepare(task)
                task.future = task.lane.commit()

    def _prepare(self, task: _Task) -> None:
        try:
            self._shop.journal.prepare(task.chunk)
        except LeaseLost:  # so it is not written
            task.lane.abandon()
            raise

    def _committed(self, task: _Task) -> None:
        self._tasks.remove(task)
        self._unconfirmed.append(task.chunk.completed())
        self._rows += task.chunk.rows
        self._skipped = self._skipped or task.chunk.skips_locked

    def _retry(self, task: _Task, error: SourceBusy) -> None:
        """Smaller after a timeout, around the locked rows after a lock, once more after a deadlock."""
        span = replace(task.span, attempt=task.span.attempt + 1)
        if isinstance(error, SourceTooSlow):
            self._give_up(task, "ran into the statement timeout")
            if not self._pace.shrink():
                raise error
            self._windows.put_back(replace(task.span, to_be_measured=True))
            return
        self._give_up(task, "rows or tables were locked" if isinstance(error, SourceLocked) else "was in the way")
        if span.attempt > self._shop.limits.attempts:
            raise error
        if not isinstance(error, SourceLocked) or task.span.skips_locked:  # then it is more than some rows
            self._shop.clock.sleep(self._shop.limits.pause_seconds)
        self._windows.put_back(replace(span, skips_locked=isinstance(error, SourceLocked)))

    def _give_up(self, task: _Task, note: str) -> None:
        self._tasks.remove(task)
        self._shop.journal.void(task.chunk.void(note))

    def _end(self) -> PassResult:
        while self._unconfirmed:
            self._shop.journal.complete(self._unconfirmed.popleft())
        if self._stopped is not None:
            end, reason = self._stopped
            return PassResult(end, self._rows, self._skipped, reason)
        self._shop.journal.close_step(self._step.key, round=self._round)
        return PassResult(PassEnd.FINISHED, self._rows, self._skipped)
