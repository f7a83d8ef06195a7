"""Queueing and owning work. All through conditional statements on the job table, so that two workers, two dispatchers,
a lost message or a message that comes twice do no harm.
"""

import logging
import secrets
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery.exceptions import OperationalError
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from privacy.jobs.models import Job, JobState, Schedule
from privacy.jobs.registry import LeaseLost, kinds_in
from privacy.tenants.context import current_organisation
from privacy.tenants.db import connection

logger = logging.getLogger(__name__)

NOT_SERVED = "organisation_not_served"
_LONGEST_WAIT = timedelta(hours=1)
_LEAVE_BROKER_ALONE_SECONDS = 10.0

_broker_away_until = 0.0


def enqueue(*, kind: str, slot: str, due_at: datetime | None = None) -> bool:
    """Queue work for the organisation that this thread is in, in the caller's transaction.

    Workers are woken after the commit. When the broker cannot be reached the dispatcher finds the job later.

    Args:
        kind: a registered kind of job.
        slot: names the work within its kind; queued once however often it is asked for.
        due_at: not before this moment; now when absent.

    Returns:
        Whether the job is new.
    """
    schema_name = current_organisation().schema_name
    job = Job(schema_name=schema_name, kind=kind, slot=slot, due_at=due_at or timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO public.{Job._meta.db_table}
                   (schema_name, kind, slot, state, due_at, lease_owner, attempts, problem, created_at)
                VALUES (%s, %s, %s, 'pending', %s, '', 0, '', now())
                ON CONFLICT (schema_name, kind, slot) DO NOTHING RETURNING id""",  # noqa: S608
            [schema_name, kind, slot, job.due_at],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    if job.due_at <= timezone.now():
        transaction.on_commit(lambda: wake(schema_name, row[0]))
    return True


def requeue(*, kind: str, slot: str, even_if_running: bool = False) -> None:
    """Queue work again under a slot that may have been used before; does nothing while it waits or runs.

    Args:
        even_if_running: bring it forward while it waits for later, and while it runs have it run once more at once when
            that is over: its worker may have looked before this transaction was committed.
    """
    schema_name = current_organisation().schema_name
    if even_if_running:
        transaction.on_commit(partial(_ask_again, schema_name, kind, slot), robust=True)
    changed = Job.objects.filter(
        schema_name=schema_name, kind=kind, slot=slot, state__in=[JobState.DONE, JobState.FAILED]
    ).update(**_due_now(), finished_at=None)
    if not changed:
        enqueue(kind=kind, slot=slot)
        return
    job_id = Job.objects.values_list("id", flat=True).get(schema_name=schema_name, kind=kind, slot=slot)
    transaction.on_commit(lambda: wake(schema_name, job_id))


def _ask_again(schema_name: str, kind: str, slot: str) -> None:
    """After the commit: mark a job that runs; one that ended or was postponed since the commit is due now.

    Not before the commit: workers lock their job before what they work at, and whoever asks may have locked that.
    """
    jobs = Job.objects.filter(schema_name=schema_name, kind=kind, slot=slot)
    if jobs.filter(state=JobState.RUNNING).update(asked_again=True):
        return
    later = Q(state=JobState.PENDING, due_at__gt=timezone.now()) | Q(state__in=[JobState.DONE, JobState.FAILED])
    if jobs.filter(later).update(**_due_now(), finished_at=None):
        wake(schema_name, jobs.values_list("id", flat=True).get())


def _due_now() -> dict[str, Any]:
    return {"state": JobState.PENDING, "due_at": timezone.now(), "attempts": 0, "problem": ""}


def set_schedule(*, kind: str, key: str, every: timedelta, first_due_at: datetime, enabled: bool = True) -> None:
    """Make work return. Setting it again changes the interval and keeps the next date."""
    Schedule.objects.update_or_create(
        schema_name=current_organisation().schema_name,
        kind=kind,
        key=key,
        defaults={"every_seconds": int(every.total_seconds()), "enabled": enabled},
        create_defaults={
            "every_seconds": int(every.total_seconds()),
            "enabled": enabled,
            "next_due_at": first_due_at,
        },
    )


def pause_work(*, schema_name: str) -> None:
    """Have what returns not return while an organisation is cancelled, save what runs then as well. As the owner."""
    Schedule.objects.filter(schema_name=schema_name).exclude(kind__in=kinds_in("cancelled")).update(paused=True)


def resume_work(*, schema_name: str) -> None:
    """Undo `pause_work`: what waited is due now, and what returns returns. As the owner."""
    Schedule.objects.filter(schema_name=schema_name).update(paused=False)
    Job.objects.filter(schema_name=schema_name, state=JobState.PENDING, problem=NOT_SERVED).update(
        due_at=timezone.now()
    )


def jobs_and_schedules(*, schema_name: str) -> dict[str, int]:
    """How many rows of the public tables are an organisation's. As the owner."""
    return {model._meta.db_table: model.objects.filter(schema_name=schema_name).count() for model in (Job, Schedule)}


def claim(*, job_id: int, now: datetime | None = None) -> Job | None:
    """Become the owner of a job that is due and nobody owns. None when there is nothing to own."""
    now = now or timezone.now()
    owner = secrets.token_hex(16)
    free = Q(state=JobState.PENDING, due_at__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
    claimed = Job.objects.filter(free, pk=job_id).update(
        state=JobState.RUNNING,
        lease_owner=owner,
        lease_until=now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
        attempts=F("attempts") + 1,
        asked_again=False,
    )
    return Job.objects.get(pk=job_id) if claimed else None


def renew(*, job_id: int, lease_owner: str) -> None:
    """Keep owning a job. Call it between steps, and inside the transaction that must not be doubled.

    Raises:
        LeaseLost: somebody else owns it now.
    """
    renewed = Job.objects.filter(pk=job_id, lease_owner=lease_owner, state=JobState.RUNNING).update(
        lease_until=timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    )
    if not renewed:
        raise LeaseLost(f"job {job_id}")


def finish(*, job: Job) -> bool:
    """The work is done. Whether it was asked for again meanwhile, and so is due at once."""
    return _release(job, state=JobState.DONE, finished_at=timezone.now(), problem="")


def put_back(*, job: Job) -> None:
    """A slice is done, more is left: at the end of the queue, without counting as a failure."""
    _release(job, **_due_now())


def postpone(*, job: Job, problem: str, after: timedelta | None = None) -> bool:
    """The work could not be done: later again, waiting longer each time, an hour at most. Whether it was asked for
    again meanwhile, and so is due at once."""
    wait = after or min(timedelta(seconds=5) * 2 ** min(job.attempts, 12), _LONGEST_WAIT)
    return _release(job, state=JobState.PENDING, due_at=timezone.now() + wait, problem=problem)


def fail(*, job: Job, problem: str) -> None:
    """The work cannot be done without somebody changing something."""
    _release(job, state=JobState.FAILED, finished_at=timezone.now(), problem=problem)


def _release(job: Job, **changes: object) -> bool:
    """Let go of a job that is still ours. Whether it was asked for again while it ran; then it is due now, whatever
    became of it."""
    ours = Job.objects.filter(pk=job.pk, lease_owner=job.lease_owner)
    free = {"lease_owner": "", "lease_until": None}
    if ours.filter(asked_again=False).update(**free, **changes):
        return False
    return bool(
        ours.update(**free, **_due_now(), asked_again=False)
    )  # or another worker owns it, and it is none of ours


def wake(schema_name: str, job_id: int) -> None:
    """Tell a worker about a job. Failing is harmless: the dispatcher finds the job in the table.

    A broker that did not answer is left alone for a while, so that nobody waits for it twice.
    """
    global _broker_away_until
    from privacy.jobs.tasks import run_jobs

    if time.monotonic() < _broker_away_until:
        return
    try:
        run_jobs.apply_async(args=[[[schema_name, job_id]]], retry=False)
    except (OperationalError, OSError):
        _broker_away_until = time.monotonic() + _LEAVE_BROKER_ALONE_SECONDS
        logger.warning("broker unreachable; job %s waits for the dispatcher", job_id)
