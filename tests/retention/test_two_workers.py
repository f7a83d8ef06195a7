"""Two workers, each a process of its own, on one run at the same time, killed at once.

Every other moment at which one can die is tried, for every product, in tests/privacy/datamap/engine/test_sharing.py.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from config.embedded import superuser_url
from privacy.jobs.models import Job, JobState
from privacy.jobs.runner import run_job
from privacy.ledger.models import LedgerEntry
from privacy.tenants.context import public_context
from retention.enums import ChunkState, PartState, RunState
from retention.models import Run, RunPart
from tests.large import LargeTable, connect_large, jobs_of, large_table, part_jobs, start_large_run, work_together
from tests.sources import job_of

pytestmark = pytest.mark.processes(redis=False)

ROWS = 41
PART_ROWS = 21
DONE = [(1, 21, PartState.DONE), (2, 20, PartState.DONE)]


@pytest.fixture
def table() -> Iterator[LargeTable]:
    with large_table(superuser_url("test"), ROWS) as made:
        yield made


@pytest.fixture
def run(committed, table, settings) -> Run:
    """A run over 41 rows in two parts, by windows of two; really committed."""
    settings.RETENTION_WINDOW_ROWS = 2
    settings.RETENTION_PART_ROWS = PART_ROWS
    connect_large(table)
    return start_large_run()


def _worker(job: Job, moment: str, count: int = 1) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.retention.sabotage", connection.settings_dict["NAME"],
               str(job.pk), moment, str(count)]  # fmt: skip
    environment = dict(os.environ) | {"PART_ROWS": str(PART_ROWS)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _cut(run: Run) -> list[Job]:
    """Have the run hand its parts out; their jobs."""
    run_job(job_id=job_of(run.pk).pk)
    jobs = part_jobs(run)
    assert len(jobs) == len(DONE)
    return jobs


def _due(job: Job) -> None:
    with public_context():
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def _end(*workers: subprocess.Popen[bytes]) -> list[int]:
    for worker in workers:
        _out, errors = worker.communicate(timeout=120)
        assert worker.returncode in (0, -9), errors.decode()[-2000:]
    return [worker.returncode for worker in workers]


def _leases_run_out(run: Run) -> None:
    with public_context():
        Job.objects.filter(pk__in=[job.pk for job in jobs_of(run)], state=JobState.RUNNING).update(
            lease_until=timezone.now() - timedelta(seconds=1)
        )


def _check(run: Run, table: LargeTable) -> None:
    run.refresh_from_db()
    step = run.steps.get()
    assert (run.state, run.problem, step.rows, step.survivors) == (RunState.COMPLETED, "", ROWS, 0)
    parts = RunPart.objects.filter(step=step).order_by("number")
    assert [(part.number, part.rows, part.state) for part in parts] == DONE
    for part in parts:
        chunks = step.chunks.filter(part=part.number)
        assert sum(chunk.rows for chunk in chunks.filter(state=ChunkState.COMPLETED)) == part.rows
        assert {chunk.state for chunk in chunks} <= {ChunkState.COMPLETED, ChunkState.VOID}
    assert (table.touched, table.unmasked) == ((ROWS, ROWS), 0)
    assert LedgerEntry.objects.filter(action="run.completed", object_id=str(run.pk)).count() == 1


MOMENTS = [("changed", 3), ("prepared", 4), ("committed", 1)]


@pytest.mark.parametrize(("moment", "count"), MOMENTS)
def test_two_workers_killed_at_once_are_taken_over_and_no_row_is_touched_twice(run, table, moment, count):
    first, second = _cut(run)
    assert _end(_worker(first, moment, count), _worker(second, moment, count)) == [-9, -9]
    assert {job.state for job in part_jobs(run)} == {JobState.RUNNING}
    _leases_run_out(run)
    work_together(run)
    _check(run, table)


def test_two_workers_at_once_do_their_own_part_each(run, table):
    assert _end(*(_worker(job, "never") for job in _cut(run))) == [0, 0]
    assert table.touched == (ROWS, ROWS)
    work_together(run)
    _check(run, table)


@pytest.mark.parametrize("moment", ["handed_out", "verified"])
def test_the_runs_own_worker_killed_before_and_after_the_parts_leaves_one_record(run, table, moment):
    if moment != "handed_out":
        for part in _cut(run):
            while run_job(job_id=part.pk):  # on a busy machine a part takes more than one slice
                pass
        _due(job_of(run.pk))
    assert _end(_worker(job_of(run.pk), moment)) == [-9]
    _leases_run_out(run)
    work_together(run)
    _check(run, table)
