"""Finding what is due for all organisations, with one query each for schedules and for jobs."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from privacy.jobs.models import Job, JobState, Schedule

BATCH = 500
JOBS_PER_MESSAGE = 25
_KEEP_DONE_FOR = timedelta(days=7)

Address = tuple[str, int]


def make_due_jobs() -> int:
    """Turn every schedule that is due into a job and move it on; late by many intervals, it still makes one job.

    Returns:
        Number of schedules moved on.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"""WITH due AS (
                    SELECT id FROM {Schedule._meta.db_table}
                     WHERE enabled AND NOT paused AND next_due_at <= now()
                     ORDER BY next_due_at LIMIT %s FOR UPDATE SKIP LOCKED),
                made AS (
                    INSERT INTO {Job._meta.db_table}
                        (schema_name, kind, slot, state, due_at, lease_owner, attempts, problem, created_at)
                    SELECT schema_name, kind, key || '@' || to_char(next_due_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS'),
                           'pending', now(), '', 0, '', now()
                      FROM {Schedule._meta.db_table} JOIN due USING (id)
                    ON CONFLICT (schema_name, kind, slot) DO NOTHING)
                UPDATE {Schedule._meta.db_table} s
                   SET next_due_at = next_due_at + make_interval(secs => every_seconds) *
                       (1 + floor(extract(epoch FROM now() - next_due_at) / every_seconds))
                  FROM due WHERE s.id = due.id""",  # noqa: S608
            [BATCH],
        )
        return cursor.rowcount


def addresses_of_due_jobs() -> list[Address]:
    """(schema, job id) of jobs that wait for a worker or whose worker is dead; those due longest first."""
    now = timezone.now()
    pending = Job.objects.filter(state=JobState.PENDING, due_at__lte=now).order_by("due_at")
    orphaned = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now).order_by("lease_until")
    found: list[Address] = []
    for jobs in (orphaned, pending):
        found += jobs.values_list("schema_name", "id")[: BATCH - len(found)]
    return found


def messages(addresses: list[Address]) -> list[list[Address]]:
    """Addresses in portions: one message carries many small jobs."""
    return [addresses[start : start + JOBS_PER_MESSAGE] for start in range(0, len(addresses), JOBS_PER_MESSAGE)]


def forget_old_jobs() -> int:
    """Remove jobs done long ago; their work has its own record elsewhere."""
    old = Job.objects.filter(state=JobState.DONE, finished_at__lt=timezone.now() - _KEEP_DONE_FOR)
    return old._raw_delete("default")
