"""Connecting, checking and discovering sources."""

import pytest
from django.db import connection

from privacy.datamap.errors import DatamapIncomplete, DatasetIncomplete, SourceNameTaken, SourceNotUsable
from privacy.datamap.models import Action, DataCategory, Dataset, Field, Source, Strategy
from privacy.datamap.services import check_source, confirm_dataset, connect_source, discover
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from tests.sources import address_of, change, known, scratch_database

SHOP = """
    CREATE TABLE client (id int PRIMARY KEY, "EMail" text NOT NULL, full_name text NOT NULL, birth_date date,
                         reach text, remark text, agent_id int);
    CREATE TABLE staff (id int PRIMARY KEY, email text NOT NULL);
    ALTER TABLE client ADD FOREIGN KEY (agent_id) REFERENCES staff;
    CREATE TABLE "order" (id int PRIMARY KEY, client_id int NOT NULL REFERENCES client, agent_id int REFERENCES staff,
                          total numeric NOT NULL, delivery_address text NOT NULL);
    CREATE TABLE gift (id int PRIMARY KEY, client_id int REFERENCES client, buyer_id int REFERENCES client, note text);
    CREATE TABLE country (code text PRIMARY KEY, capital text);
    CREATE VIEW clients AS SELECT * FROM client;
    CREATE TABLE keyless (email text);
    INSERT INTO client SELECT n, 'person' || n || '@example.com', 'Person ' || n, '1990-01-01',
        '+2332400090' || lpad(n::text, 2, '0'), repeat('Called about the late delivery again. ', 4), NULL
        FROM generate_series(1, 9) n"""


@pytest.fixture
def shop():
    with scratch_database() as dsn:
        change(dsn, SHOP)
        yield dsn


@pytest.fixture
def source(alpha, shop) -> Source:
    return connect_source(name="Shop", address=address_of(shop), actor=SYSTEM)


@pytest.fixture
def found(source):
    return discover(source=source, actor=SYSTEM)


def _field(table: str, column: str) -> Field:
    return Field.objects.get(dataset__table_name=table, column=column)


def test_a_source_is_tried_before_it_is_kept(alpha, shop):
    with pytest.raises(SourceNotUsable) as refused:
        connect_source(name="Gone", address=address_of(shop).replace("port=5432", "port=1"), actor=SYSTEM)
    assert (refused.value.code, list(Source.objects.all())) == ("source_unreachable", [])
    source = connect_source(name="Shop", address=address_of(shop), actor=SYSTEM)
    assert source.server_version.startswith("PostgreSQL ")
    assert source.last_seen_at is not None


def test_names_of_every_spelling_are_suggested_in_plain_words(source, shop):
    change(
        shop,
        """CREATE TABLE "InvoiceLine" (id int PRIMARY KEY, cancelled_on date, "CancelledOn" date,
                    "customerID" int, "EMail" text)""",
    )
    discover(source=source, actor=SYSTEM)
    lines = Dataset.objects.get(table_name="InvoiceLine")
    labels = lines.fields.order_by("position").values_list("label", flat=True)
    assert (lines.label, list(labels)) == (
        "Invoice line", ["Id", "Cancelled on", "Cancelled on", "Customer id", "Email"],
    )  # fmt: skip


def test_two_sources_have_two_names(source, shop):
    with pytest.raises(SourceNameTaken):
        connect_source(name="Shop", address=address_of(shop), actor=SYSTEM)
    assert connect_source(name="Shop 2", address=address_of(shop), actor=SYSTEM).pk != source.pk


def test_the_address_is_encrypted_where_it_is_kept(source):
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM datamap_source")
        (stored,) = cursor.fetchone()
    assert b"postgresql" not in bytes(stored)
    assert Source.objects.get().address.startswith("postgresql://")


def test_a_source_says_how_it_is(source):
    report = check_source(source=source)
    assert (report.reachable, report.tables, report.problem) == (True, 7, "")
    codes = {(finding.code, finding.where) for finding in report.findings}
    assert ("foreign_key_without_index", "public.order") in codes
    assert ("no_primary_key", "public.keyless") in codes


def test_a_source_that_is_gone_is_remembered_as_such(source):
    source.address = source.address.replace("port=5432", "port=1")
    source.save()
    report = check_source(source=source)
    source.refresh_from_db()
    assert (report.reachable, report.problem, source.problem) == (False, "source_unreachable", "source_unreachable")


def test_tables_with_rows_of_their_own_are_found(found):
    assert sorted(found.new_datasets) == [f"public.{name}" for name in ("client", "country", "gift", "order", "staff")]


@pytest.mark.parametrize(
    ("table", "column", "category", "kind", "strategy", "reason"),
    [
        ("client", "EMail", "contact", "email", "email", "its values look like e-mail addresses"),
        ("client", "full_name", "identity", "", "constant", "by its name"),
        ("client", "birth_date", "identity", "", "generalise_date", "by its name"),
        ("client", "reach", "contact", "phone", "null", "its values look like phone numbers"),
        ("client", "remark", "free_text", "", "null", "its values are whole sentences, which may name people"),
        ("client", "id", "key", "", "keep", "part of a key: it tells rows apart"),
        ("client", "agent_id", "key", "", "keep", "part of a key: it tells rows apart"),
        ("order", "total", "business", "", "keep", "by its name"),
        ("order", "delivery_address", "contact", "", "constant", "by its name"),
        ("staff", "email", "contact", "email", "email", "by its name"),
        ("country", "capital", "unclassified", "", "keep", "neither name, type nor content say what it is"),
    ],
)
def test_a_column_is_suggested_with_its_reason(found, table, column, category, kind, strategy, reason):
    field = _field(table, column)
    assert (field.category, field.identifier_kind, field.on_erasure, field.suggestion_reason) == (
        category, kind, strategy, reason,
    )  # fmt: skip


def test_the_way_to_the_person_leads_past_those_who_handle_the_row(found):
    order = Dataset.objects.get(table_name="order")
    assert (order.parent.table_name, order.link_columns) == ("client", [["client_id", "id"]])
    assert order.suggestion_reason == "client_id leads to public.client"
    assert Dataset.objects.get(table_name="client").parent is None


def test_several_ways_are_left_to_a_person(found):
    gift = Dataset.objects.get(table_name="gift")
    assert gift.parent is None
    assert gift.suggestion_reason == "several keys lead to a person (buyer_id, client_id); choose one"
    assert (gift.on_erasure, gift.keep_reason) == (Action.MASK, "")


@pytest.mark.parametrize(
    "chosen", [{"link_columns": [["buyer_id", "id"]]}, {"on_erasure": Action.KEEP, "keep_reason": "About the shop."}]
)
def test_rows_whose_way_to_the_person_is_open_are_not_confirmed_as_nobodys(found, chosen):
    gift = Dataset.objects.get(table_name="gift")
    with pytest.raises(DatasetIncomplete) as refused:
        confirm_dataset(dataset=gift, actor=SYSTEM)
    assert refused.value.problems == (
        "Several ways lead from public.gift to people, or only to those who handle it; choose one, or keep the rows "
        "with a reason.",
    )
    if "link_columns" in chosen:
        chosen = chosen | {"parent": Dataset.objects.get(table_name="client")}
    Dataset.objects.filter(pk=gift.pk).update(**chosen)
    assert confirm_dataset(dataset=gift, actor=SYSTEM).confirmed_at is not None


@pytest.mark.parametrize("table", ["gift", "order"])
def test_why_a_way_was_suggested_or_not_is_read_where_the_table_is_confirmed(found, officer_client, table):
    dataset = Dataset.objects.get(table_name=table)
    page = officer_client.get(f"/officer/datamap/dataset/{dataset.pk}/change/").content.decode()
    assert [page.count("Why suggested"), page.count(dataset.suggestion_reason)] == [1, 1]
    Dataset.objects.update(suggestion_reason="")
    page = officer_client.get(f"/officer/datamap/dataset/{dataset.pk}/change/").content.decode()
    assert "Why suggested" not in page


def test_a_table_about_nobody_is_suggested_to_be_kept(found):
    country = Dataset.objects.get(table_name="country")
    assert (country.on_erasure, country.keep_reason) == (Action.KEEP, "No column and no key leads to a person.")


@pytest.mark.parametrize(
    ("kind", "suggested"),
    [("text", (Action.MASK, "")), ("int", (Action.KEEP, "No column of it would have to be masked."))],
)
def test_text_that_nobody_has_classified_is_not_suggested_to_be_kept(source, found, shop, kind, suggested):
    change(shop, f"CREATE TABLE visit (id int PRIMARY KEY, client_id int REFERENCES client, looked {kind})")
    discover(source=source, actor=SYSTEM)
    visit = Dataset.objects.get(table_name="visit")
    assert (visit.on_erasure, visit.keep_reason) == suggested
    with pytest.raises(DatasetIncomplete) as refused:
        confirm_dataset(dataset=visit, actor=SYSTEM)
    assert "public.visit.looked is not classified; say what it holds." in refused.value.problems


@pytest.mark.parametrize(
    "chosen", [{"on_erasure": Action.MASK}, {"on_erasure": Action.DELETE}, {"parent": None, "link_columns": []}]
)
def test_a_table_whose_columns_have_masks_is_not_confirmed_as_kept(found, chosen):
    order = Dataset.objects.get(table_name="order")
    order.on_erasure, order.keep_reason = Action.KEEP, "No column of it would have to be masked."
    order.save()
    with pytest.raises(DatasetIncomplete) as refused:
        confirm_dataset(dataset=order, actor=SYSTEM)
    assert refused.value.problems == (
        "public.order is kept on erasure, but columns of it have a mask: delivery_address. Choose “anonymise” for the "
        "table, or “keep” for these columns.",
    )
    Dataset.objects.filter(pk=order.pk).update(suggestion_reason="", **chosen)
    assert confirm_dataset(dataset=order, actor=SYSTEM).confirmed_at is not None


def test_a_table_whose_columns_are_all_kept_is_confirmed_as_kept(found):
    order = Dataset.objects.get(table_name="order")
    Dataset.objects.filter(pk=order.pk).update(on_erasure=Action.KEEP, keep_reason="Tax law: six years")
    order.fields.update(on_erasure=Strategy.KEEP)
    assert confirm_dataset(dataset=order, actor=SYSTEM).confirmed_at is not None


def test_a_decision_about_the_person_is_not_suggested_as_a_record_that_names_nobody(source, found, shop):
    change(shop, "CREATE TABLE visit (id int PRIMARY KEY, client_id int REFERENCES client, score int, total int)")
    discover(source=source, actor=SYSTEM)
    suggested = Field.objects.filter(dataset__table_name="visit", column__in=["score", "total"])
    assert set(suggested.values_list("column", "category", "keep_reason")) == {
        ("score", "decision", ""),
        ("total", "business", "Business record that names nobody."),
    }


def test_no_sampled_value_is_kept_anywhere(found):
    kept = str([*Field.objects.values(), *Dataset.objects.values(), *LedgerEntry.objects.values_list("data")])
    assert "@example.com" not in kept
    assert "late delivery" not in kept
    assert "full_name" in kept


def test_discovering_again_changes_nothing_that_a_person_decided(source, found):
    field = _field("client", "remark")
    field.category, field.on_erasure, field.label = DataCategory.BUSINESS, Strategy.KEEP, "Shelf"
    field.save()
    Dataset.objects.filter(table_name="gift").update(label="Presents", scope=[{"column": "id", "op": "=", "value": 1}])
    again = discover(source=source, actor=SYSTEM)
    field.refresh_from_db()
    assert (field.category, field.on_erasure, field.label) == (DataCategory.BUSINESS, Strategy.KEEP, "Shelf")
    gift = Dataset.objects.get(table_name="gift")
    assert (gift.label, len(gift.scope)) == ("Presents", 1)
    assert (again.new_datasets, again.new_fields, again.vanished) == ([], [], [])


def test_a_new_column_of_a_confirmed_table_is_kept_unclassified_and_stops_nothing(source, found, shop):
    client = confirm_dataset(dataset=Dataset.objects.get(table_name="client"), actor=SYSTEM)
    change(shop, "ALTER TABLE client ADD COLUMN passport text")
    again = discover(source=source, actor=SYSTEM)
    confirmed_at = client.confirmed_at
    client.refresh_from_db()
    assert (again.new_fields, client.confirmed_at) == (["public.client.passport"], confirmed_at)
    field = _field("client", "passport")
    assert (field.category, field.on_erasure, field.on_retention) == ("unclassified", "keep", "keep")


def test_a_new_column_of_a_table_that_waits_gets_its_suggestion(source, found, shop):
    change(shop, "ALTER TABLE client ADD COLUMN passport text")
    discover(source=source, actor=SYSTEM)
    assert _field("client", "passport").category == "identity"


def test_a_table_that_is_gone_is_told_and_not_forgotten(source, found, shop):
    change(shop, "DROP TABLE gift")
    assert discover(source=source, actor=SYSTEM).vanished == ["public.gift"]
    assert Dataset.objects.filter(table_name="gift").count() == 1


def test_what_is_not_classified_cannot_be_confirmed(found):
    country = Dataset.objects.get(table_name="country")
    with pytest.raises(DatasetIncomplete, match=r"public\.country\.capital is not classified"):
        confirm_dataset(dataset=country, actor=SYSTEM)
    country.fields.filter(column="capital").update(category=DataCategory.BUSINESS)
    assert confirm_dataset(dataset=country, actor=SYSTEM).confirmed_at is not None


def test_what_is_kept_of_a_person_needs_a_reason(found):
    client = Dataset.objects.get(table_name="client")
    client.fields.filter(column="birth_date").update(on_erasure=Strategy.KEEP, keep_reason="")
    with pytest.raises(DatasetIncomplete, match="give the reason"):
        confirm_dataset(dataset=client, actor=SYSTEM)


def test_particulars_that_do_not_fit_the_mask_are_named(found):
    client = Dataset.objects.get(table_name="client")
    client.fields.filter(column="full_name").update(mask_params={})
    with pytest.raises(DatasetIncomplete, match="the particulars of the mask do not fit"):
        confirm_dataset(dataset=client, actor=SYSTEM)


def test_further_steps_for_small_groups_have_to_get_coarser_and_to_belong_to_a_column_that_singles_out(found):
    client = Dataset.objects.get(table_name="client")
    born = client.fields.filter(column="birth_date")
    year, decade = ({"strategy": "generalise_date", "params": {"to": each}} for each in ("year", "decade"))
    born.update(on_retention=Strategy.GENERALISE_DATE, mask_params={"to": "year"}, coarser=[decade])
    with pytest.raises(DatasetIncomplete, match="say that it singles people out"):
        confirm_dataset(dataset=client, actor=SYSTEM)
    born.update(is_quasi_identifier=True, coarser=[year])
    with pytest.raises(DatasetIncomplete, match="must be coarser than the one before"):
        confirm_dataset(dataset=client, actor=SYSTEM)
    born.update(coarser=[decade])
    assert confirm_dataset(dataset=client, actor=SYSTEM).confirmed_at is not None


def test_nothing_is_planned_while_somebody_has_to_look(found):
    with pytest.raises(DatamapIncomplete) as refused:
        plan_erasure(subject=known("person1@example.com"))
    assert sorted(refused.value.datasets) == [f"Shop: public.{name}" for name in ("client", "gift", "order", "staff")]


def test_without_a_source_nobody_can_say_where_data_is(alpha):
    with pytest.raises(DatamapIncomplete, match="No source"):
        plan_erasure(subject=known("person1@example.com"))
