"""One job has one owner, whoever claims it and whenever."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from privacy.jobs import services
from privacy.jobs.models import Job, JobState
from privacy.jobs.registry import LeaseLost
from privacy.jobs.runner import run_job
from privacy.tenants.context import organisation_context, public_context
from tests.connections import second_connection
from tests.privacy.jobs.conftest import queued

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)


def in_threads(number: int, act) -> list:
    """The answers of threads that act at the same moment, each on a connection of its own."""
    answers, start = [], threading.Barrier(number)

    def work() -> None:
        try:
            start.wait(timeout=10)
            answers.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(answers) == number
    return answers


def test_of_eight_workers_that_claim_at_once_exactly_one_becomes_the_owner(committed, work):
    job = queued()
    claimed = [each for each in in_threads(8, lambda: services.claim(job_id=job.pk)) if each is not None]
    assert len(claimed) == 1
    job.refresh_from_db()
    assert (job.state, job.lease_owner, job.attempts) == (JobState.RUNNING, claimed[0].lease_owner, 1)


def test_a_message_that_reaches_four_workers_is_worked_on_once(committed, work):
    job = queued()
    in_threads(4, lambda: run_job(job_id=job.pk))
    assert work.calls == ["1"]
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 1)


def test_a_claim_waits_for_one_that_is_not_committed_yet_and_then_gets_nothing(committed, work):
    job, answers = queued(), []
    with second_connection(committed) as other:
        other.execute("BEGIN")
        other.execute(
            "UPDATE jobs_job SET state = 'running', lease_owner = 'other', lease_until = now() + interval '1 minute' "
            "WHERE id = %s",
            [job.pk],
        )
        thread = threading.Thread(target=lambda: (answers.append(services.claim(job_id=job.pk)), connection.close()))
        thread.start()
        thread.join(timeout=0.5)
        assert (thread.is_alive(), answers) == (True, [])
        other.execute("COMMIT")
        thread.join(timeout=10)
    assert answers == [None]
    job.refresh_from_db()
    assert job.lease_owner == "other"


def test_a_job_that_is_not_due_is_nobodys(alpha, work):
    job = queued()
    early = job.due_at - timedelta(seconds=1)
    assert services.claim(job_id=job.pk, now=early) is None
    assert services.claim(job_id=job.pk, now=job.due_at) is not None


def test_a_lease_is_respected_to_its_end_and_not_a_moment_longer(alpha, work):
    job, now = queued(), timezone.now()
    first = services.claim(job_id=job.pk, now=now)
    assert services.claim(job_id=job.pk, now=now + LEASE - timedelta(seconds=1)) is None
    second = services.claim(job_id=job.pk, now=now + LEASE + timedelta(seconds=1))
    assert second.lease_owner != first.lease_owner
    assert second.attempts == 2


def test_who_lost_the_lease_can_neither_renew_nor_finish(alpha, work):
    job, now = queued(), timezone.now()
    dead = services.claim(job_id=job.pk, now=now)
    owner = services.claim(job_id=job.pk, now=now + LEASE * 2)
    with pytest.raises(LeaseLost):
        services.renew(job_id=job.pk, lease_owner=dead.lease_owner)
    services.finish(job=dead)
    services.fail(job=dead, problem="late")
    services.postpone(job=dead, problem="late")
    job.refresh_from_db()
    assert (job.state, job.lease_owner, job.problem) == (JobState.RUNNING, owner.lease_owner, "")
    services.renew(job_id=job.pk, lease_owner=owner.lease_owner)
    services.finish(job=owner)
    job.refresh_from_db()
    assert (job.state, job.lease_owner, job.lease_until) == (JobState.DONE, "", None)


def test_renewing_lengthens_the_lease(alpha, work):
    job = queued()
    owner = services.claim(job_id=job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() + timedelta(seconds=1))
    services.renew(job_id=job.pk, lease_owner=owner.lease_owner)
    job.refresh_from_db()
    assert job.lease_until > timezone.now() + LEASE - timedelta(seconds=2)


def test_a_worker_that_loses_its_lease_midway_stops_and_leaves_the_job_to_its_owner(alpha, work):
    job = queued()

    def lose(handle) -> bool:
        Job.objects.filter(pk=job.pk).update(lease_owner="somebody else")
        services.renew(job_id=handle.id, lease_owner=handle.lease_owner)
        raise AssertionError("unreachable")

    work.act = lose
    assert run_job(job_id=job.pk) is False
    job.refresh_from_db()
    assert (job.state, job.lease_owner, job.problem) == (JobState.RUNNING, "somebody else", "")


def test_an_organisation_sees_its_own_jobs_only(alpha, beta, work):
    queued("alphas")
    with organisation_context(beta):
        queued("betas")
        assert list(Job.objects.filter(kind="test.work").values_list("slot", flat=True)) == ["betas"]
    with public_context():
        assert Job.objects.filter(kind="test.work").count() == 2
