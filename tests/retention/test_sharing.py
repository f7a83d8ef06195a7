"""A large table of a run is cut into parts that workers share, and everything else about the run stays as it is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from config.embedded import superuser_url
from privacy.datamap.models import Dataset, Source
from privacy.jobs.models import Job, JobState
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.tenants.context import public_context
from retention import part_slices
from retention.admin.progress import run_row
from retention.closing import is_closed
from retention.enums import ChunkState, HoldKind, PartState, RunState
from retention.errors import RunCannotResume
from retention.journal import PortalJournal
from retention.models import Certificate, Run, RunChunk, RunPart
from retention.services import cancel_run, pause_run, place_hold, resume_run
from retention.waking import is_at_work
from tests.holding import let_go
from tests.large import LargeTable, connect_large, jobs_of, large_table, part_jobs, start_large_run, work_together
from tests.sources import job_of

ROWS = 13
REFUSE = "ALTER TABLE app.visitor ADD CONSTRAINT named CHECK (name IS NOT NULL OR id <> 2) NOT VALID"


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


def slice_of(job: Job) -> None:
    with public_context():
        Job.objects.filter(pk=job.pk, state=JobState.PENDING).update(due_at=timezone.now() - timedelta(seconds=1))
    run_job(job_id=job.pk)


def cut(run: Run) -> None:
    slice_of(job_of(run.pk))
    assert len(part_jobs(run)) == 3


def facts(run: Run) -> tuple[str, str, int]:
    run.refresh_from_db()
    return run.state, run.problem, run.steps.get().rows


def parts_of(run: Run) -> list[tuple[int, int, str]]:
    return list(RunPart.objects.filter(step__run=run).order_by("number").values_list("number", "rows", "state"))


DONE = [(1, 5, PartState.DONE), (2, 5, PartState.DONE), (3, 3, PartState.DONE)]


def test_a_large_table_is_cut_into_parts_and_the_record_is_one(run, table, told):
    cut(run)
    assert [(part.number, part.expected) for part in RunPart.objects.order_by("number")] == [(1, 5), (2, 5), (3, 3)]
    assert (facts(run), table.unmasked) == ((RunState.RUNNING, "", 0), ROWS)
    work_together(run)
    assert (facts(run), parts_of(run)) == ((RunState.COMPLETED, "", ROWS), DONE)
    assert (table.touched, table.unmasked) == ((ROWS, ROWS), 0)
    step = run.steps.get()
    chunks = step.chunks.filter(state=ChunkState.COMPLETED)
    assert sum(chunk.rows for chunk in chunks) == step.rows == step.expected
    assert (step.survivors, len(step.digest), is_closed(run)) == (0, 64, True)
    assert Certificate.objects.filter(run=run).count() == 1
    assert {job.state for job in jobs_of(run)} == {JobState.DONE}
    assert told == [("retention", "completed", "")]


def test_a_table_that_is_not_large_is_done_by_the_run_itself(run, table, settings):
    settings.RETENTION_PART_ROWS = ROWS
    work_together(run)
    assert (facts(run), parts_of(run), part_jobs(run)) == ((RunState.COMPLETED, "", ROWS), [], [])


def test_there_are_never_more_parts_than_the_setting_says(run, table, settings):
    settings.RETENTION_MOST_PARTS = 2
    work_together(run)
    assert parts_of(run) == [(1, 7, PartState.DONE), (2, 6, PartState.DONE)]
    assert (facts(run), table.touched) == ((RunState.COMPLETED, "", ROWS), (ROWS, ROWS))


def test_progress_is_told_while_the_parts_work(run):
    cut(run)
    slice_of(part_jobs(run)[1])
    run.refresh_from_db()
    row = run_row(run)
    assert (row.state, row.rows, row.expected, row.percent) == ("running", 5, ROWS, 38)


def test_a_run_paused_in_the_middle_of_a_part_goes_on_to_its_exact_end(run, table, after_chunks):
    cut(run)
    after_chunks(2, lambda: pause_run(run=run, actor=SYSTEM))
    work_together(run)
    assert facts(run) == (RunState.PAUSED, "", 4)
    assert [state for _number, _rows, state in parts_of(run)] == [PartState.OPEN] * 3
    resume_run(run=run, actor=SYSTEM)
    work_together(run)
    assert (facts(run), parts_of(run), table.touched) == ((RunState.COMPLETED, "", ROWS), DONE, (ROWS, ROWS))


def test_a_run_is_not_resumed_while_the_worker_of_a_part_comes_to_a_halt(run):
    cut(run)
    pause_run(run=run, actor=SYSTEM)
    with public_context():
        Job.objects.filter(pk=part_jobs(run)[0].pk).update(
            state=JobState.RUNNING, lease_until=timezone.now() + timedelta(minutes=1), lease_owner="another"
        )
    with pytest.raises(RunCannotResume, match="coming to a halt"):
        resume_run(run=run, actor=SYSTEM)


def test_a_cancelled_run_is_settled_when_the_worker_of_its_last_part_has_let_go(run, table, after_chunks, told):
    cut(run)

    def cancel_and_look() -> None:
        cancel_run(run=Run.objects.get(pk=run.pk), actor=SYSTEM)
        settle = Job.objects.get(kind="retention.settle", slot=str(run.pk))
        slice_of(settle)
        settle.refresh_from_db()
        assert (is_at_work(run), settle.problem) == (True, "run_at_work")
        slice_of(job_of(run.pk))
        assert not is_closed(Run.objects.get(pk=run.pk))

    after_chunks(2, cancel_and_look)
    slice_of(part_jobs(run)[0])
    assert facts(run) == (RunState.STOPPED, "cancelled", 4)
    slice_of(Job.objects.get(kind="retention.settle", slot=str(run.pk)))
    assert (is_closed(Run.objects.get(pk=run.pk)), facts(run)[2], table.touched) == (True, 4, (4, 4))
    work_together(run)
    assert table.touched == (4, 4)


def test_a_dataset_held_meanwhile_stops_every_part_and_released_they_go_on(run, table):
    cut(run)
    slice_of(part_jobs(run)[0])
    hold = place_hold(
        kind=HoldKind.LEGAL, matter="A court", dataset=Dataset.objects.get(table_name="visitor"), actor=SYSTEM
    )
    work_together(run)
    assert facts(run) == (RunState.RUNNING, "dataset_held", 5)
    let_go(hold)
    work_together_until_end(run)
    assert (facts(run), parts_of(run), table.touched) == ((RunState.COMPLETED, "", ROWS), DONE, (ROWS, ROWS))


def work_together_until_end(run: Run) -> None:
    for _again in range(5):
        work_together(run)
        if run.state != RunState.RUNNING:
            return


def test_what_the_source_refuses_is_left_to_the_run_and_the_other_parts_are_finished(run, table, told):
    table.run(REFUSE)
    work_together(run)
    assert facts(run) == (RunState.ATTENTION, "source_refused", 8)
    assert [(number, state) for number, _rows, state in parts_of(run)] == [
        (1, PartState.LEFT), (2, PartState.DONE), (3, PartState.DONE)
    ]  # fmt: skip
    assert (run.steps.get().survivors, told) == (5, [("retention", "attention", "source_refused")])
    table.run("ALTER TABLE app.visitor DROP CONSTRAINT named")
    resume_run(run=run, actor=SYSTEM)
    work_together(run)
    assert (facts(run), table.touched) == ((RunState.COMPLETED, "", ROWS), (ROWS, ROWS))


def test_a_part_that_meets_an_unforeseen_error_is_done_by_the_run(run, table, monkeypatch):
    cut(run)
    real = part_slices.run_part

    def fail_in_the_first(source, plan, step, part, *arguments, **named):
        if part.number == 1:
            raise ZeroDivisionError
        return real(source, plan, step, part, *arguments, **named)

    monkeypatch.setattr(part_slices, "run_part", fail_in_the_first)
    with pytest.raises(ZeroDivisionError):
        slice_of(part_jobs(run)[0])
    assert RunPart.objects.get(number=1).problem == "unexpected"
    work_together(run)
    assert (facts(run), table.touched) == ((RunState.COMPLETED, "", ROWS), (ROWS, ROWS))
    assert parts_of(run) == [(1, 0, PartState.LEFT), *DONE[1:]]
    assert sum(chunk.rows for chunk in RunChunk.objects.filter(part=0)) == 5


def test_a_source_that_is_away_for_a_part_is_named_on_the_run_until_it_is_back(run, table):
    cut(run)
    good = run.source.address
    Source.objects.filter(pk=run.source_id).update(address=good.replace("/large_", "/gone_"))
    slice_of(part_jobs(run)[0])
    assert facts(run) == (RunState.RUNNING, "source_unreachable", 0)
    Source.objects.filter(pk=run.source_id).update(address=good)
    slice_of(part_jobs(run)[0])
    assert facts(run) == (RunState.RUNNING, "", 5)
    work_together(run)
    assert (facts(run), table.touched) == ((RunState.COMPLETED, "", ROWS), (ROWS, ROWS))


def test_rows_that_come_behind_the_parts_are_done_and_counted_too(run, table):
    cut(run)
    for job in part_jobs(run):
        slice_of(job)
    table.run("INSERT INTO app.visitor VALUES (0, 'Late', '2020-01-01')")
    work_together(run)
    assert (facts(run), parts_of(run)) == ((RunState.COMPLETED, "", ROWS + 1), DONE)
    assert (table.touched, run.steps.get().expected) == ((ROWS + 1, ROWS + 1), ROWS)


def test_a_part_without_its_lease_changes_nothing(run, table, monkeypatch):
    cut(run)
    mine = part_jobs(run)[0]
    original = PortalJournal.prepare

    def taken_over(self, chunk):
        with public_context():
            Job.objects.filter(pk=mine.pk).update(lease_owner="another")
        original(self, chunk)

    with monkeypatch.context() as lost:
        lost.setattr(PortalJournal, "prepare", taken_over)
        slice_of(mine)
    assert (facts(run), table.touched) == ((RunState.RUNNING, "", 0), (0, 0))


def test_the_ledger_tells_of_one_run_whoever_worked_on_it(run):
    work_together(run)
    acts = LedgerEntry.objects.filter(object_id=str(run.pk)).order_by("recorded_at", "id")
    assert [entry.action for entry in acts] == [
        "run.planned", "run.approved", "run.started", "run.completed", "certificate.issued"
    ]  # fmt: skip
