"""Back Office Admins' rules on its own CRM: a year for decisions, six for the books, and what goes when it is over."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils.text import slugify
from psycopg.conninfo import conninfo_to_dict

from demo.crm.build import build_back_office_crm
from demo.crm.catalogue import BACK_OFFICE_CATALOGUE
from privacy.datamap.importing import import_catalogue
from privacy.datamap.models import DataCategory, Dataset, Field, Source
from privacy.datamap.services import confirm_dataset, connect_source, discover
from privacy.ledger.actors import SYSTEM
from privacy.register.models import LawfulBasis, Purpose
from retention.enums import RunState, StartEvent
from retention.importing import ImportedRules, import_rules
from retention.models import Rule, Run
from retention.ready_made.office_services import RULES
from retention.services import activate_rule, save_rule, start_rule_run
from tests.retention.test_rule_runs import NOON
from tests.sources import address_of, change, rows, scratch_database, today, work

CLIENTS = 60
COPIES = """CREATE TABLE office.identity_copy (
                copy_id int PRIMARY KEY,
                decision_id int NOT NULL REFERENCES office.decision, scan text NOT NULL)"""


@pytest.fixture(scope="module")
def _template() -> Iterator[str]:
    with scratch_database() as dsn:
        build_back_office_crm(dsn, clients=CLIENTS, today=today())
        yield conninfo_to_dict(dsn)["dbname"]


@pytest.fixture
def office(_template) -> Iterator[str]:
    """A fresh copy of the small CRM; its DSN."""
    with scratch_database(template=_template) as dsn:
        yield dsn


@pytest.fixture
def source(alpha, office) -> Source:
    for title in BACK_OFFICE_CATALOGUE.purposes:
        values = {"title": title, "description": title, "lawful_basis": LawfulBasis.CONTRACT}
        Purpose.objects.get_or_create(code=slugify(title), defaults=values)
    source = connect_source(name="Office", address=address_of(office), actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    import_catalogue(source=source, catalogue=BACK_OFFICE_CATALOGUE, actor=SYSTEM)
    return source


def _imported(source: Source) -> ImportedRules:
    return import_rules(source=source, schema="office", rules=RULES, actor=SYSTEM, active=True)


def _followed(rule: Rule) -> Run:
    run = start_rule_run(rule=rule, actor=SYSTEM, now=NOON)
    work(run.pk)
    run.refresh_from_db()
    return run


def _decided(office: str) -> dict[int, dt.date]:
    """Decisions about clients whose work ended long ago, and when they were made; the oldest first."""
    query = """SELECT decision_id, decided_on FROM office.decision JOIN office.client USING (client_id)
               WHERE closed_on < %s ORDER BY decided_on, 1"""
    return dict(rows(office, query, today() - dt.timedelta(days=3 * 366)))


def test_every_rule_of_the_catalogue_runs_to_its_verified_end(source):
    runs = {rule: _followed(rule) for rule in _imported(source).rules}
    assert {(run.state, run.problem_words) for run in runs.values()} == {(RunState.COMPLETED, "")}
    assert {each.start_event for each in runs} == {StartEvent.CONTRACT_END, StartEvent.WITHDRAWAL, StartEvent.OTHER}
    done = {rule.start_column for rule, run in runs.items() if sum(step.rows for step in run.steps.all())}
    assert done >= {"closed_on", "issued_on", "unsubscribed_on"}


def test_a_decision_stays_for_a_year_though_the_work_ended_long_ago(source, office):
    new, younger, older, *_ = _decided(office)
    for key, days in ((new, 0), (younger, 360), (older, 370)):
        decided = today() - dt.timedelta(days=days)
        change(office, "UPDATE office.decision SET decided_on = %s WHERE decision_id = %s", decided, key)
    rule = next(each for each in _imported(source).rules if each.dataset.table_name == "decision")
    (step,) = (run := _followed(rule)).steps.all()
    assert (run.state, step.protected, step.survivors) == (RunState.COMPLETED, 2, 0)
    assert set(_decided(office)) == {new, younger}


def test_invoices_stay_until_six_years_after_the_end_of_their_year(source, office):
    first_kept = dt.date(today().year - 6, 1, 1)
    old, young = (key for (key,) in rows(office, "SELECT invoice_id FROM office.invoice ORDER BY 1 LIMIT 2"))
    for key, issued in ((old, first_kept - dt.timedelta(days=1)), (young, first_kept)):
        change(office, "UPDATE office.invoice SET issued_on = %s WHERE invoice_id = %s", issued, key)
    rule = next(each for each in _imported(source).rules if each.start_column == "issued_on")
    assert _followed(rule).state == RunState.COMPLETED
    left = {key for (key,) in rows(office, "SELECT invoice_id FROM office.invoice")}
    assert (old in left, young in left) == (False, True)
    assert rows(office, "SELECT min(issued_on) FROM office.invoice") == [(first_kept,)]


def test_copies_of_identity_documents_go_once_the_decision_about_the_person_is_made(source, office):
    change(office, COPIES)
    change(office, "CREATE INDEX ON office.identity_copy (decision_id)")
    open_case, decided = list(_decided(office))[:2]
    for key, day in ((decided, today() - dt.timedelta(days=2)), (open_case, today() + dt.timedelta(days=1))):
        change(office, "UPDATE office.decision SET decided_on = %s WHERE decision_id = %s", day, key)
        change(office, "INSERT INTO office.identity_copy VALUES (%s, %s, 'a passport')", key, key)
    discover(source=source, actor=SYSTEM)
    copies = Dataset.objects.get(source=source, table_name="identity_copy")
    values = {"category": DataCategory.IDENTITY, "on_erasure": "keep", "on_retention": "keep", "keep_reason": "Rule"}
    Field.objects.filter(dataset=copies).update(**values)
    Dataset.objects.filter(pk=copies.pk).update(on_erasure="keep", keep_reason="Rule")
    confirm_dataset(dataset=copies, actor=SYSTEM)
    rule = Rule(
        name="Copies of identity documents", dataset=copies, start_event=StartEvent.DECISION, amount=1, action="delete",
        start_dataset=Dataset.objects.get(source=source, table_name="decision"), start_column="decided_on",
        legal_reason="Needed until the decision only.",
    )  # fmt: skip
    run = _followed(activate_rule(rule=save_rule(rule=rule, actor=SYSTEM), actor=SYSTEM))
    assert (run.state, [step.rows for step in run.steps.all()]) == (RunState.COMPLETED, [1])
    assert rows(office, "SELECT decision_id FROM office.identity_copy") == [(open_case,)]
