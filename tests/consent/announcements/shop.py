"""A shop as a source: customers of two branches in one table, with a composite key and a scope, and a list of leads."""

from privacy.datamap.models import DataCategory, Dataset, Field, Source
from privacy.datamap.services import confirm_dataset, connect_source, discover
from privacy.ledger.actors import SYSTEM
from tests.sources import address_of, change

TABLES = """
CREATE TABLE customer (branch int, id int, mail text, tel text, number text, PRIMARY KEY (branch, id));
CREATE TABLE lead (id int PRIMARY KEY, mail text);
CREATE TABLE machine (id int PRIMARY KEY, label text);
"""


def shop_of(dsn: str) -> Source:
    """Discovered and confirmed; only the customers of branch 1 are ours."""
    change(dsn, TABLES)
    source = connect_source(name="Shop", address=address_of(dsn), actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    fields = Field.objects.filter(dataset__source=source)
    fields.update(category=DataCategory.BUSINESS, on_erasure="keep", on_retention="keep", keep_reason="Law")
    fields.filter(dataset__table_name="customer", column="mail").update(letter_role="address", identifier_kind="email")
    fields.filter(column="tel").update(identifier_kind="phone")
    fields.filter(column="number").update(identifier_kind="customer_id")
    fields.filter(dataset__table_name="lead", column="mail").update(identifier_kind="email")
    Dataset.objects.filter(source=source, table_name="customer").update(
        scope=[{"column": "branch", "op": "=", "value": 1}]
    )
    Dataset.objects.filter(source=source).update(on_erasure="delete")
    for dataset in source.datasets.all():
        confirm_dataset(dataset=dataset, actor=SYSTEM)
    return source


def add_customer(
    dsn: str, number: int, mail: str | None, *, tel: str | None = None, customer_id: str | None = None, branch: int = 1
) -> None:
    change(dsn, "INSERT INTO customer VALUES (%s, %s, %s, %s, %s)", branch, number, mail, tel, customer_id)


def add_lead(dsn: str, number: int, mail: str | None) -> None:
    change(dsn, "INSERT INTO lead VALUES (%s, %s)", number, mail)
