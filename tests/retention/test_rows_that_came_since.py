"""An erasure covers what names the person when it is carried out, not only what did when it was planned."""

from uuid import uuid4

import pytest

from demo.crm.offixpro.known import AMA_MENSAH, KOFI_BOATENG
from privacy.datamap.models import Dataset
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from retention import executing
from retention.enums import RunState
from retention.models import ErasedIdentifier, Run
from retention.services import start_erasure_run
from tests.sources import change, content, known, rows, work

OURS = "SELECT min(contact_id) FROM crm.contact WHERE operated_by = 'offixpro'"
NAMED_LIKE_HER = f"UPDATE crm.contact SET email = %s WHERE contact_id = ({OURS})"
HERS = "SELECT count(*) FROM crm.{} WHERE email = %s AND operated_by = 'offixpro'"


@pytest.fixture
def erasure(offixpro) -> Run:
    subject = known(AMA_MENSAH.email)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    return run


def _after(run: Run) -> tuple[str, str, str]:
    work(run.pk)
    run.refresh_from_db()
    return run.state, run.problem, run.problem_words


def test_a_row_that_came_after_the_plan_stops_the_run_before_it_changes_anything(erasure, crm):
    assert change(crm, NAMED_LIKE_HER, AMA_MENSAH.email) == 1
    before = content(crm, "crm")
    state, problem, words = _after(erasure)
    assert (state, problem) == (RunState.STOPPED, "plan_no_longer_matches")
    assert "crm.contact: 0 rows planned, 1 found" in words
    assert AMA_MENSAH.email not in words
    assert content(crm, "crm") == before


def test_a_row_of_somebody_else_that_came_changes_nothing(erasure, crm):
    assert change(crm, NAMED_LIKE_HER, KOFI_BOATENG.email) == 1
    assert _after(erasure) == (RunState.COMPLETED, "", "")


def test_a_row_that_came_while_the_run_was_at_work_keeps_it_from_being_called_done(erasure, crm, monkeypatch):
    original = executing.executor.run

    def somebody_adds_her(*arguments, **named):
        progress = original(*arguments, **named)
        assert progress.done
        assert change(crm, NAMED_LIKE_HER, AMA_MENSAH.email) == 1
        return progress

    monkeypatch.setattr(executing.executor, "run", somebody_adds_her)
    assert _after(erasure) == (RunState.STOPPED, "rows_came", "crm.contact: 1")
    assert [rows(crm, HERS.format(table), AMA_MENSAH.email) for table in ("customer", "contact")] == [[(0,)], [(1,)]]
    assert erasure.steps.get(dataset_key="crm.customer").rows == 1
    assert ErasedIdentifier.objects.filter(run_id=erasure.pk).count() == 0


@pytest.mark.parametrize(
    ("table", "change_map"),
    [
        ("customer", lambda dataset: dataset.fields.filter(column="full_name").update(on_erasure="null")),
        ("invoice", lambda dataset: Dataset.objects.filter(pk=dataset.pk).update(scope=[])),
        ("invoice_line", lambda dataset: Dataset.objects.filter(pk=dataset.pk).update(on_erasure="delete")),
        ("ticket", lambda dataset: Dataset.objects.filter(pk=dataset.pk).update(parent=None, link_columns=[])),
    ],
    ids=["mask", "scope", "action", "way"],
)
def test_a_changed_data_map_stops_the_run(erasure, crm, table, change_map):
    change_map(Dataset.objects.get(table_name=table))
    before = content(crm, "crm")
    assert _after(erasure) == (RunState.STOPPED, "map_changed", "")
    assert content(crm, "crm") == before


def test_a_changed_label_does_not(erasure):
    Dataset.objects.filter(table_name="customer").update(label="People who buy")
    assert _after(erasure) == (RunState.COMPLETED, "", "")
