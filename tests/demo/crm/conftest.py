"""A real PostgreSQL with one small sample of each kind, made once and only read, and empty databases to build in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from secrets import token_hex

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from config import embedded
from demo.crm.build import build_back_office_crm, build_offixpro_crm

TODAY = date(2026, 11, 22)
PEOPLE = 600
CLIENTS = 120


@pytest.fixture(scope="session")
def admin_dsn() -> str:
    embedded.ensure_postgres("test")
    return embedded.superuser_url("test")


@contextmanager
def database(admin_dsn: str) -> Iterator[str]:
    name = f"crm_{token_hex(6)}"
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield make_conninfo(admin_dsn, dbname=name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def empty_database(admin_dsn: str) -> Iterator[str]:
    with database(admin_dsn) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def offixpro_dsn(admin_dsn: str) -> Iterator[str]:
    with database(admin_dsn) as dsn:
        build_offixpro_crm(dsn, people=PEOPLE, today=TODAY)
        yield dsn


@pytest.fixture(scope="session")
def back_office_dsn(admin_dsn: str) -> Iterator[str]:
    with database(admin_dsn) as dsn:
        build_back_office_crm(dsn, clients=CLIENTS, today=TODAY)
        yield dsn


@pytest.fixture
def offixpro(offixpro_dsn: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(offixpro_dsn, options="-c search_path=crm -c default_transaction_read_only=on") as connection:
        yield connection


@pytest.fixture
def back_office(back_office_dsn: str) -> Iterator[psycopg.Connection]:
    options = "-c search_path=office -c default_transaction_read_only=on"
    with psycopg.connect(back_office_dsn, options=options) as connection:
        yield connection
