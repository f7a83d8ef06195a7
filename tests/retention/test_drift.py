"""A column that the source adds while a run is planned or under way stops nothing; what the run goes by still does."""

from uuid import uuid4

import pytest

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Field, Finding
from privacy.datamap.services import discover
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from retention.enums import RunState
from retention.models import Run
from retention.services import start_erasure_run
from tests.sources import change, known, work


@pytest.fixture
def erasure(offixpro) -> Run:
    subject = known(AMA_MENSAH.email)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    return run


def _after(run: Run) -> tuple[str, str]:
    work(run.pk)
    run.refresh_from_db()
    return run.state, run.problem


@pytest.mark.parametrize("discovered", [False, True])
def test_a_new_text_column_stops_no_erasure_and_is_told(offixpro, erasure, crm, discovered):
    change(crm, "ALTER TABLE crm.customer ADD COLUMN nickname text")
    if discovered:
        discover(source=offixpro, actor=SYSTEM)
        finding = Finding.objects.get(code="unclassified_text", resolved_at=None)
        assert (finding.place, finding.names) == ("crm.customer", ["nickname"])
    assert _after(erasure) == (RunState.COMPLETED, "")
    assert plan_erasure(subject=known(AMA_MENSAH.email)).rows == 0


def test_a_column_that_was_classified_meanwhile_does_stop_it(offixpro, erasure, crm):
    change(crm, "ALTER TABLE crm.customer ADD COLUMN nickname text")
    discover(source=offixpro, actor=SYSTEM)
    Field.objects.filter(column="nickname").update(category="identity", on_erasure="null")
    assert _after(erasure) == (RunState.STOPPED, "map_changed")


def test_a_column_that_vanished_does_stop_it(offixpro, erasure, crm):
    change(crm, "ALTER TABLE crm.customer RENAME COLUMN phone TO telephone")
    assert _after(erasure)[0] == RunState.ATTENTION
