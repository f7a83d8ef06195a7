"""The jobs behind runs: brought forward when what a run waited for is over, and asked whether a worker is at one."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from privacy.jobs.models import Job, JobState
from privacy.jobs.services import requeue, wake
from privacy.tenants.db import connection
from retention.models import Run
from retention.transitions import GOING_ON

RUN_JOB = "retention.run"
_HELD = ("held", "dataset_held")


def wake_waiting_runs() -> int:
    """Bring forward the jobs of all runs that wait for a hold, in the caller's transaction. How many there were."""
    waiting = Run.objects.filter(state__in=GOING_ON, problem__in=_HELD)
    slots = [str(run) for run in waiting.values_list("pk", flat=True)]
    for slot in slots:
        bring_forward(slot)
    return len(slots)


def is_at_work(run: Run) -> bool:
    """Whether a worker has the run, or had it and died so lately that nobody has taken it over yet."""
    return _job_of(run).filter(state=JobState.RUNNING).exists()


def worker_until(run: Run) -> datetime | None:
    """Lock the job of a run until the end of the transaction; until when a worker owns it, None for nobody.

    Locking before the run itself is locked: that is the order in which workers do it.
    """
    job = _job_of(run).select_for_update().first()
    return job.lease_until if job is not None and job.state == JobState.RUNNING else None


def _job_of(run: Run) -> QuerySet[Job]:
    return Job.objects.filter(schema_name=connection.schema_name, kind=RUN_JOB, slot=str(run.pk))


def bring_forward(slot: str) -> None:
    """Have the job of a run done now: one that waits for later, has ended or failed is due at once."""
    schema_name = connection.schema_name
    later = Job.objects.filter(
        schema_name=schema_name, kind=RUN_JOB, slot=slot, state=JobState.PENDING, due_at__gt=timezone.now()
    )
    for job_id in list(later.values_list("pk", flat=True)):
        later.update(due_at=timezone.now())
        transaction.on_commit(partial(wake, schema_name, job_id))
    requeue(kind=RUN_JOB, slot=slot)
