"""How many rows a table has, about: the source's own guess, which discovery writes into the data map."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.test import Client
from django.urls import reverse

from privacy.datamap.models import Source
from privacy.datamap.services import connect_source, discover
from privacy.ledger.actors import SYSTEM
from tests import mariadb
from tests.sources import address_of, scratch_database

ROWS = 9
TABLES = (
    "CREATE TABLE client (id int PRIMARY KEY, email varchar(80))",
    "CREATE TABLE empty_room (id int PRIMARY KEY)",
    f"INSERT INTO client VALUES {', '.join(f'({number}, NULL)' for number in range(ROWS))}",
)


@dataclass
class Place:
    """A database. count: the statements by which an administrator has the product count the rows of both tables."""

    address: str
    run: Callable[[str], object]
    count: tuple[str, ...]


@contextmanager
def _postgresql(_folder: Path) -> Iterator[Place]:
    with scratch_database() as dsn, psycopg.connect(dsn, autocommit=True) as client:
        yield Place(address_of(dsn), client.execute, ("ANALYZE",))


@contextmanager
def _mariadb(_folder: Path) -> Iterator[Place]:
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:

        def run(statement: str) -> None:
            cursor.execute(statement)
            cursor.fetchall()

        yield Place(address, run, ("ANALYZE TABLE client, empty_room",))


@contextmanager
def _sqlite(folder: Path) -> Iterator[Place]:
    path = folder / "shop.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as client:
        yield Place(f"sqlite:///{path}", client.execute, ("ANALYZE",))


PRODUCTS = {"postgresql": _postgresql, "mariadb": _mariadb, "sqlite": _sqlite}


@pytest.fixture(params=PRODUCTS)
def product(request) -> str:
    return request.param


@pytest.fixture
def place(alpha, product, tmp_path, settings) -> Iterator[Place]:
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [tmp_path]}
    with PRODUCTS[product](tmp_path) as made:
        for statement in TABLES:
            made.run(statement)
        yield made


def count(place: Place) -> None:
    for statement in place.count:
        place.run(statement)


def estimates(source: Source) -> dict[str, int | None]:
    discover(source=source, actor=SYSTEM)
    return dict(source.datasets.values_list("table_name", "row_estimate"))


def test_what_discovery_writes_is_the_guess_that_the_source_has(place, product):
    """MariaDB always has one, from its own pages; the others count when they are told to, SQLite no empty table."""
    source = connect_source(name="Shop", address=place.address, actor=SYSTEM)
    assert (
        estimates(source)
        == {
            "postgresql": {"client": None, "empty_room": None},
            "mariadb": {"client": ROWS, "empty_room": 0},
            "sqlite": {"client": None, "empty_room": None},
        }[product]
    )
    count(place)
    assert estimates(source) == {"client": ROWS, "empty_room": None if product == "sqlite" else 0}


def test_a_guess_is_brought_up_to_date_when_the_source_has_counted_again(place):
    count(place)
    source = connect_source(name="Shop", address=place.address, actor=SYSTEM)
    assert estimates(source)["client"] == ROWS
    place.run("DELETE FROM client WHERE id >= 6")
    count(place)
    assert estimates(source)["client"] == 6


@pytest.mark.parametrize("product", ["sqlite", "postgresql"], indirect=True)
def test_an_index_over_a_part_of_a_table_is_not_taken_for_the_table(place):
    place.run("CREATE TABLE visit (id INTEGER PRIMARY KEY, client_id INTEGER)")
    place.run("CREATE INDEX visit_of_one ON visit (client_id) WHERE client_id = 1")
    place.run("CREATE INDEX visit_client ON visit (client_id)")
    place.run("INSERT INTO visit VALUES (1, 1), (2, 2), (3, 3), (4, 3)")
    count(place)
    assert estimates(connect_source(name="Shop", address=place.address, actor=SYSTEM))["visit"] == 4


def test_officers_read_unknown_where_there_is_no_guess_and_never_nought(officer_client, place, product):
    source = connect_source(name="Shop", address=place.address, actor=SYSTEM)
    estimates(source)
    assert shown(officer_client, source) == (["9", "0"] if product == "mariadb" else ["unknown", "unknown"])
    count(place)
    estimates(source)
    assert shown(officer_client, source) == ["9", "unknown" if product == "sqlite" else "0"]


def shown(officer_client: Client, source: Source) -> list[str]:
    """The column “Rows, about” in the list of the source's datasets: client, empty_room."""
    page = officer_client.get(reverse("officer:datamap_dataset_changelist"), {"source__id__exact": source.pk})
    return [words.strip() for words in re.findall(r"field-rows_about[^>]*>([^<]*)<", page.content.decode())]
