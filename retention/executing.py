"""One slice of a run.

Danger: to say "done" when it is not. Rule: only the engine's verification, which counts what is left in the source,
completes a run; survivors and unknown counts leave it open. Everything a run does is repeatable, so that a worker may
die anywhere; what it had done is in the journal.
"""

import uuid
from datetime import timedelta
from typing import NoReturn

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from privacy.datamap.asking import is_asked
from privacy.datamap.engine import executor
from privacy.datamap.engine.errors import EngineError, LeaseLost, PlanNoLongerMatches
from privacy.datamap.engine.executor import Progress
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.errors import DatamapChanged
from privacy.datamap.opening import open_for_engine
from privacy.datamap.services.connecting import problem_code
from privacy.datamap.subject_changes import check_map, check_same_rows
from privacy.errands.standing import Stand, Standing
from privacy.jobs import registry
from privacy.jobs.registry import JobHandle, Retry
from privacy.jobs.services import renew
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.register.selectors import profile
from retention import completion, errands
from retention.coarsening import make_coarser
from retention.enums import RunKind, RunState
from retention.finishing import complete, look_again, rows_since
from retention.heartbeat import kept_alive
from retention.hours import opens_in
from retention.journal import PortalJournal
from retention.kept.remembering import remember_kept
from retention.models import Run, RunChunk
from retention.moves import move
from retention.notices.gate import gate_of
from retention.notices.telling import tell_people
from retention.plans import plan_of
from retention.refusals import note_refusals
from retention.replanning import replan
from retention.rule_standing import OUTDATED
from retention.services.kept_rows import check_kept, indexes_gone
from retention.services.replays import check_replay
from retention.settling import try_to_close
from retention.sharing import LOOK_AT_PARTS, PortalSharing, limits
from retention.stopping import stop
from retention.transitions import GOING_ON
from retention.waking import has_parts_at_work
from retention.world import OUTSIDE_HOURS, RUN_ENDED, PortalWorld

_STOPPING = OUTDATED | {"rule_inactive", "approval_void", RUN_ENDED}
_LOOK_AGAIN = timedelta(hours=1)
_PASSING = (Retry, registry.LeaseLost, OperationalError, InterfaceError, SoftTimeLimitExceeded)


def run_slice(job: JobHandle) -> bool:
    """Do one slice of the run that the job is about, and tell the listeners when it has ended.

    Returns:
        Whether nothing is left to do now.

    Raises:
        Retry: the source or the world does not allow it now; the run's `problem` says why.
        privacy.jobs.registry.LeaseLost: another worker owns the run.
    """
    run = Run.objects.select_related("source", "rule", "subject").get(pk=uuid.UUID(job.slot))
    if run.state in GOING_ON:
        try:
            with kept_alive(job):
                done = _work(run, job)
        except _PASSING:
            raise
        except Exception:
            _end(run, job, RunState.ATTENTION, "unexpected")
            completion.tell(run)
            raise
        if not done:
            return False
    if run.state == RunState.STOPPED and not has_parts_at_work(run):
        try_to_close(run, job)
    if run.state != RunState.PAUSED:
        completion.tell(run)
    return True


def _work(run: Run, job: JobHandle) -> bool:
    """Whether the run has ended, one way or another."""
    if not _begin(run, job):
        return True
    if is_asked(run.source):
        return _after_errand(run, job, errands.proceed_with(run, job, stopping=_STOPPING))
    journal = PortalJournal(run, job)
    world = PortalWorld(run, keep_lease=journal.renew)
    try:
        with open_for_engine(run.source) as source:
            _check_erasure(run, source, job)
            progress = tell_people(run, job, source, world) or executor.run(
                source, plan_of(run), journal, world,
                limits=limits(), budget_seconds=settings.JOB_SLICE_SECONDS, sharing=PortalSharing(run, job),
                gate=gate_of(run),
            )  # fmt: skip
            if progress.done and run.kind == RunKind.RETENTION:
                progress, asked = make_coarser(run, job, source, progress)
                world = asked or world
        return _after(run, job, progress, world)
    except LeaseLost as error:
        raise registry.LeaseLost(str(error)) from None
    except DatamapChanged:
        return _end(run, job, RunState.STOPPED, "map_changed")
    except PlanNoLongerMatches as error:
        return _after_change(run, job, error)
    except EngineError as error:
        return _after_error(run, job, error)


def _after_errand(run: Run, job: JobHandle, standing: Standing) -> bool:
    """Nobody counted anything: only the evidence of its kind completes the run of a source that is no database."""
    match standing.stand:
        case Stand.DONE:
            return complete(run, job, {}, evidence=standing.code)
        case Stand.WAITS:
            _note(run, job, standing.code)
            raise Retry(standing.code, standing.pause)
        case Stand.VOID:
            return _end(run, job, RunState.STOPPED, standing.code)
        case _:
            return _end(run, job, RunState.ATTENTION, standing.code)


def _check_erasure(run: Run, source: EngineSource, job: JobHandle) -> None:
    """An erasure was approved for what the data map said, and for exactly these rows; a rule is meant for any.

    What it leaves because the law wants it kept is remembered before its first change cuts off the way there.
    """
    if run.kind == RunKind.RETENTION:
        return
    plan = plan_of(run)
    if run.kind == RunKind.KEPT:
        check_kept(run.source, source, plan)
        return
    check_map(run.source, source, plan, received_on=run.received_on)
    if RunChunk.objects.filter(step__run=run).exists():
        return
    if run.kind == RunKind.REPLAY:
        check_replay(run.source, source, plan, received_on=run.received_on)
    else:
        assert run.subject is not None
        check_same_rows(run.source, source, plan, run.subject, received_on=run.received_on)
    remember_kept(run, plan, source, job)


def _begin(run: Run, job: JobHandle) -> bool:
    """Whether the run may work; not if it was paused or stopped since this slice looked."""
    with transaction.atomic():
        renew(job_id=job.id, lease_owner=job.lease_owner)
        locked = Run.objects.select_for_update().get(pk=run.pk)
        if locked.state == RunState.PENDING:
            move(locked, RunState.RUNNING)
            record(action="run.started", actor=SYSTEM, target=run, data={"kind": run.kind, "plan_hash": run.plan_hash})
        run.state, run.started_at = locked.state, locked.started_at
    return run.state == RunState.RUNNING


def _after(run: Run, job: JobHandle, progress: Progress, world: PortalWorld) -> bool:
    match progress.state:
        case executor.RunState.OUT_OF_TIME:
            _note(run, job, "")
            return False
        case executor.RunState.SHARED:
            raise Retry("parts_at_work", LOOK_AT_PARTS)
        case executor.RunState.DONE:
            return _after_proof(run, job)
        case executor.RunState.STOPPED if world.blocked in _STOPPING:
            return _end(run, job, RunState.STOPPED, world.blocked)
        case executor.RunState.STOPPED:
            _wait(run, job, world.blocked)
        case executor.RunState.REFUSED:
            return _end(run, job, RunState.ATTENTION, "source_refused", note_refusals(run, progress))
        case _:
            return _not_proven(run, job, progress)


def _after_proof(run: Run, job: JobHandle) -> bool:
    """Complete the run, unless rows came meanwhile, or an erasure spared rows because of a hold on somebody.

    Rows that the plan knows nothing of were approved by nobody: for those the case is planned again.
    """
    found = look_again(run)
    if any(each.left for each in found.values()):
        return False
    if more := rows_since(run):
        words = ", ".join(f"{dataset}: {number}" for dataset, number in sorted(more.items()))
        return _end(run, job, RunState.STOPPED, "rows_came", words)
    held = {dataset: each.held for dataset, each in found.items()}
    if run.kind == RunKind.ERASURE and any(held.values()):
        for dataset, number in held.items():
            run.steps.filter(dataset_key=dataset).update(held=number)
        _wait(run, job, "held")
    if run.kind == RunKind.KEPT:
        return complete(run, job, found, kept_gone=indexes_gone(run))
    if run.kind != RunKind.RETENTION:
        with open_for_engine(run.source) as source:
            remember_kept(run, plan_of(run), source, job)
    return complete(run, job, found)


def _wait(run: Run, job: JobHandle, code: str) -> NoReturn:
    _note(run, job, code)
    run.problem = code
    completion.tell_of_wait(run)
    raise Retry(code, opens_in(profile(), timezone.now()) if code == OUTSIDE_HOURS else _LOOK_AGAIN)


def _not_proven(run: Run, job: JobHandle, progress: Progress) -> bool:
    found = progress.verification.steps if progress.verification else ()
    for step in found:
        run.steps.filter(dataset_key=step.step).update(survivors=step.count)
    unknown = not found or any(step.count is None for step in found)
    return _end(run, job, RunState.ATTENTION, "count_unknown" if unknown else "survivors")


def _after_change(run: Run, job: JobHandle, error: PlanNoLongerMatches) -> bool:
    """A rule is meant for whatever it finds, so it is counted anew; an erasure was approved for exactly this plan.

    Where a second officer approved the run of a rule, the new counts wait for them again; where none had to, they may
    have to now.
    """
    if run.kind == RunKind.RETENTION:
        code = "approve_again" if run.approval_reason else "more_rows"
        replan(run, job)
        return bool(run.approval_reason) and _end(run, job, RunState.AWAITING, code)
    return _end(run, job, RunState.STOPPED, "plan_no_longer_matches", str(error))


def _after_error(run: Run, job: JobHandle, error: EngineError) -> bool:
    code = problem_code(error)
    if error.retryable:
        _note(run, job, code)
        raise Retry(code)
    return _end(run, job, RunState.ATTENTION, code, str(error))


def _note(run: Run, job: JobHandle, code: str) -> None:
    """Say on the run why it waits, or that it does not any more."""
    with transaction.atomic():
        renew(job_id=job.id, lease_owner=job.lease_owner)
        others = Run.objects.filter(pk=run.pk, state__in=GOING_ON).exclude(problem=code)
        others.update(problem=code, problem_words="", waits_since=timezone.now() if code else None)


def _end(run: Run, job: JobHandle, state: RunState, code: str, words: str = "") -> bool:
    with transaction.atomic():
        renew(job_id=job.id, lease_owner=job.lease_owner)
        locked = Run.objects.select_for_update().get(pk=run.pk)
        if locked.state not in GOING_ON:  # it was stopped or paused while this slice was at work
            run.refresh_from_db()
            return True
        if state == RunState.STOPPED:
            stop(locked, problem=code, actor=SYSTEM, words=words)
        else:
            move(locked, state, problem=code, problem_words=words, waits_since=None)
            record(action=f"run.{state}", actor=SYSTEM, target=run, data={"problem": code})
    run.refresh_from_db()
    return True
