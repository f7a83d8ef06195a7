"""The same shop in PostgreSQL, MariaDB and SQLite: the same map, the same plan, and the same rows afterwards."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest

from privacy.datamap.models import DataCategory, Dataset, Source
from privacy.datamap.services import confirm_dataset, connect_source, discover
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from retention import approval, completion
from retention.enums import RunState
from retention.models import Rule, Run
from retention.rule_plan import noon
from retention.services import activate_rule, save_rule, start_erasure_run, start_rule_run
from tests.chinook.databases import TABLES, Chinook, Rows, in_mariadb, in_postgresql, in_sqlite, snake
from tests.sources import known, work

LUIS, LUIS_ID = "luisg@embraer.com.br", "1"
PERSONAL = ("customer", "employee", "invoice", "invoice_line")

pytestmark = pytest.mark.usefixtures("scripts")


@pytest.fixture
def shops(alpha, tmp_path, settings) -> Iterator[list[Chinook]]:
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [tmp_path]}
    with ExitStack() as stack:
        yield [stack.enter_context(each) for each in (in_postgresql(), in_mariadb(), in_sqlite(tmp_path))]


@pytest.fixture
def sources(shops, monkeypatch) -> list[Source]:
    """Each discovered, and confirmed with the few corrections that only a person can make."""
    monkeypatch.setattr(completion, "_listeners", {})
    monkeypatch.setattr(approval, "_resolvers", [lambda _run: True])
    connected = [connect_source(name=shop.product, address=shop.address, actor=SYSTEM) for shop in shops]
    for source in connected:
        discover(source=source, actor=SYSTEM)
        for dataset in source.datasets.all():
            if snake(dataset.table_name) in PERSONAL:
                dataset.fields.filter(category=DataCategory.UNCLASSIFIED).update(category=DataCategory.BUSINESS)
                confirm_dataset(dataset=dataset, actor=SYSTEM)
    return connected


def _map(source: Source) -> dict[str, object]:
    """What was suggested of each table and column, without the words that are the product's own."""
    return {
        snake(dataset.table_name): (
            dataset.on_erasure,
            dataset.parent and snake(dataset.parent.table_name),
            [snake(name) for name in dataset.primary_key],
            [
                (snake(field.column), field.category, field.identifier_kind, field.on_erasure, field.nullable)
                for field in dataset.fields.order_by("position")
            ],
        )
        for dataset in source.datasets.select_related("parent")
    }


def _erased(table: dict[str, str | None]) -> dict[str, str | None]:
    """Keyed masks depend on the place of a value, which every product calls otherwise; their form does not."""
    return {name: value and re.sub(r"erased-[0-9a-f]{16,}", "erased-…", value) for name, value in table.items()}


def test_a_person_is_planned_and_erased_alike_in_three_products(shops, sources):
    postgresql, *others = map(_map, sources)
    assert others == [postgresql, postgresql]
    before = [shop.everything() for shop in shops]
    _check_equal(before)
    assert [len(before[0][table]) for table in TABLES] == [347, 275, 59, 8, 25, 412, 2240, 5, 18, 8715, 3503]
    subject = known(LUIS)
    planned = plan_erasure(subject=subject)
    runs = start_erasure_run(case_id=uuid4(), subject=subject, planned=planned, actor=SYSTEM)
    assert {run.source_id for run in runs} == {source.pk for source in sources}
    for run in runs:
        work(run.pk)
        run.refresh_from_db()
        assert (run.state, run.problem) == (RunState.COMPLETED, "")
        steps = {
            snake(step.dataset_key.partition(".")[2]): (step.action, step.expected, step.rows)
            for step in run.steps.all()
        }
        assert steps == {
            "customer": ("mask", 1, 1),
            "employee": ("mask", 0, 0),
            "invoice": ("mask", 7, 7),
            "invoice_line": ("keep", 38, 0),
        }
    after = [shop.everything() for shop in shops]
    _check_equal(after)
    _check_only_his_rows_changed(before[0], after[0])


def _check_equal(shops: list[dict[str, Rows]]) -> None:
    for table in TABLES:
        first, *rest = [[_erased(row) for row in everything[table]] for everything in shops]
        assert rest == [first, first], table


def _check_only_his_rows_changed(before: dict, after: dict) -> None:
    for table in TABLES:
        changed = [new for old, new in zip(before[table], after[table], strict=True) if old != new]
        assert {row.get("customer_id") for row in changed} == ({LUIS_ID} if table in ("customer", "invoice") else set())
    (his,) = [row for row in after["customer"] if row["customer_id"] == LUIS_ID]
    assert [word for word in ("Luís", "Gonçalves", LUIS, "Embraer", "+55", "12227") if word in str(his)] == []


TODAY = dt.date(2026, 3, 1)
RULES = {
    "employees hired more than 23 years ago are anonymised": ("employee", "hire_date", 23, "mask"),
    "invoices of more than three years ago are anonymised": ("invoice", "invoice_date", 3, "mask"),
    "invoices of more than four years ago go with their lines": ("invoice", "invoice_date", 4, "delete"),
}


def _rule(source: Source, table: str, column: str, years: int, action: str) -> Rule:
    named = {snake(each.table_name): each for each in source.datasets.all()}
    dataset: Dataset = named[table]
    start = next(each.column for each in dataset.fields.all() if snake(each.column) == column)
    rule = Rule(
        name=source.name, dataset=dataset, start_dataset=dataset, start_column=start, amount=years, unit="years",
        action=action, legal_reason="The policy says so.",
    )  # fmt: skip
    rule = save_rule(rule=rule, actor=SYSTEM)
    if action == "delete":
        rule.along.set([named["invoice_line"]])
    return activate_rule(rule=rule, actor=SYSTEM)


def _plan(run: Run) -> list[tuple[object, ...]]:
    """The steps of a plan: table, what is done, what is done to which column, and how many rows."""
    return [
        (
            snake(step["dataset"].partition(".")[2]),
            step["action"],
            [(snake(mask["column"]), mask["strategy"], mask["params"]) for mask in step["masks"]],
            step["selection"]["cutoff"],
            step["expected_count"],
        )
        for step in run.plan["engine"]["steps"]
    ]


def _done(run: Run) -> dict[str, tuple[str, int, int | None]]:
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    return {
        snake(step.dataset_key.partition(".")[2]): (step.action, step.rows, step.survivors) for step in run.steps.all()
    }


def _due(before: dict[str, Rows], table: str, column: str, years: int, action: str) -> dict[str, set[str | None]]:
    """First columns of the rows that a rule is about, by table, as plain Python reads them."""
    cutoff = TODAY.replace(year=TODAY.year - years).isoformat()
    older = {row[f"{table}_id"] for row in before[table] if (row[column] or "") < cutoff}
    lines = {row["invoice_line_id"] for row in before["invoice_line"] if row["invoice_id"] in older}
    return {table: older} | ({"invoice_line": lines} if action == "delete" else {})


def _touched(before: dict[str, Rows], after: dict[str, Rows]) -> dict[str, set[str | None]]:
    """First columns of the rows that are not there as they were, by table."""
    found = {table: [row for row in before[table] if row not in after[table]] for table in TABLES}
    return {table: {next(iter(row.values())) for row in rows} for table, rows in found.items() if rows}


@pytest.mark.parametrize("terms", RULES.values(), ids=RULES)
def test_a_rule_leaves_the_same_rows_in_three_products_and_others_as_they_were(shops, sources, settings, terms):
    settings.RETENTION_WINDOW_ROWS = 50
    before = shops[0].everything()
    due = _due(before, *terms)
    runs = [start_rule_run(rule=_rule(source, *terms), actor=SYSTEM, now=noon(TODAY)) for source in sources]
    plans = [_plan(run) for run in runs]
    assert plans[1:] == [plans[0], plans[0]]
    counts = {table: len(keys) for table, keys in due.items()}
    assert {table: expected for table, *_rest, expected in plans[0]} == counts
    assert [_done(run) for run in runs] == [{table: (terms[-1], count, 0) for table, count in counts.items()}] * 3
    after = [shop.everything() for shop in shops]
    _check_equal(after)
    assert _touched(before, after[0]) == due
    gone = counts if terms[-1] == "delete" else {}
    left = {table: len(before[table]) - gone.get(table, 0) for table in TABLES}
    assert {table: len(after[0][table]) for table in TABLES} == left
