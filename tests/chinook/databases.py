"""Chinook in three products, each from the script made for it; SQLite takes PostgreSQL's, which is nearly plain SQL.

Names are CamelCase in one script and snake_case in the other, so everything read here comes back in snake_case, and
values as text that does not depend on the product.
"""

import datetime as dt
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config import env
from tests import mariadb
from tests.sources import address_of, scratch_database

FOLDER = Path(__file__).resolve().parents[3] / "shared/data/chinook"
POSTGRESQL, MYSQL = FOLDER / "Chinook_PostgreSql.sql", FOLDER / "Chinook_MySql.sql"
TABLES = (
    "album", "artist", "customer", "employee", "genre", "invoice", "invoice_line", "media_type", "playlist",
    "playlist_track", "track",
)  # fmt: skip

Rows = list[dict[str, str | None]]


def demand_scripts(folder: Path = FOLDER) -> None:
    """Skips the test where a script is not found, or fails it where all must be (PRIVACY_DESK_REQUIRE_SAMPLES=1)."""
    absent = [script.name for script in (POSTGRESQL, MYSQL) if not (folder / script.name).is_file()]
    if absent:
        message = f"Chinook is not in shared/data/chinook beside the project: no {' and no '.join(absent)}"
        pytest.fail(message) if env.require_samples() else pytest.skip(message)


@dataclass(frozen=True)
class Chinook:
    """address: for the portal. read: every row of a table, by its name in snake_case."""

    product: str
    address: str
    read: Callable[[str], Rows]

    def everything(self) -> dict[str, Rows]:
        return {
            table: sorted(self.read(table), key=lambda row: [str(value) for value in row.values()]) for table in TABLES
        }


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def plain(value: Any) -> str | None:
    """Numbers with two places, times in ISO notation."""
    if value is None:
        return None
    if isinstance(value, float | Decimal):
        return f"{value:.2f}"
    return value.isoformat(" ") if isinstance(value, dt.datetime) else str(value)


def _rows(names: list[str], found: list[tuple[Any, ...]]) -> Rows:
    return [{snake(name): plain(value) for name, value in zip(names, row, strict=True)} for row in found]


@contextmanager
def in_postgresql() -> Iterator[Chinook]:
    with scratch_database() as dsn, psycopg.connect(dsn, autocommit=True) as client:
        client.execute(_postgresql_script())

        def read(table: str) -> Rows:
            cursor = client.execute(f"SELECT * FROM {table}")
            return _rows([each.name for each in cursor.description or ()], cursor.fetchall())

        yield Chinook("postgresql", address_of(dsn), read)


@contextmanager
def in_mariadb() -> Iterator[Chinook]:
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:
        cursor.execute("SET sql_mode = 'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'")
        text = MYSQL.read_text(encoding="utf-8").partition("USE `Chinook`;")[2]
        for statement in re.split(r";\n", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)):
            if statement.strip():
                cursor.execute(statement)

        def read(table: str) -> Rows:
            camel = "".join(word.capitalize() for word in table.split("_"))
            cursor.execute(f"SELECT * FROM `{camel}`")
            return _rows([each[0] for each in cursor.description or ()], list(cursor.fetchall()))

        yield Chinook("mariadb", address, read)


@contextmanager
def in_sqlite(folder: Path) -> Iterator[Chinook]:
    path = folder / "chinook.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as client:
        client.executescript(f"BEGIN; {_sqlite_script()} COMMIT;")

        def read(table: str) -> Rows:
            cursor = client.execute(f"SELECT * FROM {table}")
            return _rows([each[0] for each in cursor.description], cursor.fetchall())

        yield Chinook("sqlite", f"sqlite:///{path}", read)


def _postgresql_script() -> str:
    """The script without its own database, which is for psql, and with texts for N'...', which loses a last blank."""
    text = re.split(r"^\\c.*$", POSTGRESQL.read_text(encoding="utf-8"), maxsplit=1, flags=re.MULTILINE)[1]
    return re.sub(r"(?:(?<=\()|(?<=, ))N'", "'", text)


def _sqlite_script() -> str:
    """Foreign keys within the tables, and dates as an application of SQLite writes them."""
    text = _postgresql_script()
    keys: dict[str, list[str]] = {}

    def move(found: re.Match[str]) -> str:
        keys.setdefault(found[1], []).append(found[2])
        return ""

    text = re.sub(r"ALTER TABLE (\w+) ADD (CONSTRAINT \w+\s+FOREIGN KEY [^;]*);", move, text)
    for table, constraints in keys.items():
        added = "".join(f",\n    {each}" for each in constraints)
        text = re.sub(rf"(CREATE TABLE {table}\n\(.*?)\n\);", rf"\1{added}\n);", text, count=1, flags=re.DOTALL)
    return re.sub(
        r"'(\d{4})/(\d{1,2})/(\d{1,2})'", lambda day: f"'{day[1]}-{int(day[2]):02}-{int(day[3]):02} 00:00:00'", text
    )
