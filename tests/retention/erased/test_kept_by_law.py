"""Rows that the law wants kept name an erased person lawfully, until the day it does not want them any more."""

import pytest

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.errors import DatamapIncomplete
from privacy.datamap.models import Action, Dataset
from privacy.datamap.specs import datasets_of
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from retention.enums import RunState
from retention.erased.returned import look_for_erased
from retention.errors import NothingCameBack
from retention.models import Minimum, Run
from retention.services import approve_replay, plan_replay, save_minimum, start_replay
from tests.retention.erased.conftest import erase
from tests.retention.test_minimums import minimum
from tests.sources import change, rows, work

HERS = "FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"
OTHERS = "SELECT min(contact_id) FROM crm.contact WHERE operated_by = 'offixpro'"


def back(source) -> dict[str, int]:
    return {each.dataset.key: each.back for each in look_for_erased(source=source) if each.back}


@pytest.fixture
def kept(offixpro) -> Minimum:
    law = minimum("customer", "customer", "created_at", amount=100, protects="values")
    erase()
    return law


def over(law: Minimum) -> None:
    """A period that has ended: one day."""
    law.amount, law.unit, law.year_end = 1, "days", None
    save_minimum(minimum=law, actor=SYSTEM)


def test_rows_that_the_law_wants_kept_did_not_come_back(offixpro, crm, kept):
    assert rows(crm, f"SELECT count(*) {HERS}", AMA_MENSAH.email) == [(1,)]
    assert back(offixpro) == {}
    change(crm, f"UPDATE crm.contact SET email = %s WHERE contact_id = ({OTHERS})", AMA_MENSAH.email)
    assert back(offixpro) == {"crm.contact": 1}


def test_when_the_period_is_over_they_are_found_and_two_officers_erase_them(offixpro, crm, kept, officer, make_officer):
    with pytest.raises(NothingCameBack):
        plan_replay(source=offixpro)
    over(kept)
    assert back(offixpro) == {"crm.customer": 1}
    run = start_replay(source=offixpro, replay=plan_replay(source=offixpro), actor=Actor.officer(officer))
    approve_replay(run=run, officer=make_officer())
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    assert rows(crm, f"SELECT count(*) {HERS}", AMA_MENSAH.email) == [(0,)]
    assert back(offixpro) == {}


def test_erasing_again_leaves_what_the_law_wants_kept(offixpro, crm, kept, officer, make_officer):
    change(crm, f"UPDATE crm.contact SET email = %s WHERE contact_id = ({OTHERS})", AMA_MENSAH.email)
    assert back(offixpro) == {"crm.contact": 1}
    run = start_replay(source=offixpro, replay=plan_replay(source=offixpro), actor=Actor.officer(officer))
    approve_replay(run=run, officer=make_officer())
    work(run.pk)
    assert Run.objects.get(pk=run.pk).state == RunState.COMPLETED
    assert rows(crm, f"SELECT count(*) {HERS}", AMA_MENSAH.email) == [(1,)]
    assert back(offixpro) == {}


def test_what_protected_rows_lead_to_did_not_come_back_either(offixpro, crm):
    Dataset.objects.filter(table_name__in=["crm_user", "login_event"]).update(on_erasure=Action.DELETE)
    her_login = f"UPDATE crm.crm_user SET email = %s WHERE customer_id = (SELECT customer_id {HERS})"
    assert change(crm, her_login, AMA_MENSAH.email, AMA_MENSAH.email) == 1
    law = minimum("login_event", "login_event", "occurred_at", amount=100)
    erase()
    assert rows(crm, f"SELECT count(*) {HERS}", AMA_MENSAH.email) == [(0,)]
    assert rows(crm, f"SELECT count(*) {HERS.replace('customer', 'crm_user')}", AMA_MENSAH.email) == [(1,)]
    assert back(offixpro) == {}
    over(law)
    assert back(offixpro) == {"crm.crm_user": 1}


def test_a_minimum_that_does_not_fit_the_map_stops_the_look(offixpro, kept):
    Minimum.objects.update(start_column="gone")
    with pytest.raises(DatamapIncomplete):
        look_for_erased(source=offixpro)
    assert not LedgerEntry.objects.filter(action="erasures.verified").exists()
    assert datasets_of(offixpro)
