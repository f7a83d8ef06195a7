"""A source that refuses one table: the others are finished, the record says what is left and why."""

from uuid import uuid4

import pytest

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from retention.admin.progress import run_row
from retention.enums import RunState, StepState
from retention.models import Run
from retention.services import resume_run, start_erasure_run
from tests.sources import change, known, work


@pytest.fixture
def refused(offixpro, crm) -> Run:
    change(crm, "ALTER TABLE crm.crm_user ADD CONSTRAINT real_names CHECK (full_name NOT LIKE 'Erased%%') NOT VALID")
    subject = known(AMA_MENSAH.email)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    return run


def _work_steps(run: Run):
    return run.steps.exclude(action="keep")


def test_the_other_tables_are_finished_and_verified(refused):
    assert (refused.state, refused.problem) == (RunState.ATTENTION, "source_refused")
    found = {step.dataset_key: (step.state, step.survivors) for step in _work_steps(refused)}
    assert found.pop("crm.crm_user") == (StepState.REFUSED, 1)
    assert set(found.values()) == {(StepState.DONE, 0)}


def test_the_record_says_for_each_table_what_the_source_said_and_no_value(refused):
    words = {step.dataset_key: step.problem_words for step in _work_steps(refused) if step.problem_words}
    assert (list(words), "real_names" in words["crm.crm_user"]) == (["crm.crm_user"], True)
    assert AMA_MENSAH.full_name not in words["crm.crm_user"]
    shown = {step.table: (step.verdict, step.left) for step in run_row(refused).steps if step.words}
    assert shown == {"crm.crm_user": ("refused by the source", 1)}


def test_resuming_tries_only_what_is_left(refused, crm, told):
    before = {step.dataset_key: step.chunks.count() for step in _work_steps(refused)}
    change(crm, "ALTER TABLE crm.crm_user DROP CONSTRAINT real_names")
    resume_run(run=refused, actor=SYSTEM)
    work(refused.pk)
    refused.refresh_from_db()
    after = {step.dataset_key: step.chunks.count() for step in _work_steps(refused)}
    assert {key for key in after if after[key] != before[key]} == {"crm.crm_user"}
    assert (refused.state, refused.problem, refused.problem_words) == (RunState.COMPLETED, "", "")
    assert [(step.rows, step.problem_words) for step in _work_steps(refused)] == [
        (step.expected, "") for step in _work_steps(refused)
    ]
    assert told == [("erasure", "attention", "source_refused"), ("erasure", "completed", "")]


def test_resuming_without_putting_anything_right_says_the_same_again(refused):
    resume_run(run=refused, actor=SYSTEM)
    work(refused.pk)
    refused.refresh_from_db()
    assert (refused.state, refused.problem) == (RunState.ATTENTION, "source_refused")
    assert _work_steps(refused).get(dataset_key="crm.crm_user").state == StepState.REFUSED
