"""The shop in an SQLite file of its own."""

import datetime as dt
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy.engine import make_url

from tests.privacy.datamap.engine.shop import Shop

_ADDS = re.compile(r"ALTER TABLE (\w+) ADD ((?:CONSTRAINT \w+ )?(?:CHECK|FOREIGN KEY) .*)", re.DOTALL)
_ADDS_BOTH = re.compile(r"ALTER TABLE (\w+) ADD (\w+ \w+), ADD (.*)")
_DROPS = re.compile(r"ALTER TABLE (\w+) DROP CONSTRAINT (\w+)")


class SQLiteShop(Shop):
    """In SQLite the file itself is the schema `main`; every shop empties it at its end."""

    quote = '"'
    varchar, no_action = "varchar", "no action"
    exported_address, exported_moment, exported_balance = "192.0.2.77", "2026-01-15 12:00:00", 1234.56
    names_constraints = False  # the name of the code is all that is read of an error
    ALLOW = "DROP TRIGGER refuse_{0}"
    breakages: ClassVar[dict[str, tuple[str, ...]]] = {
        "a check constraint": ("ALTER TABLE person ADD CONSTRAINT own_words CHECK (email NOT LIKE 'erased%')",),
        "a unique index": (
            "UPDATE person SET city = id WHERE id > 1",
            "CREATE UNIQUE INDEX one_place ON person (upper(city))",
        ),
        "a trigger": (
            "CREATE TRIGGER no BEFORE UPDATE ON person BEGIN SELECT RAISE(ABORT, 'not ama.mensah@example.com'); END",
        ),
    }
    TABLES = (
        "CREATE TABLE person (id integer PRIMARY KEY, organisation_id integer NOT NULL, email varchar(80), name text,"
        " phone varchar(30), born date, ip text, postcode varchar(10), balance numeric(12, 2),"
        " city text NOT NULL DEFAULT 'Accra', status text NOT NULL DEFAULT 'active', left_on date,"
        " UNIQUE (organisation_id, email))",
        "CREATE TABLE purchase (id integer PRIMARY KEY, organisation_id integer NOT NULL, person_id integer NOT NULL,"
        " bought_at timestamptz, address text,"
        " CONSTRAINT purchase_person_id_fkey FOREIGN KEY (person_id) REFERENCES person)",
        "CREATE INDEX purchase_person ON purchase (person_id)",
        "CREATE TABLE line (purchase_id integer NOT NULL, number integer NOT NULL, organisation_id integer NOT NULL,"
        " label text, PRIMARY KEY (purchase_id, number),"
        " CONSTRAINT line_purchase_id_fkey FOREIGN KEY (purchase_id) REFERENCES purchase (id))",
    )

    def __init__(self, url: str, schema: str) -> None:
        super().__init__(url, "main")
        self.path = Path(str(make_url(url).database))

    def create(self) -> None:
        self._connection = self.connect()
        for statement in self.TABLES:
            self.run(statement)

    def connect(self) -> sqlite3.Connection:
        """A client of its own, as the file's application would be one."""
        sqlite3.register_converter("date", lambda value: dt.date.fromisoformat(value.decode()))
        client = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=20, detect_types=sqlite3.PARSE_DECLTYPES
        )
        client.create_function("now", 0, lambda: "2026-11-22 12:00:00")
        client.create_function("concat", -1, lambda *parts: "".join(map(str, parts)))
        client.text_factory = lambda data: data.decode("utf-8", "replace")
        client.execute("PRAGMA foreign_keys = ON")
        client.execute("PRAGMA synchronous = OFF")  # the test's own rows need not outlive the machine
        return client

    def drop(self) -> None:
        self._connection.execute("PRAGMA foreign_keys = OFF")
        for kind, name in self.rows(
            "SELECT type, name FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow'"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type DESC"
        ):
            self._connection.execute(f"DROP {'VIEW' if kind == 'view' else 'TABLE'} {self.name(name)}")
        self._connection.close()

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        if parameters:
            query = query.replace("%s", "?")
        given = [_plain(each) for each in parameters]
        return self._connection.execute(query.replace("%%", "%"), given).fetchall()

    def run(self, statement: str, *parameters: Any) -> None:
        """SQLite adds and drops no constraints: there the stored words of the table are written anew."""
        if found := _ADDS_BOTH.fullmatch(statement):
            self.run(f"ALTER TABLE {found[1]} ADD {found[2]}")
            statement = f"ALTER TABLE {found[1]} ADD {found[3]}"
        if found := _ADDS.fullmatch(statement):
            self._rewrite(found[1], lambda words: f"{words.rpartition(')')[0]}, {found[2]})")
        elif found := _DROPS.fullmatch(statement):
            self._rewrite(found[1], lambda words: re.sub(rf", CONSTRAINT {found[2]}.*\)$", ")", words))
        else:
            self.rows(statement, *parameters)

    def _rewrite(self, table: str, change: Any) -> None:
        ((words,),) = self.rows("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", table)
        changed = change(words)
        assert changed != words
        ((version,),) = self.rows("PRAGMA schema_version")
        self._connection.execute("PRAGMA writable_schema = ON")
        self.rows("UPDATE sqlite_master SET sql = %s WHERE type = 'table' AND name = %s", changed, table)
        self._connection.execute(f"PRAGMA schema_version = {version + 1}")
        self._connection.execute("PRAGMA writable_schema = RESET")

    def numbers(self, count: int) -> str:
        return (
            f"(WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {count})"
            " SELECT n FROM counted) AS numbers"
        )

    @contextmanager
    def locking(self, statement: str) -> Iterator[Any]:
        other = self.connect()
        other.execute("BEGIN IMMEDIATE")
        other.execute(statement)

        def give_up() -> None:
            if other.in_transaction:
                other.execute("ROLLBACK")

        yield give_up
        give_up()
        other.close()

    def lock_table(self) -> str:
        return "SELECT 1"  # whoever writes has the whole file

    def make_updates_slow(self, seconds: float) -> None:
        """By counting; how far, this machine is asked first. Its processor's time is asked for, not the clock's: where
        others are busy a row costs more than this, never less.
        """
        self.run("CREATE TABLE tick (n integer PRIMARY KEY)")
        self.run("INSERT INTO tick SELECT n FROM " + self.numbers(1000))
        rounds = max(1, round(1000 * seconds / min(self._seconds_of_a_million() for _ in range(3))))
        self.run("DELETE FROM tick WHERE n > 1000")
        self.run("CREATE TABLE tock AS SELECT n FROM " + self.numbers(rounds))
        self.run(
            "CREATE TRIGGER slow BEFORE UPDATE ON person BEGIN"
            " SELECT count(*) FROM tick a, tock b WHERE a.n + b.n > 0; END"
        )

    def _seconds_of_a_million(self) -> float:
        started = time.thread_time()
        self.rows("SELECT count(*) FROM tick a, tick b WHERE a.n + b.n > 0")
        return time.thread_time() - started

    def refuse(self, table: str, act: str, when: str = "true") -> None:
        self.run(
            f"CREATE TRIGGER refuse_{table} BEFORE {act} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, 'no'); END"
        )

    def count_touches(self) -> None:
        self.run("CREATE TABLE touched (id integer)")
        for event in ("UPDATE", "DELETE"):
            self.run(
                f"CREATE TRIGGER touch_{event} AFTER {event} ON person BEGIN INSERT INTO touched VALUES (OLD.id); END"
            )

    def as_text(self, expression: str) -> str:
        return f"CAST({expression} AS TEXT)"

    def allow_null(self, table: str, column: str, kind: str) -> None:
        self._rewrite(table, lambda words: words.replace(f"{column} {kind} NOT NULL", f"{column} {kind}"))

    def end_connections(self) -> None:
        raise AssertionError("there is no server whose connections could be ended")

    def snapshot(self, table: str, organisation: int) -> list[tuple[Any, ...]]:
        return self.rows(f"SELECT * FROM {table} WHERE organisation_id = %s ORDER BY 1, 2", organisation)


def _plain(value: Any) -> Any:
    """As an application would write it."""
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if value is None or isinstance(value, int | float | str | bytes):
        return value
    return (
        value.isoformat()
        if isinstance(value, dt.date)
        else format(value, "f")
        if isinstance(value, Decimal)
        else str(value)
    )
