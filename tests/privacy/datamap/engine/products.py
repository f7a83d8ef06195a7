"""The database products that every test of the engine runs against. To add one: a line here, and its Shop."""

import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from config.embedded import ensure_postgres, superuser_url
from tests import mariadb
from tests.privacy.datamap.engine.own_schema_shop import OwnSchemaShop
from tests.privacy.datamap.engine.shop import MariaShop, PostgresShop, Shop
from tests.privacy.datamap.engine.sqlite_shop import SQLiteShop


@dataclass(frozen=True)
class Product:
    """server: gives the address under which the engine, and the tests beside it, reach an empty place.

    cannot: tests that cannot apply to the product, by name, each with its reason.
    """

    server: Callable[[], AbstractContextManager[str]]
    shop: type[Shop]
    cannot: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def _postgresql() -> Iterator[str]:
    """An empty database of a random name, dropped at the end."""
    ensure_postgres("test")
    server = make_url(superuser_url("test")).set(drivername="postgresql")
    name = f"engine_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} STRATEGY file_copy").format(sql.Identifier(name)))
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def mariadb_login(folder: str = mariadb.SHARED) -> Iterator[str]:
    """The server with a login of its own, so that ending its connections disturbs nobody else."""
    server = make_url(mariadb.address(folder))
    name = f"engine_{uuid.uuid4().hex[:12]}"
    url = server.set(username=name, password="k" * 12).render_as_string(hide_password=False)
    with mariadb.connection(server.render_as_string(hide_password=False)) as client, client.cursor() as cursor:
        cursor.execute(f"CREATE USER {name}@'127.0.0.1' IDENTIFIED BY '{'k' * 12}'")
        cursor.execute(f"GRANT ALL ON *.* TO {name}@'127.0.0.1' WITH GRANT OPTION")
    yield url
    with mariadb.connection(server.render_as_string(hide_password=False)) as client, client.cursor() as cursor:
        cursor.execute(f"DROP USER {name}@'127.0.0.1'")


@contextmanager
def _sqlite() -> Iterator[str]:
    """A file of its own, under a name that no address should stumble over."""
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        path = Path(folder).resolve() / "shop ü%.db"
        with closing(sqlite3.connect(path)) as client:
            client.execute("VACUUM")
        yield f"sqlite:///{path}"


NO_ROW_LOCKS = "SQLite locks a file and no rows; test_sqlite.py has what happens while somebody else writes"
CANNOT_IN_SQLITE = {
    "test_a_locked_row_is_left_for_the_next_round_and_the_others_go_on": NO_ROW_LOCKS,
    "test_rows_that_were_locked_when_the_time_of_a_call_was_over_are_no_survivors": NO_ROW_LOCKS,
    "test_a_locked_row_in_one_table_does_not_keep_the_others_from_being_done": NO_ROW_LOCKS,
    "test_a_connection_that_breaks_in_the_middle_is_retryable_and_the_run_goes_on_later":
        "there is no server that could end a connection; a worker that dies is test_crashes.py",
    "test_the_search_for_the_value_would_find_it_where_it_is":
        "SQLite's own errors quote no values; the control is the test in which a trigger quotes one",
}  # fmt: skip
PRODUCTS: dict[str, Product] = {
    "postgresql": Product(_postgresql, PostgresShop),
    "portal": Product(_postgresql, OwnSchemaShop),
    "mariadb": Product(mariadb_login, MariaShop),
    "sqlite": Product(_sqlite, SQLiteShop, CANNOT_IN_SQLITE),
}


def only(product: str) -> pytest.MarkDecorator:
    """For tests about one product: the one parameter of the fixture `product`."""
    return pytest.mark.parametrize("product", [product], indirect=True, scope="session")
