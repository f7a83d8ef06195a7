"""An access package that takes longer to make than a lease is made once, by the worker that began it."""

import time

import pytest

from privacy.jobs import services
from privacy.jobs.models import Job
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import enqueue
from privacy.tenants.context import public_context
from requests import jobs
from requests.services.packaging import BUILD_JOB

pytestmark = pytest.mark.processes


def _claim(job: Job) -> Job | None:
    with public_context():
        return services.claim(job_id=job.pk)


def test_whoever_makes_a_large_package_keeps_the_job(committed, settings, monkeypatch):
    settings.JOB_LEASE_SECONDS = 1
    enqueue(kind=BUILD_JOB, slot="case/1")
    ours = _claim(Job.objects.get(slot="case/1"))
    assert ours is not None
    taken = []

    def slow(*, case_id, keep_alive):
        time.sleep(2)
        taken.append((case_id, _claim(ours)))
        keep_alive()

    monkeypatch.setattr(jobs, "make_package", slow)
    assert jobs.build(JobHandle(ours.pk, ours.slot, 1, ours.lease_owner)) is True
    assert taken == [("case", None)]
    time.sleep(1.2)
    assert _claim(ours) is not None
