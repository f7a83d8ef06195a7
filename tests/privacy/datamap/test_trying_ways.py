"""How people are found and written to is tried in the source when a table is confirmed, as masks and scopes are."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from django.utils import timezone

from privacy.datamap.engine.errors import InvalidSpec, PlanRefused
from privacy.datamap.engine.export import export_subject
from privacy.datamap.engine.selection import RootKeys, SubjectKeys
from privacy.datamap.models import Action, DataCategory, Dataset, Field, Source
from privacy.datamap.opening import open_for_engine
from privacy.datamap.services import connect_source, discover
from privacy.datamap.specs import datasets_of, specs_of
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from tests import mariadb
from tests.privacy.datamap.test_trying_masks import problems
from tests.sources import address_of, known, scratch_database

TABLES = (
    "CREATE TABLE employee (id int PRIMARY KEY, email varchar(80), phone varchar(30), extension bigint, hired_on date,"
    " is_away boolean, tongue varchar(5))",
    "CREATE TABLE payslip (id int PRIMARY KEY, employee_id int NOT NULL, paid_on date, note varchar(80),"
    " FOREIGN KEY (employee_id) REFERENCES employee (id))",
)


def connected(address: str) -> Source:
    source = connect_source(name="Staff", address=address, actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    fields = Field.objects.filter(dataset__source=source)
    fields.update(category=DataCategory.BUSINESS, on_erasure="keep", on_retention="keep", keep_reason="Law")
    name("email", "email")
    source.datasets.update(on_erasure=Action.DELETE, suggestion_reason="")
    reach([["employee_id", "id"]])
    return source


@pytest.fixture
def postgresql(alpha) -> Iterator[Source]:
    with scratch_database() as dsn:
        with psycopg.connect(dsn, autocommit=True) as client:
            for statement in TABLES:
                client.execute(statement)
            client.execute("CREATE TYPE mood AS ENUM ('glad'); ALTER TABLE employee ADD mood mood")
        source = connected(address_of(dsn))
        Field.objects.filter(column="mood").update(category=DataCategory.BUSINESS)
        yield source


@pytest.fixture
def mariadb_source(alpha) -> Iterator[Source]:
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:
        for statement in TABLES:
            cursor.execute(statement)
        yield connected(address)


@pytest.fixture
def sqlite_source(alpha, settings, tmp_path) -> Source:
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [tmp_path]}
    with closing(sqlite3.connect(tmp_path / "staff.db")) as client:
        for statement in (*TABLES, "CREATE INDEX payslip_employee ON payslip (employee_id)"):
            client.execute(statement)
    return connected(f"sqlite:///{tmp_path / 'staff.db'}")


def name(column: str, kind: str) -> None:
    """Have people named by this column and no other."""
    Field.objects.update(identifier_kind="")
    Field.objects.filter(dataset__table_name="employee", column=column).update(identifier_kind=kind)


def reach(pairs: list[list[str]]) -> None:
    employee = Dataset.objects.get(table_name="employee")
    Dataset.objects.filter(table_name="payslip").update(parent=employee, link_columns=pairs)


@pytest.mark.parametrize("source", ["postgresql", "mariadb_source"])
def test_a_column_that_cannot_name_anybody_is_refused_with_those_that_could(alpha, source, request):
    request.getfixturevalue(source)
    for column, kind, words in (
        ("hired_on", "email", "holds date, in which no e-mail address can be found"),
        ("extension", "email", "in which no e-mail address can be found"),
        ("hired_on", "phone", "in which no phone number can be found"),
        ("is_away", "customer_id", "in which no customer number can be found"),
        ("hired_on", "customer_id", "in which no customer number can be found"),
    ):
        name(column, kind)
        (found,) = problems("employee")
        assert words in found
        assert found.endswith("name the person by another column. These hold text: email, phone, tongue.")
    for column, kind in (("email", "email"), ("phone", "phone"), ("extension", "phone"), ("id", "customer_id")):
        name(column, kind)
        assert problems("employee") == (), (column, kind)


def test_a_type_that_only_the_source_knows_is_put_to_it(postgresql):
    name("mood", "email")
    (found,) = problems("employee")
    assert "employee.mood holds mood, in which no e-mail address can be found" in found


@pytest.mark.parametrize("source", ["postgresql", "mariadb_source"])
def test_a_link_that_leads_nowhere_is_refused_with_the_one_that_the_source_declares(alpha, source, request):
    request.getfixturevalue(source)
    for pairs, words in (
        ([["employee_id", "nope"]], "employee, which has no column nope; choose one of its columns: email, extension"),
        ([["employee_id", "hired_on"]], "which cannot be compared with"),
        ([["paid_on", "id"]], "which cannot be compared with"),
    ):
        reach(pairs)
        (found,) = problems("payslip")
        assert words in found
        assert found.endswith("The source declares: employee_id = id.")
    for pairs in ([["employee_id", "id"]], [["paid_on", "hired_on"]], [["employee_id", "id"], ["paid_on", "hired_on"]]):
        reach(pairs)
        assert problems("payslip") == (), pairs


@pytest.mark.parametrize("source", ["postgresql", "mariadb_source", "sqlite_source"])
def test_a_text_is_not_compared_with_a_number_by_which_somebody_else_could_be_found(alpha, source, request):
    """MariaDB finds '12abc' equal to 12, and SQLite '012'."""
    request.getfixturevalue(source)
    for pairs in ([["note", "id"]], [["employee_id", "id"], ["note", "extension"]], [["employee_id", "email"]]):
        reach(pairs)
        (found,) = problems("payslip")
        assert "which cannot be compared with" in found
    for pairs in ([["employee_id", "id"]], [["note", "email"]], [["employee_id", "extension"]]):
        reach(pairs)
        assert problems("payslip") == (), pairs


@pytest.mark.parametrize("source", ["mariadb_source", "sqlite_source"])
def test_no_plan_is_made_over_a_link_that_compares_by_conversion(alpha, source, request):
    """The data map may be older than what is asked when it is confirmed."""
    stored = request.getfixturevalue(source)
    stored.datasets.update(confirmed_at=timezone.now())
    Field.objects.filter(column="note").update(on_erasure="null")
    subject = known("ama@example.com")
    assert [len(each.plan.steps) for each in plan_erasure(subject=subject).plans] == [2]
    Dataset.objects.filter(table_name="payslip").update(link_columns=[["note", "id"]])
    with pytest.raises(PlanRefused, match="different values would count as equal"):
        plan_erasure(subject=subject)
    with open_for_engine(stored) as engine:
        specs = specs_of(datasets_of(stored))
        keys = SubjectKeys(tuple(RootKeys(each.key, (("12",),)) for each in specs if each.identities))
        with pytest.raises(InvalidSpec, match="different values would count as equal"):
            list(export_subject(engine, specs, keys))


@pytest.mark.parametrize("source", ["mariadb_source", "sqlite_source"])
def test_a_link_that_compares_by_conversion_is_refused_where_it_is_typed(alpha, source, request, officer_client):
    request.getfixturevalue(source)
    employee, payslip = (Dataset.objects.get(table_name=name) for name in ("employee", "payslip"))
    page = f"/officer/datamap/dataset/{payslip.pk}/change/"
    given = {
        "label": "Payslips", "on_erasure": "delete", "keep_reason": "", "parent": employee.pk, "scope": "",
        "fields-TOTAL_FORMS": "0", "fields-INITIAL_FORMS": "0",
    }  # fmt: skip
    shown = officer_client.post(page, given | {"link_columns": "note = id"}).content.decode()
    assert "which cannot be compared with" in shown
    assert "note = id" in shown
    assert Dataset.objects.get(pk=payslip.pk).link_columns == [["employee_id", "id"]]
    assert officer_client.post(page, given | {"link_columns": "note = email"}).status_code == 302
    assert Dataset.objects.get(pk=payslip.pk).link_columns == [["note", "email"]]


@pytest.mark.parametrize("source", ["mariadb_source", "sqlite_source"])
def test_the_way_of_a_rule_compares_like_with_like(alpha, source, request, officer_client):
    request.getfixturevalue(source)
    employee, payslip = (Dataset.objects.get(table_name=name) for name in ("employee", "payslip"))
    given = {
        "name": "Old", "legal_reason": "our policy", "dataset": payslip.pk, "action": "delete", "turn": "0",
        "start_dataset": employee.pk, "start_column": "hired_on", "amount": "30", "unit": "days", "year_end": "",
        "start_event": "other", "conditions": "", "without_address": "wait",
    }  # fmt: skip
    form = {f"rule-{name}": value for name, value in given.items()}
    for typed, words in (("note", "which cannot be compared with"), ("employee_id", "")):
        answer = officer_client.post(
            "/officer/retention/rule/add/", form | {"rule-path": f"{typed} → {employee.key} (id)"}
        )
        assert (answer.status_code == 302) is not bool(words)
        assert words in answer.content.decode()


@pytest.mark.parametrize("source", ["postgresql", "mariadb_source"])
@pytest.mark.parametrize(("role", "words"), [("address", "their mail address"), ("language", "their language")])
def test_letters_are_sent_by_columns_with_text(alpha, source, role, words, request):
    request.getfixturevalue(source)
    fields = Field.objects.filter(dataset__table_name="employee")
    fields.filter(column="hired_on").update(letter_role=role)
    (found,) = problems("employee")
    assert f"employee.hired_on holds date, which is not “{words}” of anybody" in found
    fields.update(letter_role="")
    fields.filter(column="tongue").update(letter_role=role)
    assert problems("employee") == ()
