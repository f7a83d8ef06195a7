"""The database products that every test of the engine runs against. To add one: a line here, and its Shop."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from config.embedded import ensure_postgres, superuser_url
from tests import mariadb
from tests.privacy.datamap.engine.shop import MariaShop, PostgresShop, Shop


@dataclass(frozen=True)
class Product:
    """server: gives the address under which the engine, and the tests beside it, reach an empty place."""

    server: Callable[[], AbstractContextManager[str]]
    shop: type[Shop]


@contextmanager
def _postgresql() -> Iterator[str]:
    """An empty database of a random name, dropped at the end."""
    ensure_postgres("test")
    server = make_url(superuser_url("test")).set(drivername="postgresql")
    name = f"engine_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _mariadb() -> Iterator[str]:
    """The server with a login of its own, so that ending its connections disturbs nobody else."""
    server = make_url(mariadb.address())
    name = f"engine_{uuid.uuid4().hex[:12]}"
    url = server.set(username=name, password="k" * 12).render_as_string(hide_password=False)
    with mariadb.connection(server.render_as_string(hide_password=False)) as client, client.cursor() as cursor:
        cursor.execute(f"CREATE USER {name}@'127.0.0.1' IDENTIFIED BY '{'k' * 12}'")
        cursor.execute(f"GRANT ALL ON *.* TO {name}@'127.0.0.1' WITH GRANT OPTION")
    yield url
    with mariadb.connection(server.render_as_string(hide_password=False)) as client, client.cursor() as cursor:
        cursor.execute(f"DROP USER {name}@'127.0.0.1'")


PRODUCTS: dict[str, Product] = {
    "postgresql": Product(_postgresql, PostgresShop),
    "mariadb": Product(_mariadb, MariaShop),
}


def only(product: str) -> pytest.MarkDecorator:
    """For tests about one product: the one parameter of the fixture `product`."""
    return pytest.mark.parametrize("product", [product], indirect=True, scope="session")
