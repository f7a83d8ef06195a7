"""The few rows of one person in many tables are changed at once, and counted at once: the world is asked once each."""

from uuid import uuid4

import pytest

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from retention.enums import HoldKind, RunState
from retention.models import Run
from retention.services import place_hold, start_erasure_run
from retention.world import PortalWorld
from tests.sources import known, work


@pytest.fixture
def erasure(offixpro) -> Run:
    subject = known(AMA_MENSAH.email)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    return run


def test_the_world_is_asked_before_all_changes_and_before_the_proof_however_many_tables_there_are(erasure, monkeypatch):
    asked, original = [], PortalWorld.ask_at_once

    def ask_at_once(self, steps):
        asked.append([step.key for step in steps])
        return original(self, steps)

    monkeypatch.setattr(PortalWorld, "ask_at_once", ask_at_once)
    work(erasure.pk)
    erasure.refresh_from_db()
    changing = [step.dataset_key for step in erasure.steps.exclude(action="keep").order_by("position")]
    assert (erasure.state, asked, len(changing) > 5) == (RunState.COMPLETED, [changing, changing], True)


def test_a_hold_that_comes_after_the_changes_is_known_to_the_proof(erasure, monkeypatch):
    asked, original = [], PortalWorld.ask_at_once

    def ask_at_once(self, steps):
        if asked:
            place_hold(kind=HoldKind.LEGAL, matter="A claim", subject=known("somebody@example.com"), actor=SYSTEM)
        permissions = original(self, steps)
        asked.append({value.value for each in permissions for value in each.held.identifiers})
        return permissions

    monkeypatch.setattr(PortalWorld, "ask_at_once", ask_at_once)
    work(erasure.pk)
    assert asked == [set(), {"somebody@example.com"}]
