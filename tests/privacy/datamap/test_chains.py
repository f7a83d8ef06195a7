"""The tables by which a row leads to a person: never round in a circle, or its holds and minimums would fall away."""

import html
import re

import pytest
from django.utils.html import strip_tags

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.engine.errors import EngineError
from privacy.datamap.errors import DatamapIncomplete, DatasetIncomplete
from privacy.datamap.models import Dataset, Field
from privacy.datamap.services import confirm_dataset
from privacy.datamap.specs import datasets_of, specs_of
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from retention.enums import HoldKind
from retention.rule_plan import plan_rule
from retention.services import place_hold
from retention.why.asking import explain_row
from tests.retention.test_rule_runs import NOON, _rule
from tests.sources import known

ROUND = r"“Reached from” goes round in a circle \(crm\.ticket → crm\.ticket_message → crm\.ticket\)"


def table(name: str) -> Dataset:
    return Dataset.objects.get(table_name=name)


def reach(name: str, parent: str, column: str) -> None:
    """As an officer chooses it who gets it the wrong way round."""
    Dataset.objects.filter(table_name=name).update(parent=table(parent), link_columns=[[column, column]])


def close_the_circle() -> None:
    """Tickets are reached from their messages, which are reached from the tickets."""
    reach("ticket", "ticket_message", "ticket_id")


def form_of(dataset: Dataset, parent: Dataset) -> dict[str, object]:
    return {
        "label": dataset.label, "on_erasure": "keep", "keep_reason": "Law", "parent": parent.pk,
        "link_columns": "ticket_id = ticket_id", "scope": "", "created_column": dataset.created_column,
        "fields-TOTAL_FORMS": "0", "fields-INITIAL_FORMS": "0",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "way"), [
    ("ticket", "crm.ticket → crm.ticket_message → crm.ticket"),
    ("customer", "crm.customer → crm.ticket_message → crm.ticket → crm.customer"),
])  # fmt: skip
def test_the_form_refuses_what_closes_a_circle_and_keeps_what_was_typed(offixpro, officer_client, name, way):
    dataset, before = table(name), table(name).parent
    page = f"/officer/datamap/dataset/{dataset.pk}/change/"
    refused = officer_client.post(page, form_of(dataset, table("ticket_message")))
    shown = re.sub(r"\s+", " ", html.unescape(strip_tags(refused.content.decode())))
    assert f"{dataset.key}: “Reached from” goes round in a circle ({way})" in shown
    assert "ticket_id = ticket_id" in shown
    dataset.refresh_from_db()
    assert dataset.parent == before
    message = table("ticket_message")
    page = f"/officer/datamap/dataset/{message.pk}/change/"
    assert officer_client.post(page, form_of(message, table("ticket"))).status_code == 302


def test_a_table_is_not_confirmed_whose_way_goes_round(offixpro):
    confirm_dataset(dataset=table("ticket"), actor=SYSTEM)
    close_the_circle()
    for name in ("ticket", "ticket_message"):
        with pytest.raises(DatasetIncomplete, match="goes round in a circle"):
            confirm_dataset(dataset=table(name), actor=SYSTEM)
    reach("ticket", "ticket", "ticket_id")
    with pytest.raises(DatasetIncomplete, match=r"\(crm\.ticket → crm\.ticket\)"):
        confirm_dataset(dataset=table("ticket"), actor=SYSTEM)


def test_whoever_leads_into_a_circle_is_refused_as_well(offixpro):
    reach("login_event", "ticket", "customer_id")
    datasets = datasets_of(offixpro)
    assert len(specs_of(datasets)) == len(datasets)
    close_the_circle()
    with pytest.raises(DatasetIncomplete, match=r"crm\.login_event → crm\.ticket → crm\.ticket_message → crm\.ticket"):
        confirm_dataset(dataset=table("login_event"), actor=SYSTEM)


def test_no_plan_and_no_answer_leaves_out_a_way_that_goes_round(offixpro):
    Field.objects.filter(dataset__table_name="ticket", column="subject").update(on_retention="random")
    rule = _rule("ticket")
    place_hold(kind=HoldKind.LEGAL, matter="m", subject=known(AMA_MENSAH.email), actor=SYSTEM)
    plan_rule(rule, now=NOON)
    explain_row(dataset=table("ticket"), key=("1",), now=NOON)
    plan_erasure(subject=known(AMA_MENSAH.email))
    close_the_circle()
    with pytest.raises(DatamapIncomplete, match=ROUND):
        specs_of(datasets_of(offixpro))
    with pytest.raises(EngineError, match=ROUND):  # what every run and every page that reads a source waits for
        plan_rule(rule, now=NOON)
    with pytest.raises(EngineError, match=ROUND):
        explain_row(dataset=table("ticket"), key=("1",), now=NOON)
    with pytest.raises(DatamapIncomplete, match=ROUND):
        plan_erasure(subject=known(AMA_MENSAH.email))


def test_a_way_without_columns_is_no_way_either(offixpro):
    Dataset.objects.filter(table_name="ticket").update(link_columns=[])
    with pytest.raises(DatamapIncomplete, match=r"by which columns crm\.ticket is reached from crm\.customer"):
        specs_of(datasets_of(offixpro))


def test_an_erasure_is_refused_where_a_way_ends_at_a_table_that_names_nobody(offixpro):
    plan_erasure(subject=known(AMA_MENSAH.email))
    Field.objects.filter(dataset__table_name="customer").update(identifier_kind="")
    Dataset.objects.filter(table_name="customer").update(parent=None, link_columns=[])
    with pytest.raises(EngineError, match=r"crm\.ticket: Nothing links its rows to a person"):
        plan_erasure(subject=known(AMA_MENSAH.email))
