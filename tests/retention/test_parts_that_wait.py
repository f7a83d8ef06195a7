"""Parts of a run that wait: for the hours of retention, or for their next try until somebody has them try now."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import timezone

from config.embedded import superuser_url
from privacy.jobs.models import Job, JobState
from privacy.ledger.actors import SYSTEM
from privacy.register.models import OrganisationProfile
from privacy.tenants.context import public_context
from retention import executing, part_slices, world
from retention.enums import PartState, RunState
from retention.models import Run
from retention.services import resume_run
from tests.large import LargeTable, connect_large, large_table, part_jobs, start_large_run, work_together
from tests.retention.test_sharing import DONE, ROWS, cut, facts, parts_of, slice_of
from tests.sources import job_of


@pytest.fixture
def table() -> Iterator[LargeTable]:
    with large_table(superuser_url("test"), ROWS) as made:
        yield made


@pytest.fixture
def run(alpha, table, settings) -> Run:
    """Thirteen rows in parts of five, five and three, by windows of two."""
    settings.RETENTION_WINDOW_ROWS = 2
    settings.RETENTION_PART_ROWS = 5
    connect_large(table)
    return start_large_run()


@pytest.fixture
def clock(monkeypatch) -> dict[str, dt.datetime]:
    """The time by which the hours of retention are asked."""
    told = {"now": dt.datetime(2026, 11, 22, 23, tzinfo=dt.UTC)}

    class Clock:
        @staticmethod
        def now() -> dt.datetime:
            return told["now"]

    monkeypatch.setattr(world, "timezone", Clock)
    monkeypatch.setattr(executing, "opens_in", lambda _ours, _now: dt.timedelta(hours=16))
    return told


def at(clock: dict[str, dt.datetime], text: str) -> None:
    clock["now"] = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_parts_stop_at_the_end_of_the_hours_and_go_on_the_next_day(run, table, clock, after_chunks):
    OrganisationProfile.objects.update(retention_from=dt.time(22), retention_until=dt.time(6), time_zone="Africa/Accra")
    cut(run)
    after_chunks(2, lambda: at(clock, "2026-11-23T06:00"))
    for job in part_jobs(run):
        slice_of(job)
    assert facts(run) == (RunState.RUNNING, "", 4)
    slice_of(job_of(run.pk))
    assert facts(run) == (RunState.RUNNING, "outside_hours", 4)
    assert [state for _number, _rows, state in parts_of(run)] == [PartState.OPEN] * 3
    later = job_of(run.pk)
    assert (later.state, later.due_at > timezone.now() + dt.timedelta(hours=15)) == (JobState.PENDING, True)
    for job in part_jobs(run):
        slice_of(job)
    assert table.unmasked == ROWS - 4
    at(clock, "2026-11-23T22:00")
    slice_of(job_of(run.pk))
    work_together(run)
    assert (facts(run), parts_of(run), table.touched) == ((RunState.COMPLETED, "", ROWS), DONE, (ROWS, ROWS))


def test_whoever_has_a_run_try_now_has_its_postponed_parts_try_now(run, table, monkeypatch):
    cut(run)
    first, second, _third = part_jobs(run)
    opened = part_slices.open_for_engine

    def away(_source):
        raise part_slices.Retry("source_unreachable", dt.timedelta(minutes=1))

    monkeypatch.setattr(part_slices, "open_for_engine", away)
    slice_of(first)
    monkeypatch.setattr(part_slices, "open_for_engine", opened)
    with public_context():
        Job.objects.filter(pk__in=[second.pk]).update(due_at=timezone.now() - dt.timedelta(minutes=3))
    first.refresh_from_db()
    assert (first.state, first.due_at > timezone.now() + dt.timedelta(seconds=30)) == (JobState.PENDING, True)
    resume_run(run=run, actor=SYSTEM)
    first.refresh_from_db()
    assert (first.state, first.due_at <= timezone.now()) == (JobState.PENDING, True)
    second.refresh_from_db()
    assert second.due_at < timezone.now() - dt.timedelta(minutes=2)
    work_together(run)
    assert (facts(run), parts_of(run), table.touched) == ((RunState.COMPLETED, "", ROWS), DONE, (ROWS, ROWS))
