"""What came after the request behind an erasure is new: it is not taken for what came back, and not erased again."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Dataset
from privacy.ledger.actors import Actor, ActorKind
from privacy.subjects.crypto import keyed_index
from retention.enums import RunState
from retention.erased.extents import Left, left_in
from retention.erased.returned import look_for_erased
from retention.errors import NothingCameBack
from retention.models import ErasedIdentifier, ErasureExtent, Run
from retention.services import plan_replay, start_replay
from tests.retention.erased.conftest import erase
from tests.retention.test_rows_newer_than_the_request import DAY, customer_of, midnight, open_ticket
from tests.sources import change, rows, work

OPERATOR = Actor(ActorKind.OPERATOR)
HER = ("email", AMA_MENSAH.email)
OURS = "(SELECT min(contact_id) FROM crm.contact WHERE operated_by = 'offixpro')"


def back(offixpro) -> dict[str, int]:
    return {each.dataset.table_name: each.back for each in look_for_erased(source=offixpro) if each.back}


def named_anew(crm: str, on: date) -> None:
    """Somebody enters her as a contact."""
    query = f"UPDATE crm.contact SET email = %s, created_at = %s WHERE contact_id = {OURS}"
    assert change(crm, query, AMA_MENSAH.email, midnight(on)) == 1


def restored(crm: str, customer: int) -> None:
    """Her old row is what it was."""
    query = "UPDATE crm.customer SET email = %s, full_name = 'Ama Mensah' WHERE customer_id = %s"
    assert change(crm, query, AMA_MENSAH.email, customer) == 1


def her() -> tuple[str, bytes]:
    return ("email", keyed_index(*HER))


def test_a_row_from_after_the_day_of_the_request_is_not_back(offixpro, crm):
    erase(received_on=DAY)
    named_anew(crm, DAY + timedelta(days=1))
    assert back(offixpro) == {}
    named_anew(crm, DAY)
    assert back(offixpro) == {"contact": 1}


def test_the_day_of_the_last_erasure_counts(offixpro, crm):
    erase(received_on=DAY)
    named_anew(crm, DAY + timedelta(days=2))
    assert back(offixpro) == {}
    erase(received_on=DAY + timedelta(days=3))
    named_anew(crm, DAY + timedelta(days=2))
    assert back(offixpro) == {"contact": 1}


def test_who_was_erased_before_days_were_kept_is_back_whatever_the_date(offixpro, crm):
    erase()
    named_anew(crm, DAY + timedelta(days=9))
    assert back(offixpro) == {"contact": 1}


def test_erasing_again_goes_by_the_day_of_the_original_request(offixpro, crm, officer_client, capsys):
    customer = customer_of(crm)
    erase(received_on=DAY)
    restored(crm, customer)
    old, new = (open_ticket(crm, customer, midnight(DAY + timedelta(days=days))) for days in (0, 1))
    assert back(offixpro) == {"customer": 1}
    page = officer_client.get(reverse("officer:datamap_source_erase_again", args=[offixpro.pk])).content.decode()
    assert f"1 row left: it came after {DAY:%-d %B %Y}, or belongs to one that did" in page
    call_command("replay_erasures", organisation="alpha")
    assert f", 1 left as newer than {DAY}" in capsys.readouterr().out
    run = start_replay(source=offixpro, replay=plan_replay(source=offixpro), actor=OPERATOR)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, run.received_on) == (RunState.COMPLETED, "", DAY)
    assert run.steps.get(dataset_key="crm.ticket").newer == 1
    subjects = dict(rows(crm, "SELECT ticket_id, subject FROM crm.ticket WHERE ticket_id IN (%s, %s)", old, new))
    assert subjects[new] == "Help me"
    assert subjects[old] != "Help me"
    with pytest.raises(NothingCameBack):
        plan_replay(source=offixpro)


def test_a_plan_that_would_go_beyond_the_day_of_somebody_stops(offixpro, crm):
    customer = customer_of(crm)
    erase(received_on=DAY)
    restored(crm, customer)
    assert back(offixpro) == {"customer": 1}
    run = start_replay(source=offixpro, replay=plan_replay(source=offixpro), actor=OPERATOR)
    Dataset.objects.update(created_column="")  # nothing tells newer rows apart, so the map is no hindrance
    plan = plan_replay(source=offixpro)
    Run.objects.filter(pk=run.pk).delete()
    run = start_replay(source=offixpro, replay=plan, actor=OPERATOR)
    Run.objects.filter(pk=run.pk).update(received_on=DAY + timedelta(days=1))
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.STOPPED, "plan_no_longer_matches")


def test_a_run_of_which_somebody_changed_the_day_says_nothing(offixpro):
    run = erase(received_on=DAY)
    assert left_in(offixpro, {her()}) == {her(): Left({}, DAY)}
    for day in (DAY + timedelta(days=1), None):
        Run.objects.filter(pk=run.pk).update(received_on=day)
        assert left_in(offixpro, {her()}) == {her(): None}


def test_an_extent_without_a_day_is_sealed_as_before_there_were_any(offixpro):
    extent = ErasureExtent(run_id=uuid4(), source_id=offixpro.pk, source_name=offixpro.name, spared={})
    extent.save()
    without = bytes(extent.digest)
    extent.received_on = DAY
    assert extent.expected_digest() != without
    extent.received_on = None
    assert extent.expected_digest() == without


def test_who_was_erased_in_other_sources_only_is_newer_after_the_same_day(offixpro):
    run_id = uuid4()
    ErasedIdentifier(kind="email", fingerprint=her()[1], run_id=run_id).save()
    ErasureExtent(run_id=run_id, source_id=offixpro.pk + 1, source_name="Another", spared={}, received_on=DAY).save()
    assert left_in(offixpro, {her()}) == {her(): Left({}, DAY)}
