"""Types that hold words are told from others, in each product's own names for them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from privacy.datamap.models import Finding, Source
from privacy.datamap.services import confirm_dataset, connect_source, discover
from privacy.datamap.text_types import is_text
from privacy.ledger.actors import SYSTEM
from tests import mariadb

TABLE = "CREATE TABLE item (id INTEGER PRIMARY KEY, total int)"


@pytest.mark.parametrize(
    "declared",
    [
        "text", "character varying(80)", "character(2)", "citext", "jsonb", "text[]", "xml",
        "tinytext", "mediumtext", "longtext", "varchar(80)", "char(2)",
        "NVARCHAR(40)", "NCHAR(2)", "CLOB", "NATIVE CHARACTER(70)", "VARYING CHARACTER(255)", "NATIONAL VARCHAR(9)",
    ],
)  # fmt: skip
def test_a_type_of_words_is_text(declared):
    assert is_text(declared)


@pytest.mark.parametrize(
    "declared", ["integer", "timestamp without time zone", "numeric(10,2)", "bytea", "BLOB", "enum('text','char')", ""]
)
def test_a_type_of_anything_else_is_not(declared):
    assert not is_text(declared)


def told_after(source: Source, change) -> set[tuple]:
    """What is told of new columns when a confirmed table was changed."""
    discover(source=source, actor=SYSTEM)
    confirm_dataset(dataset=source.datasets.get(), actor=SYSTEM)
    change()
    discover(source=source, actor=SYSTEM)
    found = Finding.objects.filter(source=source, code__in=["unclassified_text", "new_column"], resolved_at=None)
    return {(each.code, tuple(each.names)) for each in found}


def test_a_new_column_of_short_text_in_mariadb_is_told_as_text(alpha):
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:
        cursor.execute(TABLE)
        source = connect_source(name="Shop", address=address, actor=SYSTEM)
        told = told_after(source, lambda: cursor.execute("ALTER TABLE item ADD one tinytext, ADD two int"))
    assert told == {("unclassified_text", ("one",)), ("new_column", ("two",))}


def test_new_columns_of_text_in_sqlite_are_told_as_text(alpha, tmp_path, settings):
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [tmp_path]}
    path: Path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as client:
        client.execute(TABLE)
        source = connect_source(name="Shop", address=f"sqlite:///{path}", actor=SYSTEM)
        more = "ALTER TABLE item ADD one NVARCHAR(40); ALTER TABLE item ADD two CLOB; ALTER TABLE item ADD three INT"
        told = told_after(source, lambda: client.executescript(more))
    assert told == {("unclassified_text", ("one", "two")), ("new_column", ("three",))}
