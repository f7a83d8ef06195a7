"""The way from the rows of a rule to its event, typed and read in the words in which an error names it."""

import html
import re

import pytest

from privacy.datamap.models import Dataset, Field, Source
from retention.errors import RuleInvalid
from retention.models import Rule
from retention.paths import path_between

ISSUED = [{"columns": ["customer_id"], "to": "shop.customer", "to_columns": ["id"]}]
PAID = [{"columns": ["payer_id", "region"], "to": "shop.customer", "to_columns": ["id", "region"]}]


@pytest.fixture
def shop(alpha) -> dict[str, Dataset]:
    """Invoices that refer to customers in two ways, and notes that refer to invoices."""
    source = Source.objects.create(name="Shop", kind="postgresql")
    columns = {
        "customer": ["id", "region", "left_on"],
        "invoice": ["id", "customer_id", "payer_id", "region"],
        "note": ["id", "invoice_id"],
    }
    found = {}
    for table, names in columns.items():
        found[table] = Dataset.objects.create(source=source, table_schema="shop", table_name=table, label=table)
        Field.objects.bulk_create(Field(dataset=found[table], column=each, data_type="text") for each in names)
    Field.objects.filter(column="left_on").update(data_type="date")
    Dataset.objects.filter(pk=found["invoice"].pk).update(foreign_keys=[*ISSUED, *PAID])
    note = [{"columns": ["invoice_id"], "to": "shop.invoice", "to_columns": ["id"]}]
    Dataset.objects.filter(pk=found["note"].pk).update(foreign_keys=note)
    return found


@pytest.fixture
def post(shop, officer_client):
    """Sends the form of a new rule over invoices, counted from a date of the customer; gives the answer's text."""

    def send(path: str, dataset: str = "invoice") -> str:
        given = {
            "name": "Old", "legal_reason": "our policy", "dataset": shop[dataset].pk, "action": "delete", "turn": "0",
            "start_dataset": shop["customer"].pk, "start_column": "left_on", "amount": "30", "unit": "days",
            "year_end": "", "start_event": "cancellation", "conditions": "", "path": path, "without_address": "wait",
        }  # fmt: skip
        posted = {f"rule-{name}": value for name, value in given.items()}
        answer = officer_client.post("/officer/retention/rule/add/", posted)
        return html.unescape(answer.content.decode()) if answer.status_code == 200 else answer["Location"]

    return send


@pytest.mark.parametrize(
    ("typed", "stored", "read"),
    [
        ("", [], ""),
        ("customer_id → shop.customer (id)", ISSUED, "customer_id → shop.customer (id)"),
        ("  payer_id ,region->shop.customer( id,region )\n\n", PAID, "payer_id, region → shop.customer (id, region)"),
    ],
)
def test_a_way_is_stored_as_steps_and_shown_as_it_is_typed(post, officer_client, typed, stored, read):
    post(typed)
    rule = Rule.objects.get(name="Old")
    assert rule.path == stored
    shown = html.unescape(officer_client.get(f"/officer/retention/rule/{rule.pk}/change/").content.decode())
    assert re.search(r'name="rule-path"[^>]*>\s*(.*?)</textarea>', shown, re.DOTALL)[1] == read


def test_a_way_of_several_steps_is_one_step_on_each_line(post):
    post("invoice_id → shop.invoice (id)\ncustomer_id → shop.customer (id)", dataset="note")
    assert [hop["to"] for hop in Rule.objects.get(name="Old").path] == ["shop.invoice", "shop.customer"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("by the customer", "Write each step like “customer_id → crm.customer (id)”"),
        ('[{"to": "shop.customer"}]', "Write each step like"),
        ("customer_id → shop.client (id)", "There is no dataset shop.client. There are: shop.customer, shop.invoice"),
        ("buyer → shop.customer (id)", "shop.invoice has no column buyer. It has: customer_id, id, payer_id, region."),
        ("customer_id → shop.customer (number)", "shop.customer has no column number. It has: id, left_on, region."),
        ("customer_id → shop.customer (id, region)", "Name as many columns of shop.customer as lead there."),
        ("id → shop.note (invoice_id)", "The way ends at shop.note; it has to lead to shop.customer"),
    ],
)
def test_a_way_that_the_data_map_does_not_know_is_refused_in_words(post, typed, words):
    assert words in post(typed)
    assert not Rule.objects.filter(name="Old").exists()


def test_of_several_ways_each_is_named_as_it_is_typed(shop, post):
    everything = list(Dataset.objects.all())
    with pytest.raises(RuleInvalid) as refused:
        path_between(*(Dataset.objects.get(table_name=name) for name in ("invoice", "customer")), [], everything)
    ways = str(refused.value).partition("which one counts: ")[2].split(" / ")
    assert ways == ["customer_id → shop.customer (id)", "payer_id, region → shop.customer (id, region)"]
    post(ways[1])
    assert Rule.objects.get(name="Old").path == PAID
