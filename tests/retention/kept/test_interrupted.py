"""A worker dies while rows are being remembered or erased: the next one goes on, and every number stays true."""

from typing import Any
from uuid import uuid4

import pytest
import time_machine

from privacy.datamap.engine import kept as engine_kept
from privacy.datamap.subject_plan import plan_erasure
from privacy.jobs.models import Job, JobState
from privacy.jobs.registry import JobHandle, LeaseLost
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from retention import executing
from retention.enums import KeptState, RunState
from retention.jobs import KEPT_JOB, erased_due
from retention.journal import PortalJournal
from retention.kept import looking, remembering
from retention.models import KeptRow, Run
from retention.services import approve_replay, start_erasure_run
from tests.retention.kept.conftest import AMA, ERASED_AT, THREE, ask, erase, law, look
from tests.retention.kept.test_kept_rows import AFTER, FREE
from tests.sources import job_of, known, work


@pytest.fixture
def dies(monkeypatch):
    """Have a function die at its n-th call, as if the worker had been killed before it."""

    def arrange(owner: Any, name: str, number: int = 1) -> None:
        original, calls = getattr(owner, name), []

        def wrapped(*args: Any, **named: Any) -> Any:
            calls.append(1)
            if len(calls) == number:
                raise LeaseLost("died")
            return original(*args, **named)

        monkeypatch.setattr(owner, name, wrapped)

    return arrange


def dead(job: Job) -> None:
    """The worker of a job dies in it, and its lease runs out."""
    while run_job(job_id=job.pk):
        pass
    died = Job.objects.filter(pk=job.pk, state=JobState.RUNNING)
    assert died.update(state=JobState.PENDING, lease_owner="", lease_until=None) == 1


@pytest.fixture
def three(postgresql_shop):
    postgresql_shop.ask(THREE)
    law()
    return postgresql_shop


def test_who_dies_while_remembering_has_changed_nothing_and_the_next_remembers_all(three, dies, monkeypatch):
    monkeypatch.setattr(engine_kept, "BATCH_ROWS", 1)
    dies(remembering, "renew", 3)
    with time_machine.travel(ERASED_AT):
        subject = known(AMA)
        planned = plan_erasure(subject=subject)
        (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=planned, actor=SYSTEM)
        dead(job_of(run.pk))
        assert (KeptRow.objects.count(), three.ask("SELECT email FROM customer WHERE id = 1")) == (2, [(AMA,)])
        assert not looking.rows_of(three.source).exists()
        work(run.pk)
    assert Run.objects.get(pk=run.pk).state == RunState.COMPLETED
    assert sorted(row.key for row in KeptRow.objects.all()) == [["1"], ["2"], ["3"]]
    assert looking.rows_of(three.source).count() == 3


@pytest.fixture
def waiting(three, officer, make_officer, settings):
    """Three rows to be erased, approved, with windows of two."""
    settings.RETENTION_WINDOW_ROWS = 2
    with time_machine.travel(ERASED_AT):
        erase()
    with time_machine.travel(AFTER):
        look()
        run = ask(three, officer)
        approve_replay(run=run, officer=make_officer())
        yield run


@pytest.mark.parametrize(
    ("owner", "name", "number"),
    [
        (PortalJournal, "intend", 1),
        (PortalJournal, "complete", 1),
        (PortalJournal, "close_step", 1),
        (executing, "indexes_gone", 1),
        (executing, "complete", 1),
    ],
)
def test_who_dies_while_erasing_is_followed_by_one_who_ends_it(waiting, three, dies, owner, name, number):
    dies(owner, name, number)
    dead(job_of(waiting.pk))
    waiting.refresh_from_db()
    assert (waiting.state, KeptRow.objects.count()) == (RunState.RUNNING, 3)
    work(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.steps.get().rows, three.invoices) == (RunState.COMPLETED, 3, [9])
    (entry,) = LedgerEntry.objects.filter(action="run.kept_rows_gone")
    assert (entry.data["rows"], KeptRow.objects.count()) == (3, 0)


def test_a_look_that_is_interrupted_goes_on_with_the_rows_that_are_left(three, dies, monkeypatch):
    with time_machine.travel(ERASED_AT):
        erase()
    monkeypatch.setattr(looking, "ROWS_AT_ONCE", 1)
    with time_machine.travel(AFTER):
        erased_due(JobHandle(1, "daily", 1, "me"))
        job = Job.objects.get(kind=KEPT_JOB)
        dies(looking, "renew", 3)
        dead(job)
        assert KeptRow.objects.filter(state=KeptState.FREE).count() == 2
        assert look() == {FREE: 3}
