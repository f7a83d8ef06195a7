"""Whatever a source calls its tables and columns, and however long it describes a type, is kept whole."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from privacy.datamap.models import Finding, Source
from privacy.datamap.services import confirm_dataset, connect_source, discover
from privacy.ledger.actors import SYSTEM
from tests import mariadb
from tests.sources import address_of, change, scratch_database

LONGEST_OF_MARIADB = 64
TABLE, COLUMN = "t" * LONGEST_OF_MARIADB, "c" * LONGEST_OF_MARIADB
COUNTRIES = ("Ghana", "Canada", "Togo", "Benin", "Kenya", "France", "Germany", "Nigeria", "Senegal", "Mali", "Niger")
SCHEMA, KIND = "s" * 40, "k" * 40


@pytest.fixture
def shop() -> Iterator[tuple]:
    """A MariaDB: its address and a client in it."""
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (id int PRIMARY KEY, {COLUMN} int, country {_enum(*COUNTRIES)})")
        yield address, cursor


def _enum(*values: str) -> str:
    return f"enum({','.join(map(repr, values))})"


def _connected(address: str) -> Source:
    """A source whose only table is confirmed."""
    source = connect_source(name="Shop", address=address, actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    dataset = source.datasets.get()
    dataset.fields.update(category="business")
    confirm_dataset(dataset=dataset, actor=SYSTEM)
    return source


def changed_types(source: Source) -> list[list[str]]:
    """Columns of the open findings about changed types, after another look."""
    discover(source=source, actor=SYSTEM)
    return [each.names for each in Finding.objects.filter(source=source, code="changed_type", resolved_at=None)]


def test_the_longest_names_that_mariadb_knows_are_discovered_whole(alpha, shop):
    dataset = _connected(shop[0]).datasets.get()
    assert (dataset.table_name, dataset.fields.get(position=1).column) == (TABLE, COLUMN)


def test_a_long_list_of_values_is_read_again_and_a_change_at_its_end_is_told(alpha, shop):
    address, cursor = shop
    source = _connected(address)
    assert changed_types(source) == []
    assert source.datasets.get().fields.get(column="country").data_type == _enum(*COUNTRIES)
    cursor.execute(f"ALTER TABLE {TABLE} MODIFY country {_enum(*COUNTRIES, 'Gabon')}")
    assert changed_types(source) == [["country"]]


def test_a_long_name_of_a_type_in_postgresql_is_read_again_and_its_change_is_told(alpha):
    with scratch_database() as dsn:
        change(dsn, f"CREATE SCHEMA {SCHEMA}; CREATE TYPE {SCHEMA}.{KIND}_a AS ENUM ('a')")
        change(dsn, f"CREATE TYPE {SCHEMA}.{KIND}_b AS ENUM ('a')")
        change(dsn, f"CREATE TABLE item (id int PRIMARY KEY, kind {SCHEMA}.{KIND}_a)")
        source = _connected(address_of(dsn))
        assert changed_types(source) == []
        change(dsn, f"ALTER TABLE item ALTER COLUMN kind TYPE {SCHEMA}.{KIND}_b USING 'a'")
        assert changed_types(source) == [["kind"]]


def test_a_whole_question_as_the_name_of_a_column_is_discovered_in_sqlite(alpha, tmp_path, settings):
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [tmp_path]}
    question = "How satisfied are you with our answer? " * 5
    with closing(sqlite3.connect(tmp_path / "survey.db")) as client:
        client.execute(f'CREATE TABLE reply (id INTEGER PRIMARY KEY, "{question}" TEXT)')
    field = _connected(f"sqlite:///{tmp_path / 'survey.db'}").datasets.get().fields.get(position=1)
    assert (field.column, field.label) == (question, question.capitalize()[:120])
