"""Runs that officers have rest, go on, and end for good."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Source
from privacy.datamap.subject_plan import plan_erasure
from privacy.jobs.models import Job, JobState
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.tenants.context import public_context
from retention.admin.progress import run_row
from retention.closing import is_closed
from retention.enums import ChunkState, HoldKind, RunState
from retention.errors import RunCannotCancel, RunCannotPause, RunCannotResume
from retention.journal import PortalJournal
from retention.models import Run, RunChunk
from retention.services import cancel_run, pause_run, place_hold, resume_run, start_erasure_run
from tests.sources import content, job_of, known, work


@pytest.fixture
def erasure(offixpro, settings) -> Run:
    settings.RETENTION_WINDOW_ROWS = 2
    subject = known(AMA_MENSAH.email)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    return run


def chunk_states(run: Run) -> list[str]:
    return list(RunChunk.objects.filter(step__run=run).order_by("pk").values_list("state", flat=True))


def acts(run: Run) -> list[str]:
    entries = LedgerEntry.objects.filter(object_id=str(run.pk)).order_by("recorded_at", "id")
    return [entry.action for entry in entries]


def settle(run: Run) -> None:
    job = Job.objects.get(kind="retention.settle", slot=str(run.pk))
    with public_context():
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    run_job(job_id=job.pk)
    run.refresh_from_db()


def test_a_run_paused_in_the_middle_ends_its_chunk_keeps_its_keys_and_goes_on_to_its_exact_end(
    erasure, after_chunks, told
):
    after_chunks(3, lambda: pause_run(run=erasure, actor=SYSTEM))
    work(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.state, chunk_states(erasure)) == (RunState.PAUSED, [ChunkState.COMPLETED] * 3)
    assert (erasure.frozen_keys is not None, job_of(erasure.pk).state, told) == (True, JobState.DONE, [])
    work(erasure.pk)  # a dispatcher that comes by changes nothing
    assert len(chunk_states(erasure)) == 3
    resume_run(run=erasure, actor=SYSTEM)
    work(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.state, told) == (RunState.COMPLETED, [("erasure", "completed", "")])
    assert [step.rows for step in erasure.steps.exclude(action="keep")] == [
        step.expected for step in erasure.steps.exclude(action="keep")
    ]
    assert acts(erasure) == [
        "run.planned",
        "run.started",
        "run.paused",
        "run.resumed",
        "run.completed",
        "certificate.issued",
    ]


def test_a_run_paused_before_it_began_does_nothing_until_it_is_resumed(erasure, crm):
    before = content(crm, "crm")
    pause_run(run=erasure, actor=SYSTEM)
    pause_run(run=erasure, actor=SYSTEM)
    work(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.state, content(crm, "crm")) == (RunState.PAUSED, before)
    assert resume_run(run=erasure, actor=SYSTEM).state == RunState.PENDING
    work(erasure.pk)
    assert acts(erasure) == [
        "run.planned",
        "run.paused",
        "run.resumed",
        "run.started",
        "run.completed",
        "certificate.issued",
    ]


def test_a_run_paused_at_the_last_moment_is_not_completed_behind_the_officers_back(erasure, monkeypatch):
    from retention import executing

    original = executing.complete

    def too_late(*args, **kwargs):
        pause_run(run=erasure, actor=SYSTEM)
        return original(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(executing, "complete", too_late)
        work(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.state == RunState.PAUSED
    resume_run(run=erasure, actor=SYSTEM)
    work(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.state == RunState.COMPLETED


def test_a_paused_run_is_resumed_only_when_its_worker_has_let_go(erasure):
    pause_run(run=erasure, actor=SYSTEM)
    lease = {"state": JobState.RUNNING, "lease_owner": "another"}
    with public_context():
        Job.objects.filter(pk=job_of(erasure.pk).pk).update(lease_until=timezone.now() + timedelta(minutes=1), **lease)
    with pytest.raises(RunCannotResume, match="moment"):
        resume_run(run=erasure, actor=SYSTEM)
    with public_context():
        Job.objects.filter(pk=job_of(erasure.pk).pk).update(lease_until=timezone.now() - timedelta(minutes=1))
    assert resume_run(run=erasure, actor=SYSTEM).state == RunState.PENDING


def test_a_paused_erasure_whose_approval_was_lost_cannot_be_resumed(erasure, approved):
    pause_run(run=erasure, actor=SYSTEM)
    approved["approved"] = False
    with pytest.raises(RunCannotResume, match="approved"):
        resume_run(run=erasure, actor=SYSTEM)


def test_a_cancelled_run_ends_its_chunk_closes_its_record_and_never_goes_on(erasure, after_chunks, told):
    after_chunks(3, lambda: cancel_run(run=erasure, actor=SYSTEM))
    work(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.state, erasure.problem, erasure.frozen_keys) == (RunState.STOPPED, "cancelled", None)
    assert (chunk_states(erasure), is_closed(erasure)) == ([ChunkState.COMPLETED] * 3, True)
    assert sum(step.rows for step in erasure.steps.all()) == sum(
        RunChunk.objects.filter(step__run=erasure).values_list("rows", flat=True)
    )
    assert len(erasure.steps.exclude(digest="")) > 0
    settle(erasure)
    assert set(told) == {("erasure", "stopped", "cancelled")}
    with pytest.raises(RunCannotResume):
        resume_run(run=erasure, actor=SYSTEM)
    with pytest.raises(RunCannotCancel):
        cancel_run(run=erasure, actor=SYSTEM)
    with pytest.raises(RunCannotPause):
        pause_run(run=erasure, actor=SYSTEM)


def test_whoever_waits_is_told_of_a_cancellation_also_when_no_worker_is_left(erasure, told):
    pause_run(run=erasure, actor=SYSTEM)
    work(erasure.pk)
    cancel_run(run=erasure, actor=SYSTEM)
    settle(erasure)
    assert (told, erasure.frozen_keys) == ([("erasure", "stopped", "cancelled")], None)


def test_a_chunk_of_a_dead_worker_is_settled_when_its_run_was_cancelled(erasure, monkeypatch):
    class Died(BaseException):
        pass

    def die(self, chunk):
        original(self, chunk)
        raise Died

    original = PortalJournal.prepare
    with monkeypatch.context() as patched:
        patched.setattr(PortalJournal, "prepare", die)
        with pytest.raises(Died):
            run_job(job_id=job_of(erasure.pk).pk)
    assert (job_of(erasure.pk).state, chunk_states(erasure)) == (JobState.RUNNING, [ChunkState.PREPARED])
    cancel_run(run=erasure, actor=SYSTEM)
    settle(erasure)
    assert chunk_states(erasure) == [ChunkState.PREPARED]  # its worker may still live: nobody else touches it
    assert erasure.frozen_keys is not None
    with public_context():
        Job.objects.filter(pk=job_of(erasure.pk).pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    work(erasure.pk)
    settle(erasure)
    assert (chunk_states(erasure), erasure.frozen_keys) == ([ChunkState.VOID], None)


def test_a_run_that_waits_is_called_so_with_why_and_since_when(erasure):
    hold = place_hold(kind=HoldKind.LEGAL, matter="dispute", subject=erasure.subject, actor=SYSTEM)
    assert hold.released_at is None
    work(erasure.pk)
    erasure.refresh_from_db()
    row, since = run_row(erasure), erasure.waits_since
    assert (row.state, row.waits_since, "under a hold" in row.words) == ("waiting", since, True)
    with public_context():
        Job.objects.filter(pk=job_of(erasure.pk).pk).update(due_at=timezone.now())
    work(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.waits_since == since  # it waits for the same still
    Source.objects.filter(pk=erasure.source_id).update(is_active=False)
    resume_run(run=erasure, actor=SYSTEM)  # try again now
    work(erasure.pk)
    erasure.refresh_from_db()
    assert (erasure.problem, erasure.waits_since > since) == ("source_inactive", True)
