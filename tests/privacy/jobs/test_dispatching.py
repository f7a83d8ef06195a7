"""Finding what is due: with two beats, late beats, no broker."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from celery import Celery
from django.db import transaction
from django.utils import timezone

from config.celery import app
from privacy.jobs import dispatch, services
from privacy.jobs.models import Job, JobState, Schedule
from privacy.tenants.context import organisation_context, public_context
from tests.privacy.jobs.conftest import KIND, queued
from tests.privacy.jobs.test_owning import in_threads


@pytest.fixture
def dead_broker() -> Iterator[None]:
    """A broker that refuses every connection."""
    dead = Celery("dead", broker="redis://127.0.0.1:1/0", set_as_current=False)
    dead.conf.broker_connection_retry_on_startup = False
    dead.set_current()
    yield
    app.set_current()
    dead.close()


def scheduled(*, ago: timedelta, every: timedelta = timedelta(hours=1), enabled: bool = True) -> Schedule:
    services.set_schedule(kind=KIND, key="regular", every=every, first_due_at=timezone.now() - ago, enabled=enabled)
    return Schedule.objects.get(kind=KIND)


def due_addresses() -> list[tuple[str, int]]:
    with public_context():
        return dispatch.addresses_of_due_jobs()


def test_two_beats_at_once_make_one_job(committed, work):
    scheduled(ago=timedelta(minutes=5))
    moved = in_threads(4, dispatch.make_due_jobs)
    assert sum(moved) >= 1
    assert Job.objects.filter(kind=KIND).count() == 1
    assert Schedule.objects.get(kind=KIND).next_due_at > timezone.now()


def test_a_beat_late_by_many_intervals_makes_one_job_and_keeps_the_time_of_day(alpha, work):
    schedule = scheduled(ago=timedelta(hours=30, minutes=10), every=timedelta(hours=24))
    with public_context():
        dispatch.make_due_jobs()
        dispatch.make_due_jobs()
    assert Job.objects.filter(kind=KIND).count() == 1
    assert Schedule.objects.get(kind=KIND).next_due_at == schedule.next_due_at + timedelta(hours=48)


def test_a_schedule_that_is_off_or_not_due_makes_nothing(alpha, work):
    scheduled(ago=timedelta(minutes=5), enabled=False)
    with public_context():
        dispatch.make_due_jobs()
    scheduled(ago=timedelta(0), enabled=True)
    Schedule.objects.filter(kind=KIND).update(next_due_at=timezone.now() + timedelta(minutes=1))
    with public_context():
        dispatch.make_due_jobs()
    assert Job.objects.filter(kind=KIND).count() == 0


def test_setting_a_schedule_again_keeps_its_next_date(alpha, work):
    before = scheduled(ago=timedelta(minutes=5)).next_due_at
    after = scheduled(ago=timedelta(0), every=timedelta(hours=2))
    assert (after.next_due_at, after.every_seconds) == (before, 7200)


def test_due_jobs_and_those_of_dead_workers_are_found_and_others_are_not(alpha, beta, work):
    due, later, running, orphaned, done = (queued(name) for name in ("due", "later", "running", "orphaned", "done"))
    with organisation_context(beta):
        betas = queued("betas")
    Job.objects.filter(pk=later.pk).update(due_at=timezone.now() + timedelta(minutes=1))
    for job in (running, orphaned, done):
        services.claim(job_id=job.pk)
    Job.objects.filter(pk=orphaned.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    services.finish(job=Job.objects.get(pk=done.pk))
    found = [address for address in due_addresses() if address[1] >= due.pk]
    assert sorted(found) == sorted(
        [(alpha.schema_name, due.pk), (alpha.schema_name, orphaned.pk), (beta.schema_name, betas.pk)]
    )


def test_a_message_carries_many_jobs():
    addresses = [("alpha", number) for number in range(51)]
    portions = dispatch.messages(addresses)
    assert [len(portion) for portion in portions] == [25, 25, 1]
    assert [address for portion in portions for address in portion] == addresses
    assert dispatch.messages([]) == []


def test_without_a_broker_the_job_is_kept_and_the_dispatcher_finds_it(alpha, work, dead_broker, caplog):
    with pytest.MonkeyPatch.context() as patch:
        woken: list[int] = []
        original = services.wake
        patch.setattr(services, "wake", lambda schema, job_id: (woken.append(job_id), original(schema, job_id)))
        services.enqueue(kind=KIND, slot="1")
        job = Job.objects.get(kind=KIND)
        services.wake(alpha.schema_name, job.pk)
    assert woken == [job.pk]
    assert "broker unreachable" in caplog.text
    assert (job.state, (alpha.schema_name, job.pk) in due_addresses()) == (JobState.PENDING, True)


def test_a_worker_is_woken_after_the_commit_and_not_for_what_was_rolled_back(
    alpha, work, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as kept:
        services.enqueue(kind=KIND, slot="kept")
    with django_capture_on_commit_callbacks() as rolled_back, transaction.atomic():
        services.enqueue(kind=KIND, slot="gone")
        transaction.set_rollback(True)
    with django_capture_on_commit_callbacks() as not_due:
        services.enqueue(kind=KIND, slot="later", due_at=timezone.now() + timedelta(hours=1))
    assert (len(kept), len(rolled_back), len(not_due)) == (1, 0, 0)
    assert sorted(Job.objects.filter(kind=KIND).values_list("slot", flat=True)) == ["kept", "later"]


def test_jobs_done_long_ago_are_forgotten_and_failed_ones_are_not(alpha, work):
    old, young, failed = queued("old"), queued("young"), queued("failed")
    for job in (old, young):
        services.finish(job=services.claim(job_id=job.pk))
    services.fail(job=services.claim(job_id=failed.pk), problem="ValueError")
    Job.objects.filter(pk__in=[old.pk, failed.pk]).update(finished_at=timezone.now() - timedelta(days=8))
    with public_context():
        dispatch.forget_old_jobs()
    assert sorted(Job.objects.filter(kind=KIND).values_list("slot", flat=True)) == ["failed", "young"]


def test_ten_thousand_organisations_cost_one_query_and_only_those_with_something_due_get_a_job(
    alpha, work, django_assert_num_queries
):
    now = timezone.now()
    with public_context():
        Schedule.objects.update(next_due_at=now + timedelta(days=1))
        Schedule.objects.bulk_create(
            Schedule(
                schema_name=f"org_{number}", kind=KIND, key="daily", every_seconds=86_400, paused=number == 0,
                next_due_at=now + timedelta(hours=-1 if number <= 100 else 1),
            )
            for number in range(10_000)
        )  # fmt: skip
        with django_assert_num_queries(3):  # the statement, and the savepoint around it
            assert dispatch.make_due_jobs() == 100
        assert set(Job.objects.filter(kind=KIND).values_list("schema_name", flat=True)) == {
            f"org_{number}" for number in range(1, 101)
        }
        assert dispatch.make_due_jobs() == 0
