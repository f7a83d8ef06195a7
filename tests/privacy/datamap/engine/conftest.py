"""A database of its own for the engine's tests, and a fresh shop in it for every test."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from config.embedded import ensure_postgres, superuser_url
from privacy.datamap.engine.source import Source, open_source
from tests.privacy.datamap.engine.shop import Shop

MASK_KEY = bytes(range(32))


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """An empty database of a random name, dropped at the end."""
    ensure_postgres("test")
    server = make_url(superuser_url("test")).set(drivername="postgresql")
    name = f"engine_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def source(database_url) -> Iterator[Source]:
    with open_source(database_url, mask_key=MASK_KEY) as opened:
        yield opened


@pytest.fixture
def shop(database_url) -> Iterator[Shop]:
    """The shop's tables in a schema of their own, and a connection beside the engine's."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        made = Shop(connection, f"shop_{uuid.uuid4().hex[:8]}")
        made.create()
        yield made
        made.drop()
