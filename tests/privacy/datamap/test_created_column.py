"""Which column says when a row came about: suggested, chosen on the page of the table, and checked."""

import pytest

from privacy.datamap.errors import DatasetIncomplete
from privacy.datamap.models import Dataset
from privacy.datamap.services import confirm_dataset, discover
from privacy.datamap.suggestions.created import possibly_created, suggest_created
from privacy.ledger.actors import SYSTEM
from tests.privacy.datamap.test_sources import shop, source
from tests.sources import change

__all__ = ["shop", "source"]

STAMP = "timestamp with time zone"


@pytest.mark.parametrize(
    ("columns", "suggested"),
    [
        ([("id", "integer"), ("created_at", STAMP), ("updated_at", STAMP)], "created_at"),
        ([("placed_at", "datetime"), ("created", "timestamp")], "created"),
        ([("OrderDate", "DATETIME")], "OrderDate"),
        ([("invoice_date", "date")], "invoice_date"),
        ([("CreationDate", "date")], "CreationDate"),
        ([("date_created", "date")], "date_created"),
        ([("subscribed_on", "date"), ("unsubscribed_on", "date")], "subscribed_on"),
        ([("created_at", "text"), ("placed_on", "date")], "placed_on"),
        ([("updated_at", STAMP), ("birth_date", "date"), ("due_on", "date"), ("last_login_at", STAMP)], None),
        ([("created_by", "timestamp"), ("last_created_at", STAMP)], None),
    ],
)
def test_a_column_is_suggested_by_its_name_and_type(columns, suggested):
    found = suggest_created(columns)
    assert (found.column, found.reason) == (suggested, "by its name and type") if suggested else found is None


@pytest.mark.parametrize(
    ("columns", "possible"),
    [
        (["created_at", "updated_at", "paid_on"], ["created_at"]),
        (["erstellt_am", "date_commande"], ["erstellt_am", "date_commande"]),
        (["birth_date", "DateOfBirth", "dob", "due_on", "last_login_at", "valid_until", "ShippedDate"], []),
        (["ended_on", "vendored_on", "stored_at"], ["vendored_on", "stored_at"]),
    ],
)
def test_dates_whose_names_say_something_else_are_not_asked_about(columns, possible):
    assert possibly_created([(each, STAMP) for each in columns]) == possible
    assert possibly_created([(each, "text") for each in columns]) == []


def test_discovery_suggests_it_for_a_new_table_and_leaves_what_somebody_chose(source, shop):
    change(shop, 'ALTER TABLE "order" ADD placed_at timestamptz, ADD paid_on date')
    discover(source=source, actor=SYSTEM)
    order, client = (Dataset.objects.get(table_name=name) for name in ("order", "client"))
    assert (order.created_column, client.created_column) == ("placed_at", "")
    Dataset.objects.filter(pk=order.pk).update(created_column="paid_on")
    change(shop, "ALTER TABLE client ADD created_at date")
    discover(source=source, actor=SYSTEM)
    order.refresh_from_db()
    client.refresh_from_db()
    assert (order.created_column, client.created_column) == ("paid_on", "")


@pytest.mark.parametrize("column", ["subject", "gone"])
def test_a_column_that_holds_no_date_is_not_confirmed(offixpro, column):
    dataset = Dataset.objects.get(table_name="ticket")
    confirm_dataset(dataset=dataset, actor=SYSTEM)
    Dataset.objects.filter(pk=dataset.pk).update(created_column=column)
    with pytest.raises(DatasetIncomplete) as refused:
        confirm_dataset(dataset=dataset, actor=SYSTEM)
    assert refused.value.problems == (
        f"crm.ticket: “{column}” does not say when a row came about; choose another column.",
    )
