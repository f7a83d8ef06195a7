"""Runs that waited for a hold go on at once when it is released, instead of at their next try."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from privacy.jobs.models import Job, JobState
from privacy.jobs.services import requeue, wake
from privacy.tenants.db import connection
from retention.enums import RunState
from retention.models import Run

RUN_JOB = "retention.run"
_HELD = ("held", "dataset_held")


def wake_waiting_runs() -> int:
    """Bring forward the jobs of all runs that wait for a hold, in the caller's transaction. How many there were."""
    waiting = Run.objects.filter(state__in=[RunState.PENDING, RunState.RUNNING], problem__in=_HELD)
    slots = [str(run) for run in waiting.values_list("pk", flat=True)]
    for slot in slots:
        bring_forward(slot)
    return len(slots)


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
