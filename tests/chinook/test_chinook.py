"""A database nobody made for us: discovered, confirmed, one customer exported and erased.

Chinook (Luis Rocha, MIT licence) is a record shop: customers with invoices and lines, and employees who look after
them. It is read from the shared data beside the project; where that is absent see conftest.py.
"""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from privacy.datamap.models import DataCategory, Dataset, Source
from privacy.datamap.services import confirm_dataset, connect_source, discover
from privacy.datamap.subject_plan import plan_erasure
from privacy.datamap.subject_rows import subject_rows
from privacy.ledger.actors import SYSTEM
from retention import approval, completion
from retention.enums import RunState
from retention.services import start_erasure_run
from tests.chinook.databases import POSTGRESQL
from tests.sources import address_of, content, known, rows, scratch_database, work

LUIS, LUIS_ID, HIS_AGENT = "luisg@embraer.com.br", 1, 3

pytestmark = pytest.mark.usefixtures("scripts")


def _statements() -> str:
    """The script without its own database: that part is for psql."""
    lines = POSTGRESQL.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("\\c"))
    return "\n".join(lines[start + 1 :])


@pytest.fixture(scope="module")
def _template() -> Iterator[str]:
    with scratch_database() as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(_statements())
            connection.execute("ANALYZE")
        yield psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]


@pytest.fixture
def shop(_template) -> Iterator[str]:
    with scratch_database(template=_template) as dsn:
        yield dsn


@pytest.fixture
def chinook(alpha, shop, monkeypatch) -> Source:
    """Chinook as a source: discovered, and confirmed with the few corrections that only a person can make."""
    monkeypatch.setattr(completion, "_listeners", {})
    monkeypatch.setattr(approval, "_resolvers", [lambda _run: True])
    source = connect_source(name="Record shop", address=address_of(shop), actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    for dataset in Dataset.objects.filter(table_name__in=["customer", "employee", "invoice", "invoice_line"]):
        dataset.fields.filter(category=DataCategory.UNCLASSIFIED).update(category=DataCategory.BUSINESS)
        confirm_dataset(dataset=dataset, actor=SYSTEM)
    return source


def test_discovery_finds_who_is_a_person_and_what_hangs_from_them(chinook):
    ways = {
        dataset.table_name: (dataset.parent.table_name if dataset.parent else None, dataset.on_erasure)
        for dataset in chinook.datasets.select_related("parent")
    }
    assert ways == {
        "album": (None, "keep"),
        "artist": (None, "keep"),
        "customer": (None, "mask"),
        "employee": (None, "mask"),
        "genre": (None, "keep"),
        "invoice": ("customer", "mask"),
        "invoice_line": ("invoice", "keep"),
        "media_type": (None, "keep"),
        "playlist": (None, "keep"),
        "playlist_track": (None, "keep"),
        "track": (None, "keep"),
    }


def test_one_customer_is_exported_whole(chinook, shop):
    found = {each.dataset.table_name: list(each.rows) for each in subject_rows(subject=known(LUIS))}
    lines = "SELECT count(*) FROM invoice_line JOIN invoice USING (invoice_id) WHERE customer_id = %s"
    invoices = "SELECT count(*) FROM invoice WHERE customer_id = %s"
    assert {table: len(read) for table, read in found.items()} == {
        "customer": 1,
        "employee": 0,
        "invoice": rows(shop, invoices, LUIS_ID)[0][0],
        "invoice_line": rows(shop, lines, LUIS_ID)[0][0],
    }
    assert len(found["invoice"]) == 7


def test_one_customer_is_erased_and_nobody_else_is_touched(chinook, shop):
    others = {"customer": f"customer_id <> {LUIS_ID}", "invoice": f"customer_id <> {LUIS_ID}"}
    untouched = content(shop, "public", others)
    agent = rows(shop, "SELECT * FROM employee WHERE employee_id = %s", HIS_AGENT)
    money = "SELECT invoice_id, customer_id, invoice_date, total FROM invoice ORDER BY 1"
    totals = rows(shop, money)
    subject = known(LUIS)
    planned = plan_erasure(subject=subject)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=planned, actor=SYSTEM)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, run.problem_words) == (RunState.COMPLETED, "", "")
    assert {step.dataset_key: (step.action, step.rows) for step in run.steps.all()} == {
        "public.customer": ("mask", 1),
        "public.employee": ("mask", 0),
        "public.invoice": ("mask", 7),
        "public.invoice_line": ("keep", 0),
    }
    assert content(shop, "public", others) == untouched
    assert rows(shop, "SELECT * FROM employee WHERE employee_id = %s", HIS_AGENT) == agent
    assert rows(shop, money) == totals
    (his,) = rows(shop, "SELECT * FROM customer WHERE customer_id = %s", LUIS_ID)
    assert [word for word in ("Luís", "Gonçalves", LUIS, "Embraer", "+55", "12227") if word in str(his)] == []
    billed = rows(shop, "SELECT billing_address, billing_city FROM invoice WHERE customer_id = %s", LUIS_ID)
    assert set(billed) == {(None, None)}
    assert rows(shop, "SELECT support_rep_id FROM customer WHERE customer_id = %s", LUIS_ID) == [(HIS_AGENT,)]
