"""One address, three readers."""

import psycopg.conninfo
import pytest
import sqlalchemy

from config import database_url

SOCKET = "postgresql://privacy_desk@/privacy_desk?host=%2Ftmp%2Fa%20b%252C&port=5432"
SERVER = "postgresql://ama:p%40ss%2F@db.example:6432/desk?sslmode=require"


@pytest.mark.parametrize("url", [SOCKET, SERVER])
def test_another_database_changes_nothing_but_the_database(url):
    before = psycopg.conninfo.conninfo_to_dict(url)
    after = psycopg.conninfo.conninfo_to_dict(database_url.with_database(url, "other base"))
    assert after == before | {"dbname": "other base"}


@pytest.mark.parametrize("url", [SOCKET, SERVER])
def test_sqlalchemy_hands_every_part_to_the_driver(url):
    _, arguments = sqlalchemy.create_engine(database_url.for_sqlalchemy(url)).dialect.create_connect_args(
        sqlalchemy.make_url(database_url.for_sqlalchemy(url))
    )
    expected = psycopg.conninfo.conninfo_to_dict(url)
    assert {name: str(arguments[name]) for name in expected} == {name: str(value) for name, value in expected.items()}


@pytest.mark.parametrize("url", ["mysql://ama:geheim@db/x", "postgresql://ama:geheim@db", "ama:geheim"])
def test_an_unreadable_address_is_refused_without_repeating_it(url):
    with pytest.raises(ValueError, match="it reads like postgresql://") as refusal:
        database_url.for_sqlalchemy(url)
    assert "geheim" not in str(refusal.value)
