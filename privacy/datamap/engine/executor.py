"""Carrying a plan out, as far as time and permission allow, and saying done only when the source counts zero."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum

from privacy.datamap.engine.counting import HeldFor, changes_rows, predicates_of
from privacy.datamap.engine.errors import SourceRefused
from privacy.datamap.engine.journal import Clock, Journal, World
from privacy.datamap.engine.pace import Allotment, Limits, Paces, SystemClock
from privacy.datamap.engine.plan import Action, Plan, Step
from privacy.datamap.engine.screening import Gate, Screen, left_of
from privacy.datamap.engine.selection import OlderThan, SubjectKeys
from privacy.datamap.engine.sharing import Sharing, cut
from privacy.datamap.engine.source import Source, SourceConnection
from privacy.datamap.engine.spec import Path
from privacy.datamap.engine.statements import StepStatements
from privacy.datamap.engine.step_runner import PassEnd, PassResult, StepRunner, Workshop, open_workshop
from privacy.datamap.engine.together import change_together, small_steps
from privacy.datamap.engine.verify import Verification, check_matches, verify


class RunState(StrEnum):
    """How a call of run ended. Only DONE is a completed run; the others may be called again.

    SHARED: other workers have parts of a step; call again when they are at their end.
    """

    DONE = "done"
    OUT_OF_TIME = "out of time"
    SHARED = "shared"
    STOPPED = "stopped"
    SURVIVORS = "survivors"
    REFUSED = "refused"


@dataclass(frozen=True)
class Progress:
    """rows: of every step, by the record. rows_now: changed in this call. reason: why it stopped, for people.

    refused: steps that the source refused in this call, and its words. waiting: steps that wait for a refused one.
    """

    state: RunState
    rows: dict[str, int]
    rows_now: int
    reason: str = ""
    verification: Verification | None = None
    refused: Mapping[str, str] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        return self.state is RunState.DONE


@dataclass
class _Round:
    ran: bool = False
    rows: int = 0
    skipped: bool = False


def run(
    source: Source,
    plan: Plan,
    journal: Journal,
    world: World,
    *,
    limits: Limits | None = None,
    budget_seconds: float | None = None,
    clock: Clock | None = None,
    sharing: Sharing | None = None,
    gate: Gate | None = None,
) -> Progress:
    """Carry the plan out, or go on where an earlier call, or a crash, left it.

    budget_seconds: stop between two chunks after this time (None: no limit), but not before the first; call again to
    go on. Verification always follows the last step and is not cut short.
    sharing: who works on parts of large steps; None: they are not shared. gate: asked about every window; rows it does
    not let through stay, and are not what a run was to change. Such a run is not shared.
    Raises PlanNoLongerMatches before the first chunk when the data changed, LeaseLost when another worker took over,
    SourceUnreachable, SourceBusy (both retryable: call again later), SourceRefused when the source refuses to be read
    before the first chunk. What it refuses later ends that step only: the others go on, and the answer is REFUSED.
    """
    limits, clock = limits or Limits(), clock or SystemClock()
    return _Run(source, plan, journal, world, limits, budget_seconds, clock, sharing, gate).go()


class _Run:
    def __init__(
        self,
        source: Source,
        plan: Plan,
        journal: Journal,
        world: World,
        limits: Limits,
        budget_seconds: float | None,
        clock: Clock,
        sharing: Sharing | None,
        gate: Gate | None,
    ) -> None:
        self._sharing = sharing if gate is None else None
        self._source, self._plan, self._journal, self._world = source, plan, journal, world
        self._limits, self._clock = limits, clock
        self._paces = Paces(limits)
        self._allotment = Allotment(clock, budget_seconds)
        self._steps = [step for step in plan.steps if changes_rows(step)]
        self._predicates = predicates_of(plan, source)
        self._screen = Screen(source, self._predicates, gate) if gate is not None else None
        self._rows_now = 0
        self._refused: dict[str, str] = {}
        self._waiting: set[str] = set()
        self._closed_together: frozenset[str] = frozenset()

    def go(self) -> Progress:
        records = [self._journal.step(step.key) for step in self._steps]
        is_fresh = not any(record.last or record.closed_round or record.is_shared for record in records)
        if is_fresh:
            check_matches(self._source, self._plan, predicates=self._predicates)
        reached = [record.closed_round for record in records] + [record.last.round for record in records if record.last]
        number = max([1, *reached])
        for _ in range(self._limits.rounds):
            this = _Round()
            if is_fresh and number == 1:
                self._small_steps_together(this)
            if (stopped := self._pass_over(number, this)) is not None:
                return stopped
            verification = verify(
                self._source,
                self._plan,
                held_for=self._held_for_proof(),
                predicates=self._predicates,
                screen=self._screen,
            )
            if verification.complete:
                return self._progress(RunState.DONE, verification=verification)
            if all(each.step in self._refused for each in verification.survivors):
                break
            if ((number > 1 and this.ran) or self._refused) and not (this.rows or this.skipped):
                break  # what remains does not yield to trying again
            number += 1
            if this.skipped:
                self._clock.sleep(self._limits.pause_seconds)
        if self._refused:
            return self._progress(RunState.REFUSED, "The source refused a part of the work.", verification)
        return self._progress(RunState.SURVIVORS, "Rows remain that should be gone.", verification)

    def _small_steps_together(self, this: _Round) -> None:
        if self._screen is not None or not self._source.dialect.remembers_outcomes:
            return
        most_rows = min(self._limits.together, self._limits.largest_window)
        steps = small_steps(self._steps, most_rows=most_rows, must_wait=self._waits_for_any)
        if steps:
            with self._workshop() as workshop:
                changed = change_together(steps, self._statements, workshop)
            if changed is not None:
                this.ran = True
                this.rows += sum(changed.values())
                self._rows_now += sum(changed.values())
                self._closed_together = frozenset(changed)

    def _pass_over(self, number: int, this: _Round) -> Progress | None:
        with self._workshop() as workshop:
            for step in self._steps:
                if step.key in self._refused or (number == 1 and step.key in self._closed_together):
                    continue
                if self._journal.step(step.key).closed_round >= number:
                    continue
                result = self._one_step(step, number, workshop)
                if result is None:
                    continue
                this.ran = True
                this.rows += result.rows
                this.skipped = this.skipped or result.skipped
                self._rows_now += result.rows
                if result.end is PassEnd.REFUSED:
                    self._refused[step.key] = result.reason
                if result.end is PassEnd.OUT_OF_TIME:
                    return self._progress(RunState.OUT_OF_TIME)
                if result.end is PassEnd.SHARED:
                    return self._progress(RunState.SHARED)
                if result.end is PassEnd.STOPPED:
                    return self._progress(RunState.STOPPED, result.reason)
        return None

    def _one_step(self, step: Step, number: int, workshop: Workshop) -> PassResult | None:
        """What came of one pass over a step. None: it has to wait for another one."""
        self._waiting.discard(step.key)
        try:
            if (elsewhere := self._elsewhere(step)) is not None:
                return elsewhere
            if self._must_wait(step, workshop.connection):
                return None
            statements = self._statements(step)
            if number == 1 and (handed_out := self._hand_out(step, statements, workshop)) is not None:
                return handed_out
            return StepRunner(step, number, statements, workshop).run()
        except SourceRefused as error:  # nothing was under way: the source refused to be read
            return PassResult(PassEnd.REFUSED, 0, reason=str(error))

    def _statements(self, step: Step) -> StepStatements:
        return StepStatements(self._predicates, self._source.dialect, step)

    def _workshop(self) -> AbstractContextManager[Workshop]:
        return open_workshop(
            self._source,
            journal=self._journal,
            world=self._world,
            limits=self._limits,
            paces=self._paces,
            clock=self._clock,
            allotment=self._allotment,
            screen=self._screen,
        )

    def _elsewhere(self, step: Step) -> PassResult | None:
        """Wait for the parts of a step that was handed out. None: there are none, or all are at their end."""
        record = self._journal.step(step.key)
        if self._sharing is None or not record.is_shared or record.last is not None:
            return None
        permission = self._world.ask(step)
        if not permission.proceed:
            return PassResult(PassEnd.STOPPED, 0, reason=permission.reason)
        return PassResult(PassEnd.SHARED, 0) if self._sharing.is_under_way(step) else None

    def _hand_out(self, step: Step, statements: StepStatements, workshop: Workshop) -> PassResult | None:
        """Cut a large step, of which nothing is done yet, and let others have the parts. None: it is ours."""
        record = self._journal.step(step.key)
        if self._sharing is None or record.is_shared or record.last is not None:
            return None
        if (into := self._sharing.parts_for(step)) < 2:
            return None
        permission = self._world.ask(step)
        if not permission.proceed:
            return PassResult(PassEnd.STOPPED, 0, reason=permission.reason)
        parts = cut(workshop.connection, statements, step, into=into, held=permission.held)
        self._sharing.hand_out(step, parts)
        return PassResult(PassEnd.SHARED, 0)

    def _must_wait(self, step: Step, connection: SourceConnection) -> bool:
        """Whether changing these rows would cut off rows of another step that are found only through them, or take
        rows along that their own step was refused to delete (ON DELETE CASCADE).

        This plan knows the keys of people; but once nothing names a person any more, no later plan finds their rows.
        """
        is_delete = step.action is Action.DELETE
        if not is_delete and not self._takes_the_name(step):
            return False
        for other in self._steps:
            is_undone = other.key in self._refused or other.key in self._waiting
            goes_along = is_delete and is_undone and self._is_referred_to(step, other)
            concerns = step.dataset in self._reached_through(other) or goes_along
            if other.key != step.key and concerns and self._left(other, connection) > 0:
                if is_undone:
                    self._waiting.add(step.key)
                return True
        return False

    def _waits_for_any(self, step: Step) -> bool:
        """Whether _must_wait has to look at what is left of another step."""
        if step.action is not Action.DELETE:  # those before it are done when it is, or nothing is
            behind = self._steps[self._steps.index(step) + 1 :]
            return self._takes_the_name(step) and any(step.dataset in self._reached_through(each) for each in behind)
        return any(step.dataset in self._reached_through(other) for other in self._steps if other != step)

    def _takes_the_name(self, step: Step) -> bool:
        """Whether it masks columns by which the people are found whose rows it is about."""
        if not isinstance(step.selection, SubjectKeys):
            return False
        names = {each.column for each in self._plan.dataset(step.dataset).identities}
        return any(each.column in names for each in step.all_masks)

    def _held_for_proof(self) -> HeldFor:
        """Who is held while what is left is counted. Steps about people are counted, and asked about, at one moment;

        rules may read whole tables for their counts, and are asked about before each.
        """
        if not all(isinstance(step.selection, SubjectKeys) for step in self._steps):
            return self._world.held
        permissions = self._world.ask_at_once(self._steps)
        held = {step.key: each.held for step, each in zip(self._steps, permissions, strict=True)}
        return lambda step: held[step.key]

    def _left(self, step: Step, connection: SourceConnection) -> int:
        return left_of(connection, self._predicates, step, self._world.held(step), self._screen)

    def _is_referred_to(self, step: Step, other: Step) -> bool:
        dataset = self._plan.dataset(other.dataset)
        return (dataset.schema, dataset.table) in {(each.schema, each.table) for each in step.referrers}

    def _reached_through(self, step: Step) -> set[str]:
        own = self._plan.dataset(step.dataset).paths
        paths: tuple[Path, ...] = (step.selection.path,) if isinstance(step.selection, OlderThan) else own
        return {join.to for path in paths for join in path}

    def _progress(self, state: RunState, reason: str = "", verification: Verification | None = None) -> Progress:
        rows = {step.key: self._journal.step(step.key).rows for step in self._steps}
        refused, waiting = dict(self._refused), tuple(sorted(self._waiting))
        return Progress(state, rows, self._rows_now, reason, verification, refused, waiting)
