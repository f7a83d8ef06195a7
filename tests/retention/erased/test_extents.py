"""What an erasure left is known from its run, or from the export file; where it is not, nobody guesses."""

import uuid

import pytest

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.ledger.actors import Actor
from privacy.subjects.crypto import keyed_index
from retention.enums import RunState
from retention.erased.extents import left_in
from retention.erased.returned import look_for_erased
from retention.errors import ExtentUnknown
from retention.models import ErasedIdentifier, ErasureExtent, Run
from retention.services import approve_replay, plan_replay, start_replay
from tests.retention.erased.conftest import erase
from tests.sources import change, rows, work

LEFT = {"crm.customer": {"email": "GH.retention_required"}}
OURS = "SELECT min(contact_id) FROM crm.contact WHERE operated_by = 'offixpro'"
CALL_HER = f"UPDATE crm.contact SET email = %s WHERE contact_id = ({OURS})"
EMAIL = f"SELECT email FROM crm.contact WHERE contact_id = ({OURS})"


def her() -> tuple[str, bytes]:
    return ("email", keyed_index("email", AMA_MENSAH.email))


def erased_by(run_id: uuid.UUID | None = None) -> uuid.UUID:
    """As if a run that this portal does not know had erased her."""
    run_id = run_id or uuid.uuid4()
    ErasedIdentifier(kind="email", fingerprint=her()[1], run_id=run_id).save()
    return run_id


def told(run_id: uuid.UUID, source, left: dict, *, name: str = "") -> None:
    row = ErasureExtent(run_id=run_id, source_id=source.pk, source_name=name or source.name, spared=left)
    row.save()


def left(source) -> dict | None:
    found = left_in(source, {her()})[her()]
    return found and found.spared


def test_a_run_that_is_on_record_says_what_it_left(offixpro):
    erase()
    assert left(offixpro) == {}
    erase(spared={offixpro.pk: LEFT})
    assert left(offixpro) == LEFT
    erase()
    assert left(offixpro) == {}


def test_a_plan_that_is_not_the_one_that_was_approved_says_nothing(offixpro):
    run = erase(spared={offixpro.pk: LEFT})
    assert left(offixpro) == LEFT
    run.plan["engine"]["steps"][0]["kept"] = []
    Run.objects.filter(pk=run.pk).update(plan=run.plan, plan_hash="0" * 64)
    assert left(offixpro) is None


def test_of_a_run_without_record_the_file_says_it_or_nobody_does(offixpro):
    run_id = erased_by()
    assert left(offixpro) is None
    told(run_id, offixpro, LEFT)
    assert left(offixpro) == LEFT
    erased_by()
    assert left(offixpro) is None


def test_a_source_that_only_shares_the_number_or_the_name_is_not_taken_for_the_one(offixpro):
    told(erased_by(), offixpro, {}, name="Another")
    assert left(offixpro) is None


@pytest.mark.parametrize(("there", "here"), [({}, {}), (LEFT, None)])
def test_who_was_erased_elsewhere_only_is_erased_whole_unless_a_part_was_left_there(offixpro, there, here):
    run_id = erased_by()
    ErasureExtent(run_id=run_id, source_id=offixpro.pk + 1, source_name="Another", spared=there).save()
    assert left(offixpro) == here


def test_nobody_is_planned_of_whom_it_is_not_known(offixpro, crm):
    erased_by()
    change(crm, CALL_HER, AMA_MENSAH.email)
    assert sum(each.back for each in look_for_erased(source=offixpro)) > 0
    with pytest.raises(ExtentUnknown):
        plan_replay(source=offixpro)


def test_what_becomes_known_after_the_plan_stops_it(offixpro, crm, officer, make_officer):
    told(erased_by(), offixpro, {})
    change(crm, CALL_HER, AMA_MENSAH.email)
    look_for_erased(source=offixpro)
    run = start_replay(source=offixpro, replay=plan_replay(source=offixpro), actor=Actor.officer(officer))
    told(erased_by(), offixpro, {"crm.contact": {"email": "GH.retention_required"}})
    approve_replay(run=run, officer=make_officer())
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.STOPPED, "plan_no_longer_matches")
    assert rows(crm, EMAIL) == [(AMA_MENSAH.email,)]
