"""A small shop whose invoices the law wants kept for a year, in PostgreSQL and in MariaDB."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from privacy.datamap.models import Action, Dataset, Field, Finding, Source, Strategy
from privacy.datamap.services import connect_source, discover
from privacy.datamap.subject_plan import plan_erasure
from privacy.jobs.models import Job
from privacy.jobs.registry import JobHandle
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM, Actor
from retention.enums import RunState
from retention.jobs import KEPT_JOB, erased_due
from retention.models import Minimum, Run
from retention.services import approve_replay, plan_kept, save_minimum, start_erasure_run, start_kept
from tests import mariadb
from tests.sources import address_of, known, scratch_database, work

AMA, KOFI = "ama@example.com", "kofi@example.com"
ISSUED = dt.date(2025, 3, 1)
LAST_DAY = dt.date(2026, 3, 1)  # of one year from it
ERASED_AT = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
TABLES = (
    "CREATE TABLE customer (id int PRIMARY KEY, email varchar(80) UNIQUE, full_name varchar(80))",
    "CREATE TABLE invoice (id int PRIMARY KEY, customer_id int NOT NULL, billed_to varchar(80), issued_on date)",
    "CREATE INDEX invoice_customer ON invoice (customer_id)",
    f"INSERT INTO customer VALUES (1, '{AMA}', 'Ama Mensah'), (2, '{KOFI}', 'Kofi Boateng')",
    f"INSERT INTO invoice VALUES (1, 1, 'Ama Mensah', '{ISSUED}'), (9, 2, 'Kofi Boateng', '{ISSUED}')",
)
THREE = f"INSERT INTO invoice VALUES (2, 1, 'Ama M', '{ISSUED}'), (3, 1, 'A. M.', '{ISSUED}')"


@dataclass
class Shop:
    """A source and a plain client beside it."""

    source: Source
    client: Any

    def ask(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        cursor = self.client.cursor()
        cursor.execute(query, parameters or None)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    @property
    def invoices(self) -> list[int]:
        return [key for (key,) in self.ask("SELECT id FROM invoice ORDER BY id")]


@contextmanager
def _postgresql() -> Iterator[tuple[str, Any]]:
    with scratch_database() as dsn, psycopg.connect(dsn, autocommit=True) as client:
        yield address_of(dsn), client


def connect(address: str, client: Any) -> Shop:
    """The tables, the source and a data map: customers are anonymised, invoices deleted, the law wants them a year."""
    shop = Shop(None, client)  # type: ignore[arg-type]
    for statement in TABLES:
        shop.ask(statement)
    shop.source = connect_source(name="Shop", address=address, actor=SYSTEM)
    discover(source=shop.source, actor=SYSTEM)
    customer, invoice = (shop.source.datasets.get(table_name=name) for name in ("customer", "invoice"))
    Field.objects.filter(dataset__in=[customer, invoice]).update(on_erasure=Strategy.KEEP, identifier_kind="")
    customer.fields.filter(column="email").update(on_erasure=Strategy.EMAIL, identifier_kind="email")
    customer.fields.filter(column="full_name").update(on_erasure=Strategy.NULL)
    Dataset.objects.filter(pk=customer.pk).update(on_erasure=Action.MASK)
    link = {"parent": customer, "link_columns": [["customer_id", "id"]], "on_erasure": Action.DELETE}
    Dataset.objects.filter(pk=invoice.pk).update(**link)
    Dataset.objects.filter(source=shop.source).update(confirmed_at=ERASED_AT, suggestion_reason="")
    return shop


@pytest.fixture(params=["postgresql", "mariadb"])
def shop(request, alpha, told, approved) -> Iterator[Shop]:
    with {"postgresql": _postgresql, "mariadb": mariadb.scratch_database}[request.param]() as (address, client):
        yield connect(address, client)


@pytest.fixture
def postgresql_shop(alpha, told, approved) -> Iterator[Shop]:
    with _postgresql() as (address, client):
        yield connect(address, client)


@pytest.fixture
def committed_shop(committed, told, approved) -> Iterator[Shop]:
    with _postgresql() as (address, client):
        yield connect(address, client)


def law(**changes: Any) -> Minimum:
    """Invoices are kept a year."""
    invoice = Dataset.objects.get(table_name="invoice")
    values = {
        "name": "Invoices", "dataset": invoice, "start_dataset": invoice, "start_column": "issued_on", "amount": 1,
        "unit": "years", "legal_reason": "Tax books", "citation": "Act 915, s. 27", "is_active": True,
    }  # fmt: skip
    return save_minimum(minimum=Minimum(**values | changes), actor=SYSTEM)


def erase(email: str = AMA) -> Run:
    """Erase a person as of now."""
    subject = known(email)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    return run


def look() -> dict[str, int]:
    """The look of today, and what the findings say then, by code."""
    erased_due(JobHandle(1, "daily", 1, "me"))
    for job in Job.objects.filter(kind=KEPT_JOB, state="pending"):
        while run_job(job_id=job.pk):
            pass
    found = Finding.objects.filter(resolved_at=None, dismissed_at=None, code__startswith="kept_")
    return {each.code: each.count for each in found}


def ask(shop: Shop, officer: Any) -> Run:
    """One officer asks for the erasure of what is free."""
    return start_kept(source=shop.source, plan=plan_kept(source=shop.source), actor=Actor.officer(officer))


def carry_out(run: Run, second: Any) -> tuple[str, str]:
    """Another approves, and the run works; its state and problem."""
    approve_replay(run=run, officer=second)
    work(run.pk)
    run.refresh_from_db()
    return run.state, run.problem
