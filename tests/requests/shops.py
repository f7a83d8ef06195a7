"""One small shop in MariaDB and in an SQLite file: Ama and Kofi, their invoices and their newsletters."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.crm.offixpro.known import AMA_MENSAH, KOFI_BOATENG
from privacy.datamap.models import Action, DataCategory, Dataset, Source
from privacy.datamap.services import confirm_dataset, connect_source, discover
from privacy.ledger.actors import SYSTEM
from tests import mariadb

AMA, KOFI = 1, 2
TABLES = {"customer": "id", "invoice": "customer_id", "newsletter": "customer_id"}
STATEMENTS = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, email VARCHAR(80) UNIQUE, full_name VARCHAR(80),"
    " phone VARCHAR(20))",
    "CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, billing_address VARCHAR(80),"
    " total INTEGER, FOREIGN KEY (customer_id) REFERENCES customer (id))",
    "CREATE TABLE newsletter (customer_id INTEGER NOT NULL, topic VARCHAR(20), wanted INTEGER,"
    " PRIMARY KEY (customer_id, topic), FOREIGN KEY (customer_id) REFERENCES customer (id))",
    "CREATE INDEX invoice_customer ON invoice (customer_id)",
    f"INSERT INTO customer VALUES (1, '{AMA_MENSAH.email}', '{AMA_MENSAH.full_name}', '{AMA_MENSAH.phone}')",
    f"INSERT INTO customer VALUES (2, '{KOFI_BOATENG.email}', '{KOFI_BOATENG.full_name}', '{KOFI_BOATENG.phone}')",
    "INSERT INTO invoice VALUES (10, 1, '1 Ring Road', 70), (11, 2, '2 Ring Road', 80), (12, 1, '1 Ring Road', 90)",
    "INSERT INTO newsletter VALUES (1, 'cloth', 1), (1, 'tea', 0), (2, 'cloth', 1), (2, 'tea', 1)",
)

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Shop:
    """A connected source and what a plain client reads in it."""

    source: Source
    ask: Callable[[str], list[tuple[Any, ...]]]

    def rows_of(self, customer: int) -> Rows:
        """Every row of one customer, by table."""
        return {
            table: [tuple(row) for row in self.ask(f"SELECT * FROM {table} WHERE {column} = {customer} ORDER BY 1, 2")]
            for table, column in TABLES.items()
        }


@contextmanager
def in_mariadb() -> Iterator[Shop]:
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:

        def ask(statement: str) -> list[tuple[Any, ...]]:
            cursor.execute(statement)
            return list(cursor.fetchall())

        yield _connected(address, ask)


@contextmanager
def in_sqlite(folder: Path) -> Iterator[Shop]:
    """In a file of a directory that has been opened for the organisation."""
    path = folder / "shop.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as client:
        yield _connected(f"sqlite:///{path}", lambda statement: client.execute(statement).fetchall())


def _connected(address: str, ask: Callable[[str], list[tuple[Any, ...]]]) -> Shop:
    """Discovered and confirmed: newsletters go, what is left of invoices and customers is anonymised."""
    for statement in STATEMENTS:
        ask(statement)
    source = connect_source(name="Shop", address=address, actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    Dataset.objects.filter(source=source, table_name="newsletter").update(on_erasure=Action.DELETE, keep_reason="")
    for dataset in source.datasets.all():
        dataset.fields.filter(category=DataCategory.UNCLASSIFIED).update(category=DataCategory.BUSINESS)
        confirm_dataset(dataset=dataset, actor=SYSTEM)
    return Shop(source, ask)
