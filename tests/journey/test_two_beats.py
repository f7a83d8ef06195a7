"""Two beats, each a process of its own, after two days in which none ran."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from config.embedded import superuser_url
from privacy.jobs.models import Job, JobState, Schedule
from privacy.tenants.context import public_context
from retention.models import Run
from tests.large import LargeTable, connect_large, large_rule, large_table
from tests.stack import running_stack, wait_for

pytestmark = pytest.mark.processes

DUE_JOB = "retention.rules_due"


@pytest.fixture
def table() -> Iterator[LargeTable]:
    with large_table(superuser_url("test"), 3) as made:
        yield made


def test_two_beats_after_days_without_any_start_one_run_and_keep_the_time_of_day(committed, table, tmp_path):
    connect_large(table)
    large_rule()
    ours = {"schema_name": committed.schema_name, "kind": DUE_JOB}
    missed = timezone.now() - timedelta(hours=50)
    with public_context():
        Schedule.objects.filter(**ours).update(next_due_at=missed)
    with running_stack(tmp_path, ("worker", "beat", "second_beat")) as stack:
        wait_for(lambda: Run.objects.exists(), "the run")
        beats = [stack.processes[name] for name in ("beat", "second_beat")]
        wait_for(
            lambda: all(stack.log(name).count("Sending due task") > 2 for name in ("beat", "second_beat")),
            "both beats to have looked several times",
        )
        time.sleep(1)  # what the last of these looks woke would be at work by now
        assert [beat.poll() for beat in beats] == [None, None]
    with public_context():
        jobs = list(Job.objects.filter(**ours))
        schedule = Schedule.objects.get(**ours)
    assert [(job.state, job.problem) for job in jobs] == [(JobState.DONE, "")]
    assert schedule.next_due_at == missed + timedelta(days=3)
    assert [run.steps.get().expected for run in Run.objects.all()] == [3]
