"""Masks are tried in the source when a table is confirmed: what would fail in a run is refused before there is one."""

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.utils.html import strip_tags

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.source import SourceConnection
from privacy.datamap.errors import DatasetIncomplete
from privacy.datamap.models import Action, DataCategory, Dataset, Field, Source
from privacy.datamap.services import confirm_dataset, connect_source, discover
from privacy.ledger.actors import SYSTEM
from tests import mariadb
from tests.sources import address_of, scratch_database

TABLES = (
    "CREATE TABLE client (id int PRIMARY KEY, email varchar(10), nick varchar(20), name varchar(80) NOT NULL,"
    " born varchar(20), joined date, seen timestamp, code varchar(40), visits int NOT NULL,"
    " balance numeric(10,2), weight real,"
    " shouted varchar(80) AS (upper(name)) STORED, login varchar(20) NOT NULL,"
    " number int NOT NULL, UNIQUE (code), UNIQUE (login), UNIQUE (number))",
    "CREATE TABLE bill (id int PRIMARY KEY, client_id int NOT NULL, note varchar(80),"
    " FOREIGN KEY (client_id) REFERENCES client (id))",
)
REFUSED = [
    ("nick", "token", {}, "is too short for “replace by a keyed token (pseudonymous)”"),
    ("email", "email", {}, "is too short for “replace by an address nobody has”"),
    ("nick", "constant", {"value": "a constant that is longer"}, "does not take the constant"),
    ("visits", "constant", {"value": "many"}, "does not take the constant"),
    ("name", "null", {}, "must not be empty in the source"),
    ("born", "generalise_date", {"to": "year"}, "on which “shorten the date” does not work"),
    ("visits", "email", {}, "does not work"),
    ("code", "constant", {"value": "gone"}, "the source wants its values distinct"),
    ("shouted", "null", {}, "is computed by the source itself"),
    ("id", "constant", {"value": "0"}, "is part of the primary key"),
]
TAKEN = [
    ("name", "token", {}), ("nick", "constant", {"value": "gone"}), ("email", "null", {}), ("code", "random", {}),
    ("joined", "generalise_date", {"to": "year"}), ("visits", "generalise_number", {"size": 10}),
]  # fmt: skip


def connected(address: str) -> Source:
    source = connect_source(name="Shop", address=address, actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    fields = Field.objects.filter(dataset__source=source)
    fields.update(category=DataCategory.BUSINESS, on_erasure="keep", on_retention="keep", keep_reason="Law")
    fields.filter(column="email").update(identifier_kind="email")
    source.datasets.update(on_erasure=Action.DELETE)
    return source


@pytest.fixture
def postgresql(alpha) -> Iterator[Source]:
    with scratch_database() as dsn:
        with psycopg.connect(dsn, autocommit=True) as client:
            for statement in TABLES:
                client.execute(statement.replace("AS (upper", "GENERATED ALWAYS AS (upper"))
        yield connected(address_of(dsn))


@pytest.fixture
def mariadb_source(alpha) -> Iterator[Source]:
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:
        for statement in TABLES:
            cursor.execute(statement.replace("STORED", "PERSISTENT").replace("timestamp", "datetime"))
        yield connected(address)


def choose(column: str, mask: str, params: dict[str, Any], *, table: str = "client", at: str = "on_retention") -> None:
    fields = Field.objects.filter(dataset__table_name=table)
    fields.update(on_erasure="keep", on_retention="keep", mask_params={})
    fields.filter(column=column).update(**{at: mask}, mask_params=params)


def problems(table: str = "client", tell: Callable[[str], None] = pytest.fail) -> tuple[str, ...]:
    dataset = Dataset.objects.get(table_name=table)
    try:
        confirm_dataset(dataset=dataset, actor=SYSTEM, tell_untried=tell)
    except DatasetIncomplete as error:
        return error.problems
    return ()


@pytest.mark.parametrize("source", ["postgresql", "mariadb_source"])
def test_a_mask_that_its_column_does_not_take_is_refused_with_the_reason(alpha, source, request):
    request.getfixturevalue(source)
    for column, mask, params, words in REFUSED:
        choose(column, mask, params)
        found = problems()
        assert (len(found), words in found[0], f"client.{column}" in found[0]) == (1, True, True), (column, mask, found)
    for each in TAKEN:
        choose(*each)
        assert problems() == (), each


@pytest.mark.parametrize("source", ["postgresql", "mariadb_source"])
def test_what_is_advised_instead_of_a_mask_is_taken(alpha, source, request):
    request.getfixturevalue(source)
    choose("nick", "token", {})
    assert problems()[0].endswith(
        "Choose one of “empty”, “replace by a constant”, or have the column widened in the source."
    )
    choose("name", "null", {})
    assert "“replace by a constant”, “replace by a keyed token (pseudonymous)”" in problems()[0]
    choose("code", "constant", {"value": "gone"})
    assert ("“empty”, “replace by" in problems()[0], "“replace by a constant”, " in problems()[0]) == (True, False)
    for column, mask in (("nick", "null"), ("name", "token"), ("code", "null"), ("code", "random")):
        choose(column, mask, {})
        assert problems() == (), (column, mask)


@pytest.mark.parametrize("source", ["postgresql", "mariadb_source"])
def test_a_short_column_of_distinct_values_that_must_not_be_empty_has_no_mask_and_no_advice_in_a_circle(
    alpha, source, request
):
    request.getfixturevalue(source)
    advice = "No mask fits this column: have it widened in the source, delete the rows, or keep it with a legal reason."
    for mask, params in (("token", {}), ("random", {}), ("null", {}), ("constant", {"value": "gone"})):
        choose("login", mask, params)
        assert [each.endswith(advice) for each in problems()] == [True], mask
    choose("number", "null", {})
    assert problems()[0].endswith("No mask fits this column: delete the rows, or keep it with a legal reason.")


@pytest.mark.parametrize("source", ["postgresql", "mariadb_source"])
def test_a_constant_in_a_column_of_numbers_is_compared_as_a_number(alpha, source, request):
    request.getfixturevalue(source)
    for value in (5000, 0, -1, 5000.0, 12.5, 99999999.99, "5000", "12.50"):
        choose("balance", "constant", {"value": value})
        assert problems() == (), value
    for value in (12.505, 100000000, "NaN", "Infinity", "12 euros", "1.2.3"):
        choose("balance", "constant", {"value": value})
        assert ["does not take the constant" in each for each in problems()] == [True], value
    for value, taken in ((0, True), (-5, True), (12.5, False), (2**31, False), ("NaN", False)):
        choose("visits", "constant", {"value": value})
        assert (problems() == ()) is taken, value
    for value, taken in ((12.5, True), (0, True), ("NaN", False), ("-Infinity", False)):
        choose("weight", "constant", {"value": value})
        assert (problems() == ()) is taken, value


@pytest.mark.parametrize("source", ["postgresql", "mariadb_source"])
def test_a_constant_day_is_written_in_the_one_way_that_cannot_be_misread(alpha, source, request):
    request.getfixturevalue(source)
    for column, kind in (("joined", "date"), ("seen", "timestamp")):
        for value in ("01/02/1900", "yesterday", "infinity", 1900):
            choose(column, "constant", {"value": value})
            assert ["does not take the constant: write a day like 2000-02-01." in each for each in problems()] == [
                True
            ], (column, value)
        choose(column, "constant", {"value": "1900-02-01"})
        assert problems() == (), kind


def test_the_mask_of_an_erasure_is_tried_where_the_rows_are_anonymised(postgresql):
    choose("nick", "token", {}, at="on_erasure")
    assert problems() == ()
    Dataset.objects.filter(table_name="client").update(on_erasure=Action.MASK)
    assert "too short" in problems()[0]
    choose("name", "token", {}, at="on_erasure")
    assert problems() == ()


def test_a_column_that_leads_to_the_person_is_not_masked(postgresql):
    choose("client_id", "constant", {"value": "0"}, table="bill")
    assert any("cannot be masked" in each for each in problems("bill"))


def test_a_further_step_and_a_scope_are_tried_as_well(postgresql):
    choose("visits", "generalise_number", {"size": 10})
    field = Field.objects.filter(dataset__table_name="client", column="visits")
    field.update(is_quasi_identifier=True, coarser=[{"strategy": "null", "params": {}}])
    assert "must not be empty" in problems()[0]
    field.update(coarser=[{"strategy": "generalise_number", "params": {"size": 100}}])
    Dataset.objects.filter(table_name="client").update(scope=[{"column": "id", "op": "=", "value": "ours"}])
    assert "Scope of public.client: “ours” does not fit “id”" in problems()[0]
    Dataset.objects.filter(table_name="client").update(scope=[{"column": "id", "op": ">", "value": 0}])
    assert problems() == ()


def test_a_table_that_is_gone_from_the_source_keeps_no_other_from_being_confirmed(postgresql):
    gone = Dataset.objects.create(source=postgresql, table_name="gone", label="Gone", primary_key=["id"])
    Field.objects.create(dataset=gone, column="id", data_type="integer")
    choose("name", "token", {})
    assert problems() == ()


def test_a_source_is_read_once_for_many_tables_that_are_confirmed_together(postgresql, officer_client, monkeypatch):
    read: list[SourceConnection] = []
    original = SourceConnection.catalog

    def catalog(connection: SourceConnection) -> Catalog:
        read.append(connection)
        return original(connection)

    monkeypatch.setattr(SourceConnection, "catalog", catalog)
    Dataset.objects.update(scope=[{"column": "id", "op": ">", "value": 0}])
    chosen = list(Dataset.objects.values_list("pk", flat=True))
    answer = officer_client.post(
        "/officer/datamap/dataset/", {"action": "confirm_selected", "_selected_action": chosen}, follow=True
    )
    assert len(chosen) > 1
    assert f"Confirmed {len(chosen)} of {len(chosen)} datasets." in answer.content.decode()
    assert len(read) == 1


def test_a_source_that_is_away_keeps_nobody_from_confirming_and_is_told(postgresql, officer_client):
    Source.objects.filter(pk=postgresql.pk).update(address="postgresql://me:secret@127.0.0.1:1/away")
    choose("nick", "token", {})
    told: list[str] = []
    assert (problems(tell=told.append), len(told)) == ((), 1)
    dataset = Dataset.objects.get(table_name="client")
    answer = officer_client.post(
        "/officer/datamap/dataset/", {"action": "confirm_selected", "_selected_action": [dataset.pk]}, follow=True
    )
    shown = re.sub(r"\s+", " ", html.unescape(strip_tags(answer.content.decode())))
    assert "the source could not be asked whether it takes the masks" in shown
    assert "Confirmed 1 of 1 dataset." in shown
