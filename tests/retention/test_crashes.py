"""A worker is killed in the middle of a run; another takes over; record and database agree exactly."""

import os
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.subject_plan import plan_erasure
from privacy.jobs.models import Job, JobState
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.tenants.context import public_context
from retention.enums import ChunkState, RunState
from retention.models import Run
from retention.services import resume_run, start_erasure_run
from tests.retention.test_erasure_of_a_person import NOT_OURS
from tests.sources import change, connect_offixpro, content, job_of, known, rows, work

pytestmark = pytest.mark.processes(redis=False)

HERS = """SELECT count(*) FROM crm.login_event JOIN crm.customer c ON c.email = %s AND c.operated_by = 'offixpro'
          JOIN crm.crm_user u USING (customer_id) WHERE login_event.user_id = u.user_id
          AND occurred_at <> date_trunc('month', occurred_at)"""


@pytest.fixture
def erasure(committed, crm, settings) -> Run:
    """An approved erasure of Ama Mensah, really committed, with windows of two rows."""
    settings.RETENTION_WINDOW_ROWS = 2
    connect_offixpro(crm)
    subject = known(AMA_MENSAH.email)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    return run


def _die(run: Run, moment: str, count: int = 1) -> int:
    """Have a worker work on the run in its own process until it dies; its exit code."""
    command = [sys.executable, "-m", "tests.retention.sabotage", connection.settings_dict["NAME"],
               str(job_of(run.pk).pk), moment, str(count)]  # fmt: skip
    finished = subprocess.run(command, env=dict(os.environ), capture_output=True, timeout=120, check=False)
    assert finished.returncode in (0, -9), finished.stderr.decode()[-2000:]
    return finished.returncode


def _expire_lease(run: Run) -> None:
    """Time passes: the dead worker's lease runs out."""
    job = job_of(run.pk)
    assert job.state == JobState.RUNNING
    with public_context():
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("moment", "count"),
    [("intended", 2), ("changed", 3), ("prepared", 4), ("committed", 2), ("closed", 1), ("verified", 1)],
)
def test_a_killed_worker_leaves_a_record_that_another_brings_to_its_exact_end(erasure, crm, moment, count):
    others = content(crm, "crm", NOT_OURS)
    assert _die(erasure, moment, count) == -9
    assert run_job(job_id=job_of(erasure.pk).pk) is False  # the lease has not run out: nobody else may touch it
    erasure.refresh_from_db()
    assert erasure.state == RunState.RUNNING
    _expire_lease(erasure)
    work(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.state, erasure.problem) == (RunState.COMPLETED, "")
    for step in erasure.steps.exclude(action="keep"):
        completed = step.chunks.filter(state=ChunkState.COMPLETED)
        assert (step.dataset_key, step.rows) == (step.dataset_key, step.expected)
        assert sum(chunk.rows for chunk in completed) == step.rows
    assert content(crm, "crm", NOT_OURS) == others
    assert rows(crm, HERS, AMA_MENSAH.email) == [(0,)]
    assert LedgerEntry.objects.filter(action="run.completed", object_id=str(erasure.pk)).count() == 1


@pytest.mark.parametrize(("moment", "count"), [("intended", 3), ("prepared", 2), ("committed", 1), ("closed", 2)])
def test_a_worker_killed_while_one_table_is_refused_leaves_an_exact_record(erasure, crm, moment, count):
    change(crm, "ALTER TABLE crm.crm_user ADD CONSTRAINT real_names CHECK (full_name NOT LIKE 'Erased%%') NOT VALID")
    assert _die(erasure, moment, count) == -9
    _expire_lease(erasure)
    work(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.state, erasure.problem) == (RunState.ATTENTION, "source_refused")
    left = {step.dataset_key: step.survivors for step in erasure.steps.exclude(action="keep") if step.survivors}
    assert left == {"crm.crm_user": 1}
    change(crm, "ALTER TABLE crm.crm_user DROP CONSTRAINT real_names")
    resume_run(run=erasure, actor=SYSTEM)
    work(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.state, rows(crm, HERS, AMA_MENSAH.email)) == (RunState.COMPLETED, [(0,)])
    assert [step.rows for step in erasure.steps.exclude(action="keep")] == [
        step.expected for step in erasure.steps.exclude(action="keep")
    ]


def test_a_worker_that_nobody_kills_does_the_whole_run(erasure, crm):
    assert rows(crm, HERS, AMA_MENSAH.email) == [(AMA_MENSAH.logins,)]
    assert _die(erasure, "never") == 0
    erasure.refresh_from_db()
    assert erasure.state == RunState.COMPLETED
