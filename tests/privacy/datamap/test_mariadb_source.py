"""A MariaDB as a source of an organisation: connected by its address, discovered, asked how it is."""

from collections.abc import Iterator

import pytest

from privacy.datamap.models import SourceKind
from privacy.datamap.services import check_source, connect_source, discover
from privacy.ledger.actors import SYSTEM
from tests import mariadb

TABLES = (
    "CREATE TABLE customer (id int PRIMARY KEY, email varchar(80) UNIQUE, full_name varchar(80), joined date)",
    "CREATE TABLE invoice (id int PRIMARY KEY, customer_id int NOT NULL, total decimal(10, 2),"
    " FOREIGN KEY (customer_id) REFERENCES customer (id))",
    "INSERT INTO customer VALUES (1, 'ama@example.com', 'Ama Mensah', '2020-01-01')",
)


@pytest.fixture
def shop_address() -> Iterator[str]:
    """A database with a login that sees nothing else."""
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:
        for statement in TABLES:
            cursor.execute(statement)
        yield address


def test_a_mariadb_is_connected_discovered_and_checked(alpha, shop_address):
    source = connect_source(name="Shop", address=shop_address, actor=SYSTEM)
    assert (source.kind, source.server_version.startswith("MariaDB 1")) == (SourceKind.MYSQL, True)
    discover(source=source, actor=SYSTEM)
    ways = {each.table_name: each.parent and each.parent.table_name for each in source.datasets.all()}
    assert ways == {"customer": None, "invoice": "customer"}
    identities = source.datasets.get(table_name="customer").fields.exclude(identifier_kind="")
    assert {field.column: field.identifier_kind for field in identities} == {"email": "email"}
    report = check_source(source=source)
    assert (report.reachable, report.tables, report.findings, report.problem) == (True, 2, (), "")
