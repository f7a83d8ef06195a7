"""Dates that a database can hold and Python cannot: a person's copy is complete all the same."""

import datetime as dt
from collections.abc import Iterator

import psycopg
import pytest

from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.reviving import revived
from privacy.datamap.engine.spec import Column
from privacy.datamap.models import DataCategory
from privacy.datamap.services import confirm_dataset, connect_source, discover
from privacy.datamap.subject_rows import SubjectDataset, subject_rows
from privacy.ledger.actors import SYSTEM
from tests import mariadb
from tests.sources import address_of, known, scratch_database

EVERYDAY = (dt.date(2020, 1, 31), dt.datetime(2020, 1, 31, 12, 30, tzinfo=dt.UTC))


@pytest.fixture
def postgresql_address() -> Iterator[str]:
    with scratch_database() as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(
                "CREATE TABLE customer (id int PRIMARY KEY, email varchar(80) UNIQUE, joined date, seen timestamptz,"
                " came_from inet, settings jsonb, visits daterange, opens time)"
            )
            connection.execute(
                "INSERT INTO customer VALUES (1, 'ama@example.com', '2020-01-31', '2020-01-31 12:30+00', '192.0.2.7',"
                " '{\"news\": true}', '[2020-01-01,infinity)', '24:00'),"
                " (2, 'AMA@example.com', 'infinity', '-infinity', '192.0.2.0/24', NULL, NULL, NULL),"
                " (3, 'Ama@example.com', '0044-03-15 BC', '12020-01-31 12:30+00', NULL, NULL, NULL, NULL)"
            )
        yield address_of(dsn)


@pytest.fixture
def mariadb_address() -> Iterator[str]:
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:
        cursor.execute("SET SESSION sql_mode = '', time_zone = '+00:00'")
        cursor.execute(
            "CREATE TABLE customer (id int PRIMARY KEY, email varchar(80), joined date, seen timestamp NULL,"
            " came_from inet6, born datetime)"
        )
        cursor.execute(
            "INSERT INTO customer VALUES (1, 'ama@example.com', '2020-01-31', '2020-01-31 12:30', '2001:db8::7', NULL),"
            " (2, 'ama@example.com', '0000-00-00', NULL, NULL, '0000-00-00 00:00:00'),"
            " (3, 'ama@example.com', '2020-00-00', NULL, NULL, '1980-02-00 00:00:00')"
        )
        client.commit()
        yield address


def rows_of(address: str, *columns: str) -> list[tuple[object, ...]]:
    source = connect_source(name="Shop", address=address, actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    dataset = source.datasets.get(table_name="customer")
    dataset.fields.filter(category=DataCategory.UNCLASSIFIED).update(category=DataCategory.BUSINESS)
    confirm_dataset(dataset=dataset, actor=SYSTEM)
    [read] = [
        [tuple(dict(zip(names_of(found), row, strict=True))[column] for column in columns) for row in found.rows]
        for found in subject_rows(subject=known("ama@example.com"))
    ]
    return read


def names_of(found: SubjectDataset) -> list[str]:
    return [each.column for each in found.fields]


def test_infinite_and_far_dates_of_postgresql_are_in_the_copy(alpha, postgresql_address):
    assert rows_of(postgresql_address, "joined", "seen", "came_from", "settings", "visits", "opens") == [
        (*EVERYDAY, "192.0.2.7", {"news": True}, "[2020-01-01,infinity)", "24:00:00"),
        ("infinity", "-infinity", "192.0.2.0/24", None, None, None),
        ("0044-03-15 BC", "12020-01-31 12:30:00+00", None, None, None, None),
    ]


def test_dates_of_mariadb_without_a_day_are_in_the_copy(alpha, mariadb_address):
    assert rows_of(mariadb_address, "joined", "seen", "came_from", "born") == [
        (*EVERYDAY, "2001:db8::7", None),
        ("0000-00-00", None, None, "0000-00-00 00:00:00"),
        ("2020-00-00", None, None, "1980-02-00 00:00:00"),
    ]


@pytest.mark.parametrize(
    ("family", "kind", "text", "value"),
    [
        (Family.TEXT, "text", "2020-01-31", "2020-01-31"),
        (Family.UUID, "uuid", "00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000a"),
        (Family.TIMESTAMP, "timestamp", "2020-01-31 12:30:00.5", dt.datetime(2020, 1, 31, 12, 30, 0, 500_000)),
        (Family.NETWORK, "inet", "2001:db8::7/128", "2001:db8::7"),
        (Family.NETWORK, "inet", "10.0.0.1/8", "10.0.0.1/8"),
        (Family.OTHER, "bytea", "\\x00ff", b"\x00\xff"),
        (Family.OTHER, "varbinary", "00FF", b"\x00\xff"),
        (Family.OTHER, "jsonb", '[1, "two"]', [1, "two"]),
        (Family.OTHER, "interval", "1 mon", "1 mon"),
    ],
)  # fmt: skip
def test_text_becomes_the_value_that_its_column_holds(family, kind, text, value):
    column = Column(name="it", type=kind, declared_type=kind, family=family, nullable=True, max_length=None)
    assert revived(text, column) == value
    assert revived(None, column) is None
