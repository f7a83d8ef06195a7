"""Conditions are tried in the source before they are stored: what does not fit its column is refused at once."""

import html
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from django.utils.html import strip_tags

from privacy.datamap.admin.conditions import ConditionsField
from privacy.datamap.models import Dataset, Source
from privacy.datamap.services import connect_source, discover
from privacy.datamap.trying_conditions import unfit_values
from privacy.ledger.actors import SYSTEM
from retention.models import Minimum, Rule
from tests import mariadb
from tests.sources import address_of, scratch_database

POSTGRESQL = (
    "CREATE TYPE mood AS ENUM ('glad', 'sad')",
    "CREATE TABLE client (id int PRIMARY KEY, born date, seen timestamptz, device uuid, came_from inet,"
    " is_paying boolean, price numeric(8,2), mood mood, settings json, status varchar(10))",
)
MARIADB = (
    "CREATE TABLE client (id int PRIMARY KEY, born date, seen datetime, device uuid, came_from inet4,"
    " is_paying boolean, price decimal(8,2), mood enum('glad', 'sad'), settings json, status varchar(10))",
)
SQLITE = (
    "CREATE TABLE client (id INTEGER PRIMARY KEY, born DATE, seen DATETIME, device UUID, came_from INET,"
    " is_paying BOOLEAN, price NUMERIC, status VARCHAR(10))",
)
FITTING = (
    "id = 7", "id in 1, 2", 'id = "8"', "born < 2020-01-31", "born is null", "seen >= 2020-01-31 12:30",
    "device = 123e4567-e89b-12d3-a456-426614174000", "came_from = 192.0.2.7", "is_paying = true", 'price > "50.555"',
    "status = a very long word", "status = 7",
)  # fmt: skip
ADVICE = {
    "id = abc": "Write a number that it can hold", "id = 99999999999999999999": "Write a number that it can hold",
    "id in 1, two": "“two” does not fit “id”", "born < soon": "Write a date such as 2020-01-31",
    "born = 2020-02-30": "Write a date such as 2020-01-31", "born > 2020": "Write a date",
    "seen < soon": "Write a moment",
    "device = 42": "Write a whole identifier", "device != here": "Write a whole identifier",
    "came_from = home": "Write an IP address", "is_paying = perhaps": "Write true or false",
    "price = much": "Write a number",
}  # fmt: skip


def connected(address: str) -> Source:
    source = connect_source(name="Shop", address=address, actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    return source


@pytest.fixture
def postgresql(alpha) -> Iterator[Source]:
    with scratch_database() as dsn:
        with psycopg.connect(dsn, autocommit=True) as client:
            for statement in POSTGRESQL:
                client.execute(statement)
        yield connected(address_of(dsn))


@pytest.fixture
def mariadb_source(alpha) -> Iterator[Source]:
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:
        for statement in MARIADB:
            cursor.execute(statement)
        yield connected(address)


@pytest.fixture
def sqlite_source(alpha, settings, tmp_path) -> Source:
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [tmp_path]}
    with closing(sqlite3.connect(tmp_path / "shop.db")) as client:
        for statement in SQLITE:
            client.execute(statement)
    return connected(f"sqlite:///{tmp_path / 'shop.db'}")


def problems(*typed: str) -> list[str]:
    stored = ConditionsField().to_python("\n".join(typed))
    return unfit_values(dataset=Dataset.objects.get(table_name="client"), stored=stored)


@pytest.mark.parametrize("source", ["postgresql", "mariadb_source", "sqlite_source"])
def test_a_value_that_is_none_of_its_column_s_is_told_with_what_to_write(alpha, source, request):
    request.getfixturevalue(source)
    assert problems(*FITTING) == []
    said = {typed: problems(typed) for typed in ADVICE}
    assert {typed: len(found) for typed, found in said.items()} == dict.fromkeys(ADVICE, 1)
    assert [typed for typed, (found,) in said.items() if ADVICE[typed] not in found] == []


@pytest.mark.parametrize("source", ["postgresql", "mariadb_source"])
def test_a_word_that_an_enumeration_does_not_have_is_told(alpha, source, request):
    request.getfixturevalue(source)
    assert problems("mood = glad", "mood in glad, sad") == []
    (problem,) = problems("mood in glad, cross")
    assert "“cross” does not fit “mood”" in problem


def test_what_cannot_be_compared_at_all_is_told(postgresql):
    assert problems("settings is not null") == []
    (problem,) = problems('settings = "{}"')
    assert "write “is null” or “is not null”" in problem


def test_days_of_mariadb_that_are_not_known_can_be_compared(mariadb_source):
    assert problems("born = 0000-00-00", "born < 2020-00-00", "seen > 2020-05-00 00:00:00") == []
    assert len(problems("born = 2020-00-32", "born = 00-00")) == 2


def rule_form(dataset: Dataset, conditions: str) -> dict[str, object]:
    given = {
        "name": "Old", "legal_reason": "our policy", "dataset": dataset.pk, "action": "mask", "turn": "0",
        "start_dataset": dataset.pk, "start_column": "born", "amount": "30", "unit": "days", "year_end": "",
        "start_event": "other", "conditions": conditions, "path": "", "without_address": "wait",
    }  # fmt: skip
    return {f"rule-{name}": value for name, value in given.items()}


def text(answer) -> str:
    return re.sub(r"\s+", " ", html.unescape(strip_tags(answer.content.decode())))


@pytest.mark.parametrize("kind", ["rule", "minimum"])
def test_a_form_refuses_conditions_that_do_not_fit_and_keeps_what_was_typed(postgresql, officer_client, kind):
    dataset = Dataset.objects.get(table_name="client")
    page = f"/officer/retention/{kind}/add/"
    extra = {"rule-citation": "Act 1", "rule-protects": "rows"}
    refused = officer_client.post(page, rule_form(dataset, "status = left\nid = abc\nborn < soon") | extra)
    shown = text(refused)
    assert "“abc” does not fit “id” (integer). Write a number that it can hold, such as 7." in shown
    assert "“soon” does not fit “born” (date). Write a date such as 2020-01-31." in shown
    assert "status = left" in shown
    stored = officer_client.post(page, rule_form(dataset, "id = 7\nborn < 2020-01-31") | extra)
    assert stored.status_code == 302


@pytest.mark.parametrize("kind", ["rule", "minimum"])
def test_what_is_switched_on_is_tried_as_what_is_new_and_what_is_switched_off_is_not(postgresql, officer_client, kind):
    dataset = Dataset.objects.get(table_name="client")
    extra = {"rule-citation": "Act 1", "rule-protects": "rows", "rule-action": "delete"}
    page, given = f"/officer/retention/{kind}/add/", rule_form(dataset, "id = 7") | extra
    assert officer_client.post(page, given).status_code == 302
    model = {"rule": Rule, "minimum": Minimum}[kind]
    stored = model.objects.get()
    model.objects.update(conditions=[{"column": "id", "op": "=", "value": "abc"}])
    page, given = f"/officer/retention/{kind}/{stored.pk}/change/", rule_form(dataset, "id = abc") | extra
    assert "“abc” does not fit “id” (integer)." in text(officer_client.post(page, given | {"rule-is_active": "on"}))
    model.objects.update(is_active=True)
    assert officer_client.post(page, given).status_code == 302
    assert not model.objects.get().is_active


def dataset_form(dataset: Dataset, scope: str) -> dict[str, object]:
    return {
        "label": dataset.label, "on_erasure": "keep", "keep_reason": "Law", "parent": "", "link_columns": "",
        "scope": scope, "fields-TOTAL_FORMS": "0", "fields-INITIAL_FORMS": "0",
    }  # fmt: skip


def test_a_scope_that_does_not_fit_is_refused_where_it_is_typed(postgresql, officer_client):
    dataset = Dataset.objects.get(table_name="client")
    page = f"/officer/datamap/dataset/{dataset.pk}/change/"
    for scope, words in (("id = abc", "“abc” does not fit “id”"), ("desk = 7", "The table has no column desk.")):
        assert words in text(officer_client.post(page, dataset_form(dataset, scope)))
    dataset.refresh_from_db()
    assert dataset.scope == []
    assert officer_client.post(page, dataset_form(dataset, "id = 7")).status_code == 302
    dataset.refresh_from_db()
    assert dataset.scope == [{"column": "id", "op": "=", "value": 7}]


def test_a_source_that_is_away_is_said_and_what_was_typed_is_saved(postgresql, officer_client):
    Source.objects.filter(pk=postgresql.pk).update(address="postgresql://me:secret@127.0.0.1:1/away")
    dataset = Dataset.objects.get(table_name="client")
    answer = officer_client.post("/officer/retention/rule/add/", rule_form(dataset, "id = abc"), follow=True)
    assert "The source could not be asked whether the values of the conditions fit" in text(answer)
    rule = Rule.objects.get(name="Old")
    page = f"/officer/retention/rule/{rule.pk}/change/"
    renamed = rule_form(dataset, "id = abc") | {"rule-name": "Older"}
    assert "could not be asked" not in text(officer_client.post(page, renamed, follow=True))
    rule.refresh_from_db()
    assert rule.name == "Older"
