"""The portal's own tables as a source: the organisation's schema as its own role, and nothing beyond it."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection as own_connection
from django.utils import timezone
from sqlalchemy import text

from privacy.datamap.asking import databases
from privacy.datamap.engine.errors import EngineError, SourceRefused
from privacy.datamap.engine.plan import Action as EngineAction
from privacy.datamap.engine.planner import Instruction, make_plan
from privacy.datamap.engine.selection import OlderThan
from privacy.datamap.engine.spec import DatasetSpec
from privacy.datamap.models import Action, Dataset, Source, SourceKind
from privacy.datamap.opening import open_for_engine
from privacy.datamap.own_schema import open_own_schema
from privacy.datamap.services import check_source, discover, map_own_tables
from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from privacy.tenants.context import organisation_context
from privacy.tenants.errors import NoOrganisation
from privacy.tenants.models import Organisation
from privacy.tenants.provisioning import destroy_organisation
from tests.conftest import make_organisation

KEY = bytes(32)
LIMITS = {"lock_timeout_ms": 1000, "statement_timeout_ms": 5000}


def _letter() -> Letter:
    return Letter.objects.create(kind="test", address="a@example.com", heading="A letter", body="Words")


@pytest.fixture
def neighbour(committed) -> Iterator[Organisation]:
    """Another organisation in the same database, with a letter that is really committed."""
    other = make_organisation(f"{committed.slug}-n")
    try:
        with organisation_context(other):
            _letter()
        yield other
    finally:
        destroy_organisation(organisation=other)


def _count(organisation: Organisation) -> int:
    with organisation_context(organisation):
        return Letter.objects.count()


def _letters(schema: str) -> DatasetSpec:
    return DatasetSpec(f"{schema}.letters_letter", schema, "letters_letter", ("id",))


def _deleting(schema: str) -> Instruction:
    due = OlderThan("created_at", timezone.now() + dt.timedelta(days=1))
    return Instruction(f"{schema}.letters_letter", EngineAction.DELETE, selection=due)


def test_its_own_rows_are_reached_and_a_neighbours_are_not_by_whatever_statement(committed, neighbour):
    _letter()
    ours, theirs = f"{committed.schema_name}.letters_letter", f"{neighbour.schema_name}.letters_letter"
    with open_own_schema(mask_key=KEY) as source, source.connect() as connection:
        assert connection.number(text(f"SELECT count(*) FROM {ours}")) == 1
        assert connection.number(text("SELECT count(*) FROM letters_letter")) == 1
        with pytest.raises(SourceRefused):
            connection.number(text(f"SELECT count(*) FROM {theirs}"))
        with pytest.raises(SourceRefused), connection.transaction(**LIMITS):
            connection.change(text(f"DELETE FROM {theirs}"))
        with connection.transaction(**LIMITS):
            assert connection.change(text(f"DELETE FROM {ours}")) == 1
    assert (_count(committed), _count(neighbour)) == (0, 1)


def test_a_catalogue_that_names_a_neighbours_table_makes_no_plan(committed, neighbour):
    _letter()
    with open_own_schema(mask_key=KEY) as source:
        ours = make_plan(source, [_letters(committed.schema_name)], [_deleting(committed.schema_name)])
        assert [step.expected_count for step in ours.steps] == [1]
        with pytest.raises(EngineError):
            make_plan(source, [_letters(neighbour.schema_name)], [_deleting(neighbour.schema_name)])


def test_what_is_append_only_can_be_read_and_not_changed(committed):
    with open_own_schema(mask_key=KEY) as source, source.connect() as connection:
        assert connection.number(text("SELECT count(*) FROM ledger_ledgerentry")) > 0
        for statement in ("DELETE FROM ledger_ledgerentry", "UPDATE ledger_ledgerentry SET action = 'x'"):
            with pytest.raises(SourceRefused), connection.transaction(**LIMITS):
                connection.change(text(statement))


def test_nothing_of_the_role_stays_on_the_connection(committed):
    with open_own_schema(mask_key=KEY) as source:
        with source.connect() as connection:
            inside = connection.rows(text("SELECT current_user::text, current_schema()::text"))[0]
        with source.engine.connect() as plain:
            outside = plain.execute(text("SELECT current_user::text")).scalar_one()
    database = own_connection.settings_dict["NAME"]
    assert tuple(inside) == (f"{database}_{committed.schema_name}", committed.schema_name)
    assert outside != inside[0]


def test_its_catalogue_knows_its_own_schema_only(committed, neighbour):
    with open_own_schema(mask_key=KEY) as source, source.connect() as connection:
        catalog = connection.catalog()
    assert {table.schema for table in catalog.tables} == {committed.schema_name}
    assert {key.schema for key in catalog.foreign_keys} == {committed.schema_name}
    assert catalog.powers == ()


def test_it_is_opened_inside_an_organisation_only(db):
    with pytest.raises(NoOrganisation):
        open_own_schema(mask_key=KEY)


def test_an_address_written_into_its_row_leads_nowhere(committed):
    source = map_own_tables(actor=SYSTEM)
    Source.objects.filter(pk=source.pk).update(address="postgresql://nobody@203.0.113.1:1/elsewhere")
    source.refresh_from_db()
    with open_for_engine(source) as engine, engine.connect() as connection:
        found = connection.rows(text("SELECT current_database()::text, current_schema()::text"))[0]
    assert tuple(found) == (own_connection.settings_dict["NAME"], committed.schema_name)


def test_its_data_map_is_what_the_database_has(committed):
    source = map_own_tables(actor=SYSTEM)
    with open_for_engine(source) as engine, engine.connect() as connection:
        catalog = connection.catalog()
    in_database = {table.full_name: (list(table.primary_key), {each.name for each in table.columns})
                   for table in catalog.tables}  # fmt: skip
    mapped = {each.key: (each.primary_key, {column.column for column in each.fields.all()})
              for each in source.datasets.all()}  # fmt: skip
    assert mapped == {key: in_database[key] for key in mapped}
    tables = {key.partition(".")[2] for key in mapped}
    assert {"requests_subjectrequest", "letters_letter", "consent_consentrecord", "django_session"} <= tables
    assert not {name for name in tables if name.startswith(("ledger_", "retention_", "officers_"))}


def test_its_foreign_keys_are_those_of_the_database_and_the_ways_by_id(committed):
    source = map_own_tables(actor=SYSTEM)
    with open_for_engine(source) as engine, engine.connect() as connection:
        catalog = connection.catalog()
    mapped = {each.key for each in source.datasets.all()}
    real = {
        (f"{key.schema}.{key.table}", *key.columns, f"{key.to_schema}.{key.to_table}") for key in catalog.foreign_keys
    }
    said = {(each.key, *key["columns"], key["to"]) for each in source.datasets.all() for key in each.foreign_keys}
    schema = committed.schema_name
    by_id = {
        ("letters_letter", "case_id"), ("subjects_maillink", "target_id"), ("errands_errand", "case_id"),
        ("restrictions_restriction", "case_id"),
    }  # fmt: skip
    ways = {(f"{schema}.{table}", column, f"{schema}.requests_subjectrequest") for table, column in by_id}
    assert said == {each for each in real if each[0] in mapped and each[2] in mapped} | ways


def test_every_row_about_a_person_leads_to_them(committed):
    source = map_own_tables(actor=SYSTEM)
    parents = {each.table_name: each.parent.table_name if each.parent else None
               for each in source.datasets.select_related("parent")}  # fmt: skip
    assert parents["letters_letter"] == "subjects_subject"
    assert parents["requests_approval"] == "requests_subjectrequest"
    assert parents["requests_subjectrequest"] == "subjects_subject"
    assert parents["errands_errandfile"] == "errands_errand"
    assert parents["django_session"] is None


def test_mapping_it_again_changes_nothing(alpha):
    map_own_tables(actor=SYSTEM)
    before = list(Dataset.objects.order_by("pk").values()), list(Source.objects.values())
    discover(source=Source.objects.get(kind=SourceKind.PORTAL), actor=SYSTEM)
    assert (list(Dataset.objects.order_by("pk").values()), list(Source.objects.values())) == before


def test_it_says_how_it_is(committed):
    report = check_source(source=map_own_tables(actor=SYSTEM))
    assert (report.problem, report.findings) == ("", ())
    assert report.tables > 30


def test_nobody_is_looked_for_in_it(alpha):
    source = map_own_tables(actor=SYSTEM)
    assert source not in databases()
    assert {each.on_erasure for each in source.datasets.all()} == {Action.KEEP}


def test_officers_see_its_tables_and_cannot_change_them(officer_client):
    source = map_own_tables(actor=SYSTEM)
    page = officer_client.get(f"/officer/datamap/source/{source.pk}/change/")
    assert page.status_code == 200
    assert "address" not in page.context["adminform"].form.fields
    dataset = source.datasets.get(table_name="letters_letter")
    page = officer_client.get(f"/officer/datamap/dataset/{dataset.pk}/change/")
    assert page.status_code == 200
    assert page.context["has_change_permission"] is False
    assert "Save and confirm" not in page.content.decode()
    refused = officer_client.post(f"/officer/datamap/dataset/{dataset.pk}/change/", {"label": "Mine"})
    dataset.refresh_from_db()
    assert (refused.status_code, dataset.label) == (403, "Letters")
