"""One slice of one part of a run.

Danger: a part that goes on while its run may not, or that says what became of the run. Rule: the world is asked before
every chunk as for the run itself; whatever is in the way for longer is left to the run's own job, which alone moves the
run, tells people and claims anything.
"""

import uuid
from datetime import timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from privacy.datamap.engine.errors import EngineError, LeaseLost
from privacy.datamap.engine.part_run import run_part
from privacy.datamap.engine.sharing import Part
from privacy.datamap.engine.step_runner import PassEnd
from privacy.datamap.engine.values import from_data
from privacy.datamap.errors import DatamapChanged
from privacy.datamap.opening import open_for_engine
from privacy.datamap.services.connecting import problem_code
from privacy.datamap.subject_changes import check_map
from privacy.jobs import registry
from privacy.jobs.registry import JobHandle, Retry
from privacy.jobs.services import renew
from retention.enums import PartState, RunKind, RunState
from retention.heartbeat import kept_alive
from retention.journal import PortalJournal
from retention.models import Run, RunPart
from retention.plans import plan_of
from retention.sharing import limits
from retention.transitions import GOING_ON
from retention.waking import bring_forward
from retention.world import PortalWorld

LONGEST_PAUSE_SECONDS = 60  # the run's own job looks as often; nobody brings the job of a part forward
_PASSING = (Retry, registry.LeaseLost, OperationalError, InterfaceError, SoftTimeLimitExceeded)


def run_part_slice(job: JobHandle) -> bool:
    """Do one slice of the part that the job is about, and have the run go on when its last part is at its end.

    Returns:
        Whether nothing is left to do for this part now.

    Raises:
        Retry: the source does not allow it now; the run's `problem` says why.
        privacy.jobs.registry.LeaseLost: another worker owns the part.
    """
    run_pk, position, number = job.slot.split(":")
    run = Run.objects.select_related("source", "rule", "subject").get(pk=uuid.UUID(run_pk))
    part = RunPart.objects.select_related("step").get(step__run=run, step__position=position, number=number)
    if part.state == PartState.OPEN and run.state == RunState.RUNNING:
        try:
            with kept_alive(job):
                if not _work(run, part, job):
                    return False
        except _PASSING:
            raise
        except Exception:
            _leave(part, job, "unexpected")
            _hand_back(run)
            raise
    _hand_back(run)
    return True


def _work(run: Run, part: RunPart, job: JobHandle) -> bool:
    """Whether this job has nothing more to do, be it that the part is done or that the run has to decide."""
    journal = PortalJournal(run, job, part=part.number)
    world = PortalWorld(run, keep_lease=journal.renew)
    bounds = from_data(part.content)
    assert isinstance(bounds, Part)
    try:
        plan = plan_of(run)
        with open_for_engine(run.source) as source:
            if run.kind != RunKind.RETENTION:
                check_map(run.source, source, plan, received_on=run.received_on)
            result = run_part(
                source, plan, part.step.dataset_key, bounds, journal, world,
                limits=limits(), budget_seconds=settings.JOB_SLICE_SECONDS,
            )  # fmt: skip
    except LeaseLost as error:
        raise registry.LeaseLost(str(error)) from None
    except DatamapChanged:
        return True  # the run finds the same, and stops
    except EngineError as error:
        if error.retryable:
            _note(run, job, problem_code(error))
            raise Retry(problem_code(error), _pause(job)) from None
        _leave(part, job, problem_code(error))
        return True
    if result.end is PassEnd.REFUSED:
        _leave(part, job, "source_refused")
    return result.end is not PassEnd.OUT_OF_TIME


def _pause(job: JobHandle) -> timedelta:
    return timedelta(seconds=min(LONGEST_PAUSE_SECONDS, 5 * 2 ** min(job.attempts - 1, 6)))


def _leave(part: RunPart, job: JobHandle, code: str) -> None:
    """The run passes over these rows itself, and meets the same trouble or does not."""
    with transaction.atomic():
        renew(job_id=job.id, lease_owner=job.lease_owner)
        RunPart.objects.filter(pk=part.pk, state=PartState.OPEN).update(state=PartState.LEFT, problem=code)


def _hand_back(run: Run) -> None:
    """Have the run's own job look now, unless other parts still work and nothing is in their way."""
    now = Run.objects.filter(pk=run.pk, state__in=GOING_ON).exists()
    if now and not RunPart.objects.filter(step__run=run, state=PartState.OPEN).exists():
        bring_forward(str(run.pk))


def _note(run: Run, job: JobHandle, code: str) -> None:
    """Say on the run what a part waits for; the next chunk of any part takes it back."""
    with transaction.atomic():
        renew(job_id=job.id, lease_owner=job.lease_owner)
        others = Run.objects.filter(pk=run.pk, state=RunState.RUNNING).exclude(problem=code)
        others.update(problem=code, problem_words="", waits_since=timezone.now())
