"""Sources that do not answer, plans that no longer match, rows that come back, workers that lost their run."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from config.admin_sites import officer_site
from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.engine.errors import LeaseLost
from privacy.datamap.engine.journal import Chunk
from privacy.datamap.models import Source
from privacy.datamap.subject_plan import plan_erasure
from privacy.jobs.models import Job, JobState
from privacy.jobs.registry import JobHandle
from privacy.jobs.runner import run_job
from privacy.jobs.services import claim
from privacy.ledger.actors import SYSTEM
from privacy.tenants.context import public_context
from privacy.tenants.models import Organisation
from retention.admin import RunAdmin
from retention.admin.progress import run_row
from retention.enums import RunState
from retention.errors import RunCannotResume
from retention.journal import PortalJournal
from retention.models import ErasedIdentifier, Run
from retention.plans import plan_of
from retention.services import resume_run, start_erasure_run
from tests.closing import set_state
from tests.sources import change, content, job_of, known, rows, work

CAME_BACK = """CREATE FUNCTION crm.bring_back() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN NEW.full_name := OLD.full_name; RETURN NEW; END $$;
    CREATE TRIGGER bring_back BEFORE UPDATE ON crm.customer FOR EACH ROW EXECUTE FUNCTION crm.bring_back()"""


@pytest.fixture
def erasure(offixpro) -> Run:
    subject = known(AMA_MENSAH.email)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    return run


def _state(run: Run) -> tuple[str, str]:
    run.refresh_from_db()
    return run.state, run.problem


def _due_now(run: Run) -> None:
    with public_context():
        Job.objects.filter(pk=job_of(run.pk).pk).update(due_at=timezone.now())


def test_a_source_that_does_not_answer_is_tried_again_and_nothing_is_lost(erasure, crm, told):
    address = erasure.source.address
    nowhere = address.replace(erasure.source.address.partition("?")[0].rpartition("/")[2], "gone_" + uuid4().hex[:8])
    Source.objects.filter(pk=erasure.source_id).update(address=nowhere.replace("port=5432", "port=1"))
    work(erasure.pk)
    job = job_of(erasure.pk)
    assert _state(erasure) == (RunState.RUNNING, "source_unreachable")
    assert (job.state, job.problem, job.due_at > timezone.now()) == (JobState.PENDING, "source_unreachable", True)
    assert told == []
    Source.objects.filter(pk=erasure.source_id).update(address=address)
    _due_now(erasure)
    work(erasure.pk)
    assert _state(erasure) == (RunState.COMPLETED, "")
    assert told == [("erasure", "completed", "")]


def test_a_source_that_was_switched_off_waits(erasure, crm):
    Source.objects.filter(pk=erasure.source_id).update(is_active=False)
    before = content(crm, "crm")
    work(erasure.pk)
    assert _state(erasure) == (RunState.RUNNING, "source_inactive")
    assert content(crm, "crm") == before


def test_an_organisation_cancelled_meanwhile_is_left_alone(erasure, crm, alpha, monkeypatch):
    from retention import executing

    original = executing._begin

    def cancelled_meanwhile(run, job):
        begun = original(run, job)
        set_state(alpha, Organisation.State.CANCELLED)
        return begun

    monkeypatch.setattr(executing, "_begin", cancelled_meanwhile)
    before = content(crm, "crm")
    work(erasure.pk)
    assert _state(erasure) == (RunState.RUNNING, "organisation_inactive")
    assert content(crm, "crm") == before


def test_an_erasure_whose_data_changed_since_approval_changes_nothing(erasure, crm, told):
    hers = "DELETE FROM crm.marketing_preference WHERE destination = %s AND operated_by = 'offixpro'"
    assert change(crm, hers, AMA_MENSAH.email) == 1
    before = content(crm, "crm")
    work(erasure.pk)
    assert _state(erasure) == (RunState.STOPPED, "plan_no_longer_matches")
    assert "crm.marketing_preference" in erasure.problem_words
    assert AMA_MENSAH.email not in erasure.problem_words
    assert erasure.frozen_keys is None
    assert content(crm, "crm") == before
    assert told == [("erasure", "stopped", "plan_no_longer_matches")]
    with pytest.raises(RunCannotResume):
        resume_run(run=erasure, actor=SYSTEM)


def test_rows_that_come_back_keep_the_run_open_until_somebody_put_it_right(erasure, crm, told):
    change(crm, CAME_BACK)
    work(erasure.pk)
    assert _state(erasure) == (RunState.ATTENTION, "survivors")
    assert {step.dataset_key: step.survivors for step in erasure.steps.all() if step.survivors} == {"crm.customer": 1}
    assert list(ErasedIdentifier.objects.filter(run_id=erasure.pk)) == []
    change(crm, "DROP TRIGGER bring_back ON crm.customer")
    resume_run(run=erasure, actor=SYSTEM)
    work(erasure.pk)
    assert _state(erasure) == (RunState.COMPLETED, "")
    assert told == [("erasure", "attention", "survivors"), ("erasure", "completed", "")]
    assert rows(
        crm, "SELECT count(*) FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'", AMA_MENSAH.email
    ) == [(0,)]


def test_a_source_that_refuses_says_what_to_do_without_saying_whose_data_it_was(erasure, crm):
    change(crm, "ALTER TABLE crm.crm_user ADD CHECK (full_name NOT LIKE 'Erased%%') NOT VALID")
    work(erasure.pk)
    assert _state(erasure) == (RunState.ATTENTION, "source_refused")
    assert "crm_user" in erasure.problem_words
    assert AMA_MENSAH.full_name not in erasure.problem_words


def test_a_run_that_goes_on_cannot_be_resumed(erasure):
    with public_context():
        Job.objects.filter(pk=job_of(erasure.pk).pk).update(
            state=JobState.RUNNING, lease_until=timezone.now() + dt.timedelta(minutes=1), lease_owner="another"
        )
    Run.objects.filter(pk=erasure.pk).update(state=RunState.RUNNING)
    with pytest.raises(RunCannotResume):
        resume_run(run=erasure, actor=SYSTEM)


def test_a_worker_that_lost_its_lease_can_write_nothing_and_change_nothing(erasure, crm, monkeypatch):
    before = content(crm, "crm")
    original = PortalJournal.prepare

    def taken_over(self, chunk):
        with public_context():
            Job.objects.filter(pk=job_of(erasure.pk).pk).update(lease_owner="another")
        original(self, chunk)

    monkeypatch.setattr(PortalJournal, "prepare", taken_over)
    assert run_job(job_id=job_of(erasure.pk).pk) is False
    assert content(crm, "crm") == before
    chunks = [chunk for step in erasure.steps.all() for chunk in step.chunks.all()]
    assert {(chunk.state, chunk.rows) for chunk in chunks} == {("intended", 0)}


def test_a_journal_without_the_lease_refuses_every_write(erasure):
    journal = PortalJournal(erasure, JobHandle(job_of(erasure.pk).pk, str(erasure.pk), 1, "nobody"))
    with pytest.raises(LeaseLost):
        journal.renew()
    with pytest.raises(LeaseLost):
        journal.close_step("crm.customer", round=1)
    assert [step.closed_round for step in erasure.steps.all()] == [0] * erasure.steps.count()


def test_only_a_prepared_chunk_can_be_taken_back_and_it_is_intended_then(erasure):
    with public_context():
        job = claim(job_id=job_of(erasure.pk).pk)
    journal = PortalJournal(erasure, JobHandle(job.pk, str(erasure.pk), 1, job.lease_owner))
    name = erasure.steps.order_by("pk").first().dataset_key
    chunk = Chunk(step=name, sequence=1, round=1, lower=None, upper=None, reached=None, expected=2)
    journal.intend(chunk, completed=())
    prepared = chunk.prepared(rows=2, transaction_id="privacy-desk-1")
    journal.prepare(prepared)
    journal.take_back(prepared.taken_back())
    assert journal.step(name).unfinished == (prepared.taken_back(),)
    with pytest.raises(LeaseLost):
        journal.take_back(prepared.taken_back())
    journal.void(prepared.void("rolled back"))
    assert (journal.step(name).unfinished, journal.step(name).rows) == ((), 0)


def test_an_unforeseen_error_leaves_the_run_to_an_officer(erasure, monkeypatch, told):
    from retention import executing

    def fail(*_arguments, **_named):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(executing.executor, "run", fail)
        with pytest.raises(ZeroDivisionError):
            run_job(job_id=job_of(erasure.pk).pk)
    assert _state(erasure) == (RunState.ATTENTION, "unexpected")
    assert told == [("erasure", "attention", "unexpected")]
    resume_run(run=erasure, actor=SYSTEM)
    assert job_of(erasure.pk).state == JobState.PENDING


def test_starting_the_same_plan_again_gives_the_same_runs(erasure):
    subject = known(AMA_MENSAH.email)
    planned = plan_erasure(subject=subject)
    (again,) = start_erasure_run(case_id=erasure.case_id, subject=subject, planned=planned, actor=SYSTEM)
    assert (again.pk, Run.objects.count()) == (erasure.pk, 1)


def test_the_same_plan_approved_again_after_a_stop_is_a_new_run(erasure):
    Run.objects.filter(pk=erasure.pk).update(state=RunState.STOPPED)
    subject = known(AMA_MENSAH.email)
    planned = plan_erasure(subject=subject)
    (again,) = start_erasure_run(case_id=erasure.case_id, subject=subject, planned=planned, actor=SYSTEM)
    assert (again.pk != erasure.pk, again.plan_hash) == (True, erasure.plan_hash)
    work(again.pk)
    assert _state(again) == (RunState.COMPLETED, "")


def test_a_plan_that_was_tampered_with_is_not_carried_out(erasure):
    erasure.frozen_keys["steps"][0]["expected_count"] += 1
    with pytest.raises(ValueError, match="hash"):
        plan_of(erasure)
    erasure.refresh_from_db()
    assert plan_of(erasure).hash == erasure.plan_hash


def test_progress_is_told_in_numbers_and_words(erasure):
    before = run_row(erasure)
    assert (before.rows, before.rate, before.ends_at, before.state) == (0, None, None, "queued")
    work(erasure.pk)
    erasure.refresh_from_db()
    after = run_row(erasure)
    assert (after.rows, after.expected, after.state) == (before.expected, before.expected, "completed and verified")
    assert [step.percent for step in after.steps] == [100] * len(after.steps)


def test_the_list_of_runs_counts_no_kept_rows_as_work(erasure, rf):
    listed = RunAdmin(Run, officer_site).get_queryset(rf.get("/")).get(pk=erasure.pk)
    assert (listed.done_rows, listed.planned_rows) == (0, run_row(erasure).expected)
    assert sum(step.expected for step in erasure.steps.all()) > listed.planned_rows  # there are rows that are kept
