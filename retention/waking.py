"""The jobs behind runs: brought forward when what a run waited for is over, and asked whether a worker is at one."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from privacy.jobs.models import Job, JobState
from privacy.jobs.services import requeue, wake
from privacy.tenants.db import connection
from retention.models import Run
from retention.transitions import GOING_ON

RUN_JOB = "retention.run"
PART_JOB = "retention.run_part"
FOR_A_HOLD = ("held", "dataset_held")
"""Problems of runs that wait for a hold: until people have released it, which may take years."""


def wake_waiting_runs() -> int:
    """Bring forward the jobs of all runs that wait for a hold, in the caller's transaction. How many there were."""
    waiting = Run.objects.filter(state__in=GOING_ON, problem__in=FOR_A_HOLD)
    slots = [str(run) for run in waiting.values_list("pk", flat=True)]
    for slot in slots:
        bring_forward(slot)
    return len(slots)


def is_at_work(run: Run) -> bool:
    """Whether a worker has the run, or a part of it, or had it and died so lately that nobody has taken it over yet."""
    return _jobs_of(run).filter(state=JobState.RUNNING).exists()


def has_parts_at_work(run: Run) -> bool:
    """Like `is_at_work`, for parts of it only."""
    return _jobs_of(run).filter(kind=PART_JOB, state=JobState.RUNNING).exists()


def worker_until(run: Run) -> datetime | None:
    """Lock the jobs of a run until the end of the transaction; until when a worker owns one, None for nobody.

    Locking before the run itself is locked: that is the order in which workers do it.
    """
    jobs = _jobs_of(run).select_for_update().order_by("pk")
    return max((job.lease_until for job in jobs if job.lease_until is not None), default=None)


def part_slot(run: Run, *, position: int, number: int) -> str:
    """Names the job of a part of a run: the place of its step in the plan, and its own number."""
    return f"{run.pk}:{position}:{number}"


def _jobs_of(run: Run) -> QuerySet[Job]:
    own = Q(kind=RUN_JOB, slot=str(run.pk)) | Q(kind=PART_JOB, slot__startswith=f"{run.pk}:")
    return Job.objects.filter(own, schema_name=connection.schema_name)


def bring_forward(slot: str) -> None:
    """Have the job of a run done now: one that waits for later, has ended or failed is due at once, one that is running
    is due again when it has ended; and so are jobs of its parts that wait for later."""
    schema_name = connection.schema_name
    own = Q(kind=RUN_JOB, slot=slot) | Q(kind=PART_JOB, slot__startswith=f"{slot}:")
    later = Job.objects.filter(own, schema_name=schema_name, state=JobState.PENDING, due_at__gt=timezone.now())
    for job_id in list(later.values_list("pk", flat=True)):
        later.filter(pk=job_id).update(due_at=timezone.now())
        transaction.on_commit(partial(wake, schema_name, job_id))
    requeue(kind=RUN_JOB, slot=slot, even_if_running=True)
