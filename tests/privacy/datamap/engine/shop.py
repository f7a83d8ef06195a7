"""A small shop whose tables two organisations share: people, purchases, and lines with a composite key."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, ClassVar

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction
from privacy.datamap.engine.source import Source, open_source
from privacy.datamap.engine.spec import Condition, DatasetSpec, Identity, Join
from tests import mariadb

OURS, THEIRS = 7, 8


class Shop(ABC):
    """The tables in one schema, with a connection of the test's own. One subclass for each product.

    quote: around names. varchar, no_action: as the catalog calls them. exported_*: the shop's own values as people
    read them. breakages: what makes a mask of person fail, by name; the source quotes the row when a trigger does it.
    names_constraints: whether the engine's words for a refusal name the constraint.
    """

    quote: ClassVar[str]
    varchar: ClassVar[str]
    no_action: ClassVar[str]
    exported_address: ClassVar[str]
    exported_moment: ClassVar[str]
    exported_balance: ClassVar[Decimal | float] = Decimal("1234.56")
    ALLOW: ClassVar[str]
    breakages: ClassVar[dict[str, tuple[str, ...]]]
    names_constraints: ClassVar[bool]
    REFUSED = ("a check constraint", "a unique index", "a trigger")

    def __init__(self, url: str, schema: str) -> None:
        self.url = url
        self.schema = schema

    def open(self, mask_key: bytes) -> Source:
        """As the engine opens it; no connection is made yet."""
        return open_source(self.url, mask_key=mask_key)

    @abstractmethod
    def create(self) -> None: ...

    @abstractmethod
    def drop(self) -> None: ...

    @abstractmethod
    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]: ...

    @abstractmethod
    def run(self, statement: str, *parameters: Any) -> None: ...

    @abstractmethod
    def numbers(self, count: int) -> str:
        """A table of the numbers from 1 to count; its one column is n."""

    @abstractmethod
    def locking(self, statement: str) -> Any:
        """Another client with a transaction in which the statement was run. Context manager; gives its rollback."""

    @abstractmethod
    def lock_table(self) -> str:
        """The statement by which another client keeps us from writing person."""

    @abstractmethod
    def make_updates_slow(self, seconds: float) -> None:
        """Every changed row of person costs so long."""

    @abstractmethod
    def refuse(self, table: str, act: str, when: str = "true") -> None:
        """Have the source refuse an act (UPDATE, DELETE) on those rows of a table for which the condition holds."""

    def allow(self, table: str) -> None:
        """Take back what was refused on a table."""
        self.run(self.ALLOW.format(table))

    @abstractmethod
    def count_touches(self) -> None:
        """Have the source itself note each row of person that is updated or deleted, in the table touched (id)."""

    @abstractmethod
    def as_text(self, expression: str) -> str:
        """The cast by which the product writes a value."""

    @abstractmethod
    def allow_null(self, table: str, column: str, kind: str) -> None: ...

    @abstractmethod
    def end_connections(self) -> None:
        """End every connection of the engine."""

    def name(self, text: str) -> str:
        """A quoted name."""
        return self.quote + text.replace(self.quote, self.quote * 2) + self.quote

    def fill(
        self, *, people: int = 5, purchases: int = 1, lines: int = 2, organisation: int = OURS, first: int = 1
    ) -> None:
        """People numbered from `first`, each with purchases, each with lines."""
        for person in range(first, first + people):
            self.run(
                "INSERT INTO person (id, organisation_id, email, name, phone, born, ip, postcode, balance, left_on)"
                " VALUES (%s, %s, %s, %s, %s, '1980-05-17', '192.0.2.77', 'K1A 0B6', 1234.56, '2026-01-15')",
                person, organisation, f"Person{person}@example.com", f"Name {person}", f"+23355500{person:04}",
            )  # fmt: skip
            for each in range(purchases):
                purchase = person * 100 + each
                self.run(
                    "INSERT INTO purchase VALUES (%s, %s, %s, '2026-01-15 12:00:00', %s)",
                    purchase, organisation, person, f"Street {person}",
                )  # fmt: skip
                for number in range(1, lines + 1):
                    self.run(
                        "INSERT INTO line VALUES (%s, %s, %s, %s)", purchase, number, organisation, f"for Name {person}"
                    )

    @abstractmethod
    def snapshot(self, table: str, organisation: int) -> list[tuple[Any, ...]]:
        """Whole rows of one organisation, for byte-equal comparison."""

    @property
    def scope(self) -> tuple[Condition, ...]:
        return (Condition("organisation_id", "=", OURS),)

    @property
    def person(self) -> DatasetSpec:
        identities = (Identity("email", "email"), Identity("phone", "phone"), Identity("id", "customer_id"))
        return DatasetSpec("person", self.schema, "person", ("id",), self.scope, identities)

    @property
    def purchase(self) -> DatasetSpec:
        path = (Join(("person_id",), "person", ("id",)),)
        return DatasetSpec("purchase", self.schema, "purchase", ("id",), self.scope, paths=(path,))

    @property
    def line(self) -> DatasetSpec:
        path = (Join(("purchase_id",), "purchase", ("id",)), Join(("person_id",), "person", ("id",)))
        return DatasetSpec("line", self.schema, "line", ("purchase_id", "number"), self.scope, paths=(path,))

    @property
    def datasets(self) -> tuple[DatasetSpec, ...]:
        return (self.person, self.purchase, self.line)


class PostgresShop(Shop):
    quote = '"'
    varchar, no_action = "character varying", "no action"
    exported_address, exported_moment = "192.0.2.77/32", "2026-01-15 12:00:00+00"
    names_constraints = True
    ALLOW = "DROP TRIGGER refuse_{0} ON {0}"
    breakages: ClassVar[dict[str, tuple[str, ...]]] = {
        "a check constraint": ("ALTER TABLE person ADD CONSTRAINT own_words CHECK (email NOT LIKE 'erased%')",),
        "a unique index": (
            "UPDATE person SET city = id WHERE id > 1",
            "CREATE UNIQUE INDEX one_place ON person (upper(city))",
        ),
        "a trigger": (
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RAISE EXCEPTION ''not %'', OLD.email; END'",
            "CREATE TRIGGER no BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION no()",
        ),
    }
    TABLES = """
CREATE TABLE person (
    id integer PRIMARY KEY, organisation_id integer NOT NULL, email varchar(80), name text, phone varchar(30),
    born date, ip inet, postcode varchar(10), balance numeric(12, 2), city text NOT NULL DEFAULT 'Accra',
    status text NOT NULL DEFAULT 'active', left_on date, UNIQUE (organisation_id, email));
CREATE TABLE purchase (
    id integer PRIMARY KEY, organisation_id integer NOT NULL, person_id integer NOT NULL REFERENCES person,
    bought_at timestamptz, address text);
CREATE INDEX purchase_person ON purchase (person_id);
CREATE TABLE line (
    purchase_id integer NOT NULL REFERENCES purchase, number integer NOT NULL, organisation_id integer NOT NULL,
    label text, PRIMARY KEY (purchase_id, number));
"""

    def create(self) -> None:
        self._connection = psycopg.connect(self.url, autocommit=True, options="-c timezone=UTC")
        self._connection.execute(
            sql.SQL("CREATE SCHEMA {0}; SET search_path = {0}").format(sql.Identifier(self.schema))
        )
        self._connection.execute(self.TABLES)

    def drop(self) -> None:
        self._connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(self.schema)))
        self._connection.close()

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, parameters or None).fetchall()

    def run(self, statement: str, *parameters: Any) -> None:
        self._connection.execute(statement, parameters or None)

    def numbers(self, count: int) -> str:
        return f"generate_series(1, {count}) AS numbers (n)"

    @contextmanager
    def locking(self, statement: str) -> Iterator[Any]:
        with psycopg.connect(self.url) as other:
            other.execute(f"SET search_path = {self.schema}")
            other.execute(statement)
            yield other.rollback
            other.rollback()

    def lock_table(self) -> str:
        return "LOCK TABLE person IN SHARE MODE"

    def make_updates_slow(self, seconds: float) -> None:
        self.run(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
            f" 'BEGIN PERFORM pg_sleep({seconds}); RETURN NEW; END'"
        )
        self.run("CREATE TRIGGER slow BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION slow()")

    def refuse(self, table: str, act: str, when: str = "true") -> None:
        self.run(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RAISE EXCEPTION ''no'' USING ERRCODE = ''check_violation''; END'"
        )
        self.run(
            f"CREATE TRIGGER refuse_{table} BEFORE {act} ON {table}"
            f" FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse()"
        )

    def count_touches(self) -> None:
        self.run("CREATE TABLE touched (id integer)")
        self.run(
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS"
            f" 'BEGIN INSERT INTO {self.schema}.touched VALUES (OLD.id); RETURN NULL; END'"
        )
        self.run("CREATE TRIGGER touch AFTER UPDATE OR DELETE ON person FOR EACH ROW EXECUTE FUNCTION touch()")

    def as_text(self, expression: str) -> str:
        return f"{expression}::text"

    def allow_null(self, table: str, column: str, kind: str) -> None:
        self.run(f"ALTER TABLE {table} ALTER {column} DROP NOT NULL")

    def end_connections(self) -> None:
        self.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND application_name = 'privacy-desk'"
        )

    def snapshot(self, table: str, organisation: int) -> list[tuple[Any, ...]]:
        query = sql.SQL("SELECT {0}::text FROM {0} WHERE organisation_id = %s ORDER BY 1").format(sql.Identifier(table))
        return self._connection.execute(query, (organisation,)).fetchall()


class MariaShop(Shop):
    """In MariaDB a schema is a database."""

    quote = "`"
    varchar, no_action = "varchar", "restrict"
    exported_address, exported_moment = "192.0.2.77", "2026-01-15 12:00:00"
    names_constraints = False  # the number of an error is all that is read of it
    ALLOW = "DROP TRIGGER refuse_{0}"
    breakages: ClassVar[dict[str, tuple[str, ...]]] = {
        "a check constraint": ("ALTER TABLE person ADD CONSTRAINT own_words CHECK (email NOT LIKE 'erased%')",),
        "a unique index": (
            "UPDATE person SET city = id WHERE id > 1",
            "CREATE UNIQUE INDEX one_place ON person (city(20))",
        ),
        "a trigger": (
            "CREATE TRIGGER no BEFORE UPDATE ON person FOR EACH ROW"
            " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not ama.mensah@example.com'",
        ),
    }
    TABLES = (
        "CREATE TABLE person (id integer PRIMARY KEY, organisation_id integer NOT NULL, email varchar(80), name text,"
        " phone varchar(30), born date, ip varchar(45), postcode varchar(10), balance numeric(12, 2),"
        " city text NOT NULL DEFAULT 'Accra', status varchar(20) NOT NULL DEFAULT 'active', left_on date,"
        " UNIQUE (organisation_id, email))",
        "CREATE TABLE purchase (id integer PRIMARY KEY, organisation_id integer NOT NULL, person_id integer NOT NULL,"
        " bought_at timestamp NULL, address text, KEY purchase_person (person_id),"
        " CONSTRAINT purchase_person_id_fkey FOREIGN KEY (person_id) REFERENCES person (id))",
        "CREATE TABLE line (purchase_id integer NOT NULL, number integer NOT NULL, organisation_id integer NOT NULL,"
        " label text, PRIMARY KEY (purchase_id, number),"
        " CONSTRAINT line_purchase_id_fkey FOREIGN KEY (purchase_id) REFERENCES purchase (id))",
    )

    def create(self) -> None:
        self.reconnect()
        self.run(f"CREATE DATABASE {self.schema} CHARACTER SET utf8mb4")
        self._connection.select_db(self.schema)
        for statement in self.TABLES:
            self.run(statement)

    def reconnect(self) -> None:
        """Anew, in this shop's database once there is one."""
        self._open = mariadb.connection(self.url)
        self._connection = self._open.__enter__()
        if self.rows("SELECT 1 FROM information_schema.schemata WHERE schema_name = %s", self.schema):
            self._connection.select_db(self.schema)

    def drop(self) -> None:
        self.run(f"DROP DATABASE {self.schema}")
        self._open.__exit__(None, None, None)

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return list(cursor.fetchall())

    def run(self, statement: str, *parameters: Any) -> None:
        self.rows(statement, *parameters)

    def numbers(self, count: int) -> str:
        return f"(SELECT seq AS n FROM seq_1_to_{count}) AS numbers"

    @contextmanager
    def locking(self, statement: str) -> Iterator[Any]:
        with mariadb.connection(self.url, self.schema) as other, other.cursor() as cursor:
            cursor.execute("SET autocommit = 0")
            cursor.execute(statement)

            def give_up() -> None:
                cursor.execute("ROLLBACK")
                cursor.execute("UNLOCK TABLES")

            yield give_up
            give_up()

    def lock_table(self) -> str:
        return "LOCK TABLE person READ"

    def make_updates_slow(self, seconds: float) -> None:
        self.run(f"CREATE TRIGGER slow BEFORE UPDATE ON person FOR EACH ROW DO SLEEP({seconds})")

    def refuse(self, table: str, act: str, when: str = "true") -> None:
        self.run(
            f"CREATE TRIGGER refuse_{table} BEFORE {act} ON {table} FOR EACH ROW"
            f" IF {when} THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF"
        )

    def count_touches(self) -> None:
        self.run("CREATE TABLE touched (id integer)")
        for event in ("UPDATE", "DELETE"):
            self.run(
                f"CREATE TRIGGER touch_{event} AFTER {event} ON person FOR EACH ROW INSERT INTO touched VALUES (OLD.id)"
            )

    def as_text(self, expression: str) -> str:
        return f"CAST({expression} AS CHAR)"

    def allow_null(self, table: str, column: str, kind: str) -> None:
        self.run(f"ALTER TABLE {table} MODIFY {column} {kind} NULL")

    def end_connections(self) -> None:
        ours = make_url(self.url).username
        for (number,) in self.rows(
            "SELECT id FROM information_schema.processlist WHERE user = %s AND id <> connection_id()", ours
        ):
            self.run(f"KILL {number}")

    def snapshot(self, table: str, organisation: int) -> list[tuple[Any, ...]]:
        return self.rows(f"SELECT * FROM {table} WHERE organisation_id = %s ORDER BY 1, 2", organisation)


PERSON_MASKS = (
    ColumnMask("email", Strategy.EMAIL),
    ColumnMask("name", Strategy.NULL),
    ColumnMask("phone", Strategy.PHONE),
    ColumnMask("born", Strategy.GENERALISE_DATE, {"to": "year"}),
    ColumnMask("ip", Strategy.GENERALISE_IP),
    ColumnMask("city", Strategy.CONSTANT, {"value": "ERASED"}),
)


def mask_person(masks: Sequence[ColumnMask] = PERSON_MASKS) -> Instruction:
    return Instruction("person", Action.MASK, tuple(masks))


DELETE_ALL = (
    Instruction("person", Action.DELETE),
    Instruction("purchase", Action.DELETE),
    Instruction("line", Action.DELETE),
)
