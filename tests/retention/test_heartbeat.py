"""A worker that is alive keeps its run, however long the source takes; a dead one does not."""

import time
from uuid import uuid4

import pytest

from privacy.jobs import services
from privacy.jobs.models import Job
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import enqueue
from privacy.tenants.context import public_context
from retention.heartbeat import kept_alive

pytestmark = pytest.mark.processes


@pytest.fixture
def job(committed, settings) -> Job:
    settings.JOB_LEASE_SECONDS = 1
    slot = str(uuid4())
    enqueue(kind="retention.run", slot=slot)
    with public_context():
        claimed = services.claim(job_id=Job.objects.get(slot=slot).pk)
    assert claimed is not None
    return claimed


def _claim_by_another(job: Job) -> Job | None:
    with public_context():
        return services.claim(job_id=job.pk)


def test_a_long_statement_does_not_lose_the_run(job):
    with kept_alive(JobHandle(job.pk, job.slot, 1, job.lease_owner)):
        time.sleep(2)
        assert _claim_by_another(job) is None


def test_without_the_heartbeat_the_lease_runs_out(job):
    time.sleep(1.2)
    assert _claim_by_another(job) is not None


def test_the_heartbeat_of_a_lost_lease_does_not_take_it_back(job):
    with kept_alive(JobHandle(job.pk, job.slot, 1, "somebody else")):
        time.sleep(1.2)
    taken = _claim_by_another(job)
    assert taken is not None
    assert taken.lease_owner != job.lease_owner
