"""What becomes of a job: done, more to do, later, or failed."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from privacy.jobs import services
from privacy.jobs.models import Job, JobState
from privacy.jobs.registry import Retry, register_kind
from privacy.jobs.runner import run_job
from privacy.jobs.tasks import run_jobs
from privacy.ledger.jobs import seal
from privacy.tenants.context import current_organisation, organisation_context, public_context
from privacy.tenants.errors import OrganisationNotServed
from privacy.tenants.models import Organisation
from tests.closing import set_state
from tests.privacy.jobs.conftest import KIND, queued

SECRET = "ama.mensah@example.com"


def raising(error: Exception):
    def act(job) -> bool:
        raise error

    return act


def again(job: Job) -> Job:
    """Make a postponed job due and run it."""
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    run_job(job_id=job.pk)
    job.refresh_from_db()
    return job


def waits(job: Job) -> float:
    return round((job.due_at - timezone.now()).total_seconds() / 5) * 5


def test_a_slice_that_leaves_more_to_do_goes_to_the_end_of_the_queue_without_counting_as_a_failure(alpha, work):
    job, left = queued(), [False, False, True]
    work.act = lambda handle: left.pop(0)
    assert [run_job(job_id=job.pk) for _slice in range(3)] == [True, True, False]
    job.refresh_from_db()
    assert (job.state, job.attempts, work.calls) == (JobState.DONE, 1, ["1", "1", "1"])


def test_a_message_that_comes_twice_and_one_that_comes_late_do_nothing(alpha, work):
    job = queued()
    run_jobs([[alpha.schema_name, job.pk], [alpha.schema_name, job.pk]])
    run_jobs([[alpha.schema_name, job.pk]])
    assert work.calls == ["1"]


def test_what_may_succeed_later_waits_twice_as_long_each_time_and_an_hour_at_most(alpha, work):
    job = queued()
    work.act = raising(Retry("source_unreachable"))
    assert [waits(again(job)) for _attempt in range(11)] == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    assert (job.state, job.problem, job.attempts) == (JobState.PENDING, "source_unreachable", 11)
    work.act = lambda handle: True
    again(job)
    assert (job.state, job.problem) == (JobState.DONE, "")


def test_a_handler_can_say_when_to_come_back(alpha, work):
    job = queued()
    work.act = raising(Retry("mail_server_unreachable", after=timedelta(minutes=3)))
    assert waits(again(job)) == 180


@pytest.mark.parametrize(
    ("error", "problem"),
    [(ConnectionError(SECRET), "ConnectionError"), (OperationalError(SECRET), "database_unavailable")],
)
def test_errors_that_pass_are_tried_again_under_a_code_without_the_message(alpha, work, error, problem, caplog):
    job = queued()
    work.act = raising(error)
    again(job)
    assert (job.state, job.problem) == (JobState.PENDING, problem)
    assert SECRET not in caplog.text


def test_any_other_error_fails_the_job_and_neither_the_row_nor_the_log_repeats_what_it_said(alpha, work, caplog):
    first, second = queued("1"), queued("2")
    work.act = lambda job: raising(ValueError(SECRET))(job) if job.slot == "1" else True
    run_jobs([[alpha.schema_name, first.pk], [alpha.schema_name, second.pk]])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.problem) == (JobState.FAILED, "ValueError")
    assert second.state == JobState.DONE  # one bad job does not take its message's others along
    assert "failed with ValueError" in caplog.text
    assert SECRET not in caplog.text


def test_a_kind_that_nobody_registered_fails_loudly(alpha):
    services.enqueue(kind="test.unknown", slot="1")
    job = Job.objects.get(kind="test.unknown")
    with pytest.raises(LookupError, match=r"test\.unknown"):
        run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_a_kind_cannot_be_registered_twice_by_different_handlers():
    for _again in range(2):
        register_kind("ledger.seal", seal)
    with pytest.raises(ValueError, match="registered twice"):
        register_kind("ledger.seal", lambda job: True)


def test_the_job_of_an_organisation_that_is_not_served_waits_and_runs_nowhere(alpha, work):
    job = queued()
    with public_context():
        set_state(alpha, Organisation.State.CANCELLED)
        with pytest.raises(OrganisationNotServed):
            run_job(job_id=job.pk)
        job.refresh_from_db()
        assert (job.state, job.problem, work.calls) == (JobState.PENDING, "organisation_not_served", [])
        set_state(alpha, Organisation.State.ACTIVE)
    again(job)
    assert (job.state, work.calls) == (JobState.DONE, ["1"])


def test_a_handler_runs_inside_its_organisation_wherever_the_worker_was(alpha, beta, work):
    job, seen = queued(), []
    work.act = lambda handle: seen.append(current_organisation().slug) or True
    with organisation_context(beta):
        run_job(job_id=job.pk)
        assert (seen, current_organisation().slug) == (["alpha"], "beta")


def test_a_slot_is_queued_once_however_often_it_is_asked_for(alpha, work):
    job = queued()
    assert services.enqueue(kind=KIND, slot="1") is False
    run_job(job_id=job.pk)
    assert services.enqueue(kind=KIND, slot="1") is False
    assert Job.objects.filter(kind=KIND).count() == 1


def test_a_slot_can_be_queued_again_on_purpose_once_it_is_done(alpha, work):
    job = queued()
    services.requeue(kind=KIND, slot="1")
    run_job(job_id=job.pk)
    services.requeue(kind=KIND, slot="1")
    run_job(job_id=job.pk)
    services.requeue(kind=KIND, slot="new")
    assert work.calls == ["1", "1"]
    assert Job.objects.filter(kind=KIND).count() == 2


def test_requeueing_a_running_job_leaves_it_to_its_owner(alpha, work):
    job = queued()
    owner = services.claim(job_id=job.pk)
    services.requeue(kind=KIND, slot="1")
    job.refresh_from_db()
    assert (job.state, job.lease_owner) == (JobState.RUNNING, owner.lease_owner)


def ask_again_while_it_runs(capture, job: Job) -> Job:
    """A worker has the job; somebody asks for the same work and commits."""
    owned = services.claim(job_id=job.pk)
    with capture(execute=True):
        services.requeue(kind=KIND, slot="1", even_if_running=True)
    return owned


def state_of(job: Job) -> tuple[str, bool, bool]:
    """Its state, whether it is due, and whether it is still marked."""
    job.refresh_from_db()
    return job.state, job.due_at <= timezone.now(), job.asked_again


def test_what_is_asked_for_again_while_it_runs_is_due_again_when_that_is_over(
    alpha, work, django_capture_on_commit_callbacks
):
    job = queued()
    owned = ask_again_while_it_runs(django_capture_on_commit_callbacks, job)
    assert state_of(job) == (JobState.RUNNING, True, True)
    assert services.finish(job=owned) is True
    assert state_of(job) == (JobState.PENDING, True, False)
    assert services.finish(job=services.claim(job_id=job.pk)) is False
    assert state_of(job)[0] == JobState.DONE


def test_a_job_that_was_to_wait_an_hour_does_not_once_it_is_asked_for_again(
    alpha, work, django_capture_on_commit_callbacks
):
    job = queued()
    assert services.postpone(job=services.claim(job_id=job.pk), problem="held", after=timedelta(hours=1)) is False
    assert state_of(job) == (JobState.PENDING, False, False)
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    owned = ask_again_while_it_runs(django_capture_on_commit_callbacks, job)
    assert services.postpone(job=owned, problem="held", after=timedelta(hours=1)) is True
    assert state_of(job) == (JobState.PENDING, True, False)
    assert services.postpone(job=services.claim(job_id=job.pk), problem="held", after=timedelta(hours=1)) is False
    with django_capture_on_commit_callbacks(execute=True):
        services.requeue(kind=KIND, slot="1", even_if_running=True)
    assert state_of(job) == (JobState.PENDING, True, False)


def test_the_runner_says_that_more_is_left_when_it_was_asked_again(alpha, work, django_capture_on_commit_callbacks):
    job = queued()

    def ask(_handle):
        with django_capture_on_commit_callbacks(execute=True):
            services.requeue(kind=KIND, slot="1", even_if_running=len(work.calls) == 1)
        return True

    work.act = ask
    assert [run_job(job_id=job.pk), run_job(job_id=job.pk)] == [True, False]
    assert (work.calls, state_of(job)[0]) == (["1", "1"], JobState.DONE)


def test_who_lost_the_lease_does_not_take_the_mark_from_the_owner(alpha, work, django_capture_on_commit_callbacks):
    job = queued()
    lost = services.claim(job_id=job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    owned = ask_again_while_it_runs(django_capture_on_commit_callbacks, job)
    assert services.finish(job=lost) is False
    assert state_of(job) == (JobState.RUNNING, True, True)
    assert services.finish(job=owned) is True
