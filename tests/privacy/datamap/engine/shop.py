"""A small shop whose tables two organisations share: people, purchases, and lines with a composite key."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction
from privacy.datamap.engine.spec import Condition, DatasetSpec, Identity, Join

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

OURS, THEIRS = 7, 8


class Shop:
    """The tables in one schema, with a connection of the test's own."""

    def __init__(self, connection: psycopg.Connection[Any], schema: str) -> None:
        self.connection = connection
        self.schema = schema

    def create(self) -> None:
        self.connection.execute(sql.SQL("CREATE SCHEMA {0}; SET search_path = {0}").format(sql.Identifier(self.schema)))
        self.connection.execute(TABLES)

    def drop(self) -> None:
        self.connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(self.schema)))

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, parameters or None).fetchall()

    def run(self, statement: str, *parameters: Any) -> None:
        self.connection.execute(statement, parameters or None)

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
                    "INSERT INTO purchase VALUES (%s, %s, %s, '2026-01-15 12:00+00', %s)",
                    purchase, organisation, person, f"Street {person}",
                )  # fmt: skip
                for number in range(1, lines + 1):
                    self.run(
                        "INSERT INTO line VALUES (%s, %s, %s, %s)", purchase, number, organisation, f"for Name {person}"
                    )

    def snapshot(self, table: str, organisation: int) -> list[tuple[Any, ...]]:
        """Whole rows of one organisation, for byte-equal comparison."""
        query = sql.SQL("SELECT {0}::text FROM {0} WHERE organisation_id = %s ORDER BY 1").format(sql.Identifier(table))
        return self.connection.execute(query, (organisation,)).fetchall()

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
