"""Findings are raised with their cause, resolve with it, and each is told from a look-alike that is all right."""

import ast
import html
import inspect
import re
import sqlite3
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.html import strip_tags
from psycopg import sql

from privacy.datamap.admin.findings import open_findings
from privacy.datamap.engine import introspect
from privacy.datamap.engine.errors import InvalidSpec, SourceBusy, SourceRefused
from privacy.datamap.engine.planner import resolve_subject
from privacy.datamap.engine.selection import Identifier
from privacy.datamap.enums import FindingCode
from privacy.datamap.errors import DatasetInUse, FindingNotOpen, ReasonMissing, SourceNotUsable
from privacy.datamap.finding_words import FINDING_WORDS
from privacy.datamap.jobs import DUE_JOB, LOOK_JOB, look_at_source, sources_due
from privacy.datamap.models import DataCategory, Dataset, Field, Finding, Source
from privacy.datamap.opening import open_for_engine
from privacy.datamap.services import confirm_dataset, connect_source, discover, discovering, forget_dataset
from privacy.datamap.services.findings import Observation, dismiss_finding, reconcile, reopen_finding
from privacy.datamap.services.looking import OF_THE_SOURCE, reconcile_map
from privacy.datamap.specs import datasets_of, specs_of
from privacy.jobs.models import Job
from privacy.jobs.registry import JobHandle, Retry
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.register.models import LawfulBasis, OrganisationProfile, Purpose
from privacy.tenants.db import connection
from tests import mariadb
from tests.sources import address_of, change, scratch_database

TABLES = """
    CREATE TABLE client (id int PRIMARY KEY, email text NOT NULL, birth_date date);
    CREATE TABLE visit (id int PRIMARY KEY, client_id int REFERENCES client, note text);
    CREATE INDEX ON visit (client_id);
    CREATE TABLE country (code text PRIMARY KEY, total numeric)"""


@pytest.fixture
def shop():
    with scratch_database() as dsn:
        change(dsn, TABLES)
        yield dsn


@pytest.fixture
def source(alpha, shop) -> Source:
    """A source in which everything is confirmed and every personal column has a purpose."""
    source = connect_source(name="Shop", address=address_of(shop), actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    purpose = Purpose.objects.create(
        code="orders", title="Orders", description="Orders", lawful_basis=LawfulBasis.CONTRACT
    )
    for field in Field.objects.filter(dataset__source=source):
        field.purposes.set([purpose])
    for dataset in source.datasets.all():
        confirm_dataset(dataset=dataset, actor=SYSTEM)
    return source


def told(source, *codes: str) -> set[tuple]:
    """Open findings: code, place and names."""
    found = Finding.objects.filter(source=source, resolved_at=None, dismissed_at=None)
    if codes:
        found = found.filter(code__in=codes)
    return {(each.code, each.place, tuple(each.names)) for each in found}


def text(answer) -> str:
    return re.sub(r"\s+", " ", html.unescape(strip_tags(answer.content.decode())))


def again(source) -> None:
    discover(source=source, actor=SYSTEM)


def test_a_source_in_order_has_nothing_to_tell_but_its_login_and_its_rules(source):
    again(source)
    assert told(source) == {
        ("excessive_rights", "", ("SUPERUSER",)),
        ("no_retention_rule", "public.client", ()),
        ("no_retention_rule", "public.visit", ()),
    }


def test_suggestions_wait_until_somebody_confirms_them(source):
    dataset = source.datasets.get(table_name="client")
    Dataset.objects.filter(pk=dataset.pk).update(confirmed_at=None)
    reconcile_map(source)
    assert told(source, "to_be_confirmed", "new_table") == {("to_be_confirmed", "public.client", ())}
    confirm_dataset(dataset=dataset, actor=SYSTEM)
    assert told(source, "to_be_confirmed", "new_table") == set()


def test_a_new_table_is_told_until_it_is_confirmed(source, shop):
    change(shop, "CREATE TABLE gift (id int PRIMARY KEY, total numeric)")
    again(source)
    again(source)
    assert told(source, "to_be_confirmed", "new_table") == {("new_table", "public.gift", ())}
    confirm_dataset(dataset=source.datasets.get(table_name="gift"), actor=SYSTEM)
    assert told(source, "to_be_confirmed", "new_table") == set()


def test_a_new_column_is_told_until_it_is_classified_and_nothing_is_done_to_it(source, shop):
    change(shop, "ALTER TABLE client ADD COLUMN second_email text, ADD COLUMN points int")
    again(source)
    again(source)
    assert told(source, "new_column", "unclassified_text") == {
        ("unclassified_text", "public.client", ("second_email",)),
        ("new_column", "public.client", ("points",)),
    }
    dataset = source.datasets.get(table_name="client")
    field = dataset.fields.get(column="second_email")
    assert (field.category, field.on_erasure, field.identifier_kind) == ("unclassified", "keep", "")
    assert field.suggestion_reason.startswith("probably contact details (by its name); suggested: replace by an addr")
    assert dataset.confirmed_at is not None
    dataset.fields.filter(category=DataCategory.UNCLASSIFIED).update(category=DataCategory.BUSINESS)
    confirm_dataset(dataset=dataset, actor=SYSTEM)
    assert told(source, "new_column", "unclassified_text") == set()


def test_a_table_that_erasures_reach_is_told_until_somebody_says_when_its_rows_came_about(source, shop):
    change(shop, "ALTER TABLE visit ADD arrived_on date, ADD updated_at timestamptz;"
                 " ALTER TABLE country ADD founded_on date")  # fmt: skip
    again(source)
    Field.objects.filter(category=DataCategory.UNCLASSIFIED).update(category=DataCategory.BUSINESS)
    visit = source.datasets.get(table_name="visit")
    confirm_dataset(dataset=visit, actor=SYSTEM)
    assert told(source, "no_created_column") == {("no_created_column", "public.visit", ("arrived_on",))}
    Dataset.objects.filter(pk=visit.pk).update(created_column="arrived_on")
    confirm_dataset(dataset=visit, actor=SYSTEM)
    assert told(source, "no_created_column") == set()
    Dataset.objects.filter(pk=visit.pk).update(created_column="", on_erasure="keep", keep_reason="Books")
    reconcile_map(source)
    assert told(source, "no_created_column") == set()


def test_that_no_column_says_when_rows_came_about_is_said_once(source, shop, make_officer):
    change(shop, "ALTER TABLE visit ADD arrived_on date")
    again(source)
    finding = Finding.objects.get(source=source, code="no_created_column", resolved_at=None)
    dismiss_finding(finding=finding, reason="It is the day of the flight.", officer=make_officer())
    again(source)
    assert told(source, "no_created_column") == set()
    change(shop, "ALTER TABLE visit ADD noted_at timestamptz")
    again(source)
    assert told(source, "no_created_column") == {("no_created_column", "public.visit", ("arrived_on", "noted_at"))}


def test_what_vanished_is_told_until_it_is_back(source, shop):
    change(shop, "ALTER TABLE client RENAME COLUMN birth_date TO born; ALTER TABLE visit RENAME TO visits")
    again(source)
    kinds = ("vanished_table", "vanished_column")
    assert told(source, *kinds) == {
        ("vanished_column", "public.client", ("birth_date",)),
        ("vanished_table", "public.visit", ()),
    }
    change(shop, "ALTER TABLE client RENAME COLUMN born TO birth_date; ALTER TABLE visits RENAME TO visit")
    again(source)
    assert told(source, *kinds) == set()


def test_what_is_gone_for_good_is_taken_out_of_the_map_by_an_officer(source, shop):
    visit = source.datasets.get(table_name="visit")
    with pytest.raises(DatasetInUse):
        forget_dataset(dataset=visit, actor=SYSTEM)
    change(shop, "ALTER TABLE client DROP COLUMN birth_date; DROP TABLE visit")
    again(source)
    confirm_dataset(dataset=source.datasets.get(table_name="client"), actor=SYSTEM)
    forget_dataset(dataset=visit, actor=SYSTEM)
    assert told(source, "vanished_table", "vanished_column") == set()
    assert set(source.datasets.values_list("table_name", flat=True)) == {"client", "country"}
    assert not Field.objects.filter(column="birth_date").exists()


def test_a_changed_type_is_told_until_the_table_is_confirmed_again(source, shop):
    change(shop, "ALTER TABLE client ALTER COLUMN birth_date TYPE timestamp")
    again(source)
    again(source)
    assert told(source, "changed_type") == {("changed_type", "public.client", ("birth_date",))}
    confirm_dataset(dataset=source.datasets.get(table_name="client"), actor=SYSTEM)
    assert told(source, "changed_type") == set()


def test_personal_data_without_a_purpose_is_told_and_keys_are_not(source):
    client = source.datasets.get(table_name="client")
    for field in client.fields.all():
        field.purposes.clear()
    reconcile_map(source)
    assert told(source, "field_without_purpose") == {
        ("field_without_purpose", "public.client", ("email", "birth_date"))
    }
    for field in client.fields.filter(column__in=["email", "birth_date"]):
        field.purposes.set(Purpose.objects.all())
    reconcile_map(source)
    assert told(source, "field_without_purpose") == set()


@pytest.mark.parametrize(("days", "silence", "expected"), [(6, 7, 0), (8, 7, 1), (8, 9, 0), (1, 1, 1)])
def test_a_silent_source_is_told_after_as_many_days_as_the_organisation_says(source, days, silence, expected):
    OrganisationProfile.objects.update(source_silence_days=silence)
    source.last_seen_at = timezone.now() - timedelta(days=days)
    source.save()
    reconcile_map(source)
    assert len(told(source, "source_not_seen")) == expected


def test_a_source_that_is_switched_off_has_nothing_to_tell(source):
    again(source)
    assert len(told(source)) == 3
    assert open_findings().count() == 3
    source.is_active = False
    source.save()
    reconcile_map(source)
    assert open_findings().count() == 0


def test_a_key_without_index_triggers_and_a_table_without_key_are_told(source, shop):
    kinds = ("foreign_key_without_index", "triggers", "no_primary_key")
    assert told(source, *kinds) == set()
    change(shop, """DROP INDEX visit_client_id_idx; CREATE TABLE loose (a int);
        CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER keeps AFTER UPDATE ON client EXECUTE FUNCTION keep()""")  # fmt: skip
    again(source)
    assert told(source, *kinds) == {
        ("foreign_key_without_index", "public.visit", ()),
        ("triggers", "public.client", ()),
        ("no_primary_key", "public.loose", ()),
    }
    remedy = Finding.objects.get(code="foreign_key_without_index").remedy
    assert remedy == 'CREATE INDEX CONCURRENTLY ON "public"."visit" ("client_id");'
    change(shop, f"{remedy.replace('CONCURRENTLY ', '')} DROP TRIGGER keeps ON client; DROP TABLE loose")
    again(source)
    assert told(source, *kinds) == set()


def test_findings_of_a_source_rest_with_it_and_so_does_what_officers_said_of_them(source, officer, officer_client):
    again(source)
    dismissed = Finding.objects.get(code="excessive_rights")
    dismiss_finding(finding=dismissed, reason="A scratch database", officer=officer)

    def shown() -> list[bool]:
        open_ones, dismissed_ones = (f"/officer/datamap/finding/?show={each}" for each in ("open", "dismissed"))
        return [
            "No retention rule" in text(officer_client.get(open_ones)),
            "A scratch database" in text(officer_client.get(dismissed_ones)),
        ]

    assert shown() == [True, True]
    page = f"/officer/datamap/source/{source.pk}/change/"
    officer_client.post(page, {"name": source.name})
    assert (shown(), open_findings().count()) == ([False, False], 0)
    Dataset.objects.filter(source=source, table_name="visit").update(confirmed_at=None)
    officer_client.post(page, {"name": source.name, "is_active": "on"})
    assert shown() == [True, True]
    assert {(each.code, each.place) for each in open_findings()} == {
        ("no_retention_rule", "public.client"),
        ("no_retention_rule", "public.visit"),
        ("to_be_confirmed", "public.visit"),
    }


def test_a_report_that_names_what_is_gone_does_not_say_that_nothing_stands_in_the_way(source, shop, officer_client):
    page = f"/officer/datamap/source/{source.pk}/discover/"
    in_the_way = "The data map names what is not there any more. What that stops, and what to do"
    assert in_the_way not in text(officer_client.post(page))
    change(shop, "DROP TABLE visit")
    shown = text(officer_client.post(page))
    assert in_the_way in shown
    assert [words for words in ("Nothing stands in the way", "Nothing new is there") if words in shown] == []


def test_a_view_that_keeps_copies_and_a_table_of_another_database_are_told(source, shop, officer_client):
    kinds = ("stored_view", "foreign_table")
    assert told(source, *kinds) == set()
    change(shop, """CREATE VIEW named AS SELECT id, email FROM client;
        CREATE MATERIALIZED VIEW "Monthly" AS SELECT c.id, n.email FROM client c JOIN named n USING (id);
        CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
        CREATE FOREIGN TABLE old_client (email text) SERVER files OPTIONS (filename '/nowhere')""")  # fmt: skip
    shown = text(officer_client.post(f"/officer/datamap/source/{source.pk}/discover/"))
    assert told(source, *kinds) == {
        ("stored_view", "public.Monthly", ("public.client", "public.named")),
        ("foreign_table", "public.old_client", ()),
    }
    remedy = 'REFRESH MATERIALIZED VIEW "public"."Monthly";'
    assert Finding.objects.get(code="stored_view").remedy == remedy
    assert [words for words in (remedy, "Views: they keep no rows", "public.named") if words not in shown] == []
    assert source.datasets.filter(table_name__in=["Monthly", "named", "old_client"]).count() == 0
    change(shop, 'DROP MATERIALIZED VIEW "Monthly"; DROP FOREIGN TABLE old_client')
    again(source)
    assert told(source, *kinds) == set()


def test_a_type_that_our_login_compares_in_another_way_is_told_with_the_statement_that_mends_it(
    source, shop, officer_client
):
    client = source.datasets.get(table_name="client")
    change(shop, """CREATE SCHEMA extensions; CREATE EXTENSION citext SCHEMA extensions;
        ALTER TABLE client ALTER email TYPE extensions.citext""")  # fmt: skip
    shown = text(officer_client.post(f"/officer/datamap/source/{source.pk}/discover/"))
    finding = Finding.objects.get(code="out_of_path")
    assert (finding.place, finding.remedy in shown) == ("public.client", True)
    warnings: list[str] = []
    confirm_dataset(dataset=client, actor=SYSTEM, tell_untried=warnings.append)
    assert [finding.remedy in each for each in warnings] == [True]
    with open_for_engine(source) as engine, pytest.raises(InvalidSpec, match="would be told apart"):
        resolve_subject(engine, specs_of(datasets_of(source)), [Identifier("email", "ama@example.com")])
    change(shop, finding.remedy)
    again(source)
    assert told(source, "out_of_path") == set()
    confirm_dataset(dataset=client, actor=SYSTEM, tell_untried=warnings.append)
    assert len(warnings) == 1


def test_a_table_from_which_others_inherit_is_told_and_no_key_of_it_names_rows_of_theirs(source, shop, officer_client):
    change(shop, """CREATE TABLE vip (PRIMARY KEY (id)) INHERITS (client);
        INSERT INTO client VALUES (1, 'anna@example.com');
        INSERT INTO vip VALUES (1, 'zoe@example.com')""")  # fmt: skip
    anna = [Identifier("email", "anna@example.com")]
    with open_for_engine(source) as engine, pytest.raises(InvalidSpec, match="may name rows of two people"):
        resolve_subject(engine, specs_of(datasets_of(source)), anna)
    text(officer_client.post(f"/officer/datamap/source/{source.pk}/discover/"))
    assert told(source, "other_table", "vanished_table") == {
        ("other_table", "public.client", ()),
        ("vanished_table", "public.client", ()),
    }
    assert source.datasets.get(table_name="vip").primary_key == ["id"]
    change(shop, "ALTER TABLE vip NO INHERIT client")
    again(source)
    assert told(source, "other_table", "vanished_table") == set()
    with open_for_engine(source) as engine:
        found = resolve_subject(engine, specs_of(datasets_of(source)), anna)
    assert found.keys_of("public.client") == (("1",),)


def test_everything_that_the_engine_finds_in_a_source_has_words_for_officers():
    tree = ast.parse(inspect.getsource(introspect))
    made = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and ast.unparse(each.func) == "Finding"]
    codes = {each.args[0].value for each in made}
    assert len(codes) > 5
    assert codes - set(FindingCode.values) == set()
    assert codes - set(FINDING_WORDS) == set()
    assert codes - set(OF_THE_SOURCE) == set()


def test_a_table_without_transactions_is_told_on_the_page_of_findings(alpha, officer_client):
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:
        cursor.execute("CREATE TABLE visit (id int PRIMARY KEY, email varchar(80)) ENGINE=MyISAM")
        shop = connect_source(name="Shop", address=address, actor=SYSTEM)
        discover(source=shop, actor=SYSTEM)
        response = officer_client.get("/officer/datamap/finding/")
    assert (response.status_code, "Table without transactions" in text(response)) == (200, True)


def test_a_table_of_mariadb_that_keeps_its_history_and_an_index_of_texts_in_sqlite_are_told(alpha, settings, tmp_path):
    with mariadb.scratch_database() as (address, client), client.cursor() as cursor:
        cursor.execute("CREATE TABLE visit (id int PRIMARY KEY, email varchar(80)) WITH SYSTEM VERSIONING")
        cursor.execute("CREATE VIEW seen AS SELECT email FROM visit")
        versioned = connect_source(name="Versioned", address=address, actor=SYSTEM)
        assert [each.rpartition(".")[2] for each in discover(source=versioned, actor=SYSTEM).views] == ["seen"]
    settings.SQLITE_SOURCE_DIRECTORIES = {"alpha": [tmp_path]}
    with closing(sqlite3.connect(tmp_path / "shop.db")) as file:
        file.execute("CREATE VIRTUAL TABLE letter USING fts5 (body)")
    searched = connect_source(name="Searched", address=f"sqlite:///{tmp_path / 'shop.db'}", actor=SYSTEM)
    discover(source=searched, actor=SYSTEM)
    found = {place.rpartition(".")[2] for each in (versioned, searched) for _c, place, _n in told(each, "other_table")}
    assert found == {"visit", "letter"}


@pytest.fixture
def login(shop):
    """A login of its own; gives its name."""
    name = f"desk_{connection.settings_dict['NAME'][-8:]}_{psycopg.conninfo.conninfo_to_dict(shop)['dbname'][-6:]}"
    role, database = sql.Identifier(name), sql.Identifier(psycopg.conninfo.conninfo_to_dict(shop)["dbname"])
    with psycopg.connect(shop, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        admin.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        admin.execute(sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
        admin.execute(sql.SQL("GRANT SELECT, UPDATE, DELETE ON client, visit, country TO {}").format(role))
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role))
    yield name
    with psycopg.connect(shop, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP OWNED BY {}").format(role))
        admin.execute(sql.SQL("DROP ROLE {}").format(role))


@pytest.fixture
def modest(source, login) -> Source:
    """The source, reached by the login that may do what it must."""
    source.address = source.address.replace("postgres@", f"{login}@").replace("postgres:", f"{login}:")
    source.save()
    again(source)
    return source


RIGHTS = ("missing_rights", "excessive_rights")


def test_a_login_with_just_its_rights_is_not_told(modest):
    assert told(modest, *RIGHTS) == set()


@pytest.mark.parametrize(
    ("grant", "take", "said"),
    [
        ("GRANT INSERT, TRUNCATE ON client TO {}", "REVOKE INSERT, TRUNCATE ON client FROM {}",
         ("INSERT (public.client)", "TRUNCATE (public.client)")),
        ("GRANT CREATE ON SCHEMA public TO {}", "REVOKE CREATE ON SCHEMA public FROM {}", ("CREATE TABLE (public)",)),
        ("ALTER ROLE {} CREATEDB", "ALTER ROLE {} NOCREATEDB", ("CREATEDB",)),
        ("CREATE TABLE loose (a int); GRANT DELETE ON loose TO {}", "DROP TABLE loose",
         ("DELETE outside the data map (public.loose)",)),
    ],
)  # fmt: skip
def test_a_login_that_may_do_more_is_told(modest, shop, login, grant, take, said):
    change(shop, grant.format(login))
    again(modest)
    assert told(modest, *RIGHTS) == {("excessive_rights", "", said)}
    change(shop, take.format(login))
    again(modest)
    assert told(modest, *RIGHTS) == set()


def test_a_right_that_is_missing_is_told_where_the_data_map_needs_it(modest, shop, login):
    change(shop, f"REVOKE UPDATE, DELETE ON client, country FROM {login}")
    again(modest)
    assert told(modest, *RIGHTS) == {("missing_rights", "public.client", ("UPDATE",))}
    change(shop, f"GRANT UPDATE ON client TO {login}")
    again(modest)
    assert told(modest, *RIGHTS) == set()


def seen(source, *observations: Observation):
    return reconcile(source=source, codes=[FindingCode.TRIGGERS], seen=observations)


def test_a_dismissed_finding_is_told_again_only_when_it_grows(source, officer):
    seen(source, Observation("triggers", "public.client", names=("a", "b"), count=2))
    finding = Finding.objects.get(code="triggers")
    dismiss_finding(finding=finding, reason="Only writes a log", officer=officer)
    seen(source, Observation("triggers", "public.client", names=("b",), count=1))
    assert told(source, "triggers") == set()
    seen(source, Observation("triggers", "public.client", names=("b", "c"), count=1))
    assert told(source, "triggers") == {("triggers", "public.client", ("b", "c"))}
    finding.refresh_from_db()
    assert (finding.dismissed_by, finding.dismissed_reason) == (None, "")


def test_a_finding_that_was_resolved_is_raised_anew(source):
    first = seen(source, Observation("triggers", "public.client"))
    gone = seen(source)
    new = seen(source, Observation("triggers", "public.client"))
    assert [(each.raised, each.resolved) for each in (first, gone, new)] == [(1, 0), (0, 1), (1, 0)]
    assert Finding.objects.filter(code="triggers").count() == 2


def test_the_same_thing_is_not_open_twice(source):
    seen(source, Observation("triggers", "public.client"))
    copy = Finding.objects.get(code="triggers")
    copy.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_a_dismissal_names_reason_and_officer_and_can_be_taken_back(source, officer):
    seen(source, Observation("triggers", "public.client"))
    finding = Finding.objects.get(code="triggers")
    for reason in ("", "   ", "x" * 201):
        with pytest.raises(ReasonMissing):
            dismiss_finding(finding=finding, reason=reason, officer=officer)
    dismiss_finding(finding=finding, reason="Only writes a log", officer=officer)
    with pytest.raises(FindingNotOpen):
        dismiss_finding(finding=finding, reason="Again", officer=officer)
    reopen_finding(finding=finding, officer=officer)
    with pytest.raises(FindingNotOpen):
        reopen_finding(finding=finding, officer=officer)
    acts = LedgerEntry.objects.filter(object_id=str(finding.pk)).order_by("pk").values_list("action", "actor_id")
    assert list(acts) == [("finding.dismissed", str(officer.pk)), ("finding.reopened", str(officer.pk))]


def test_every_active_source_is_read_once_a_day(source, shop, alpha):
    change(shop, "ALTER TABLE client ADD COLUMN nickname text")
    assert sources_due(JobHandle(1, "daily", 1, "me")) is True
    assert sources_due(JobHandle(2, "daily", 1, "me")) is True
    (job,) = Job.objects.filter(schema_name=alpha.schema_name, kind=LOOK_JOB)
    assert look_at_source(JobHandle(job.pk, job.slot, 1, "me")) is True
    assert told(source, "unclassified_text") == {("unclassified_text", "public.client", ("nickname",))}
    assert DUE_JOB == "datamap.sources_due"


def test_a_source_that_is_away_is_tried_again_and_told_in_time(source):
    source.address = source.address.replace("port=5432", "port=1")
    source.last_seen_at = timezone.now() - timedelta(days=30)
    source.save()
    with pytest.raises(Retry, match="source_unreachable"):
        look_at_source(JobHandle(1, f"{source.pk}:today", 1, "me"))
    assert told(source, "source_not_seen") == {("source_not_seen", "", ())}


def test_a_look_that_fails_unforeseen_is_told_at_the_source_until_one_succeeds(source, monkeypatch):
    job = JobHandle(1, f"{source.pk}:today", 1, "me")
    look_at_source(job)
    source.refresh_from_db()
    assert source.look_failed_at is None

    def stumble(*_anything):
        raise ValueError("ama.mensah@example.com")

    with monkeypatch.context() as broken:
        broken.setattr(discovering, "_bring_up_to_date", stumble)
        with pytest.raises(ValueError, match="ama"):
            look_at_source(job)
    source.refresh_from_db()
    assert abs(source.look_failed_at - timezone.now()) < timedelta(minutes=1)
    (entry,) = LedgerEntry.objects.filter(action="source.look_failed")
    assert (entry.object_id, entry.data) == (str(source.pk), {})
    look_at_source(job)
    source.refresh_from_db()
    assert source.look_failed_at is None


@pytest.mark.parametrize(
    ("error", "raised", "failed"), [(SourceRefused, SourceNotUsable, True), (SourceBusy, Retry, False)]
)
def test_a_source_that_refuses_what_a_look_asks_is_not_asked_for_ever(source, monkeypatch, error, raised, failed):
    def refuse(*_anything):
        raise error("no")

    monkeypatch.setattr(discovering, "shapes_in", refuse)
    Dataset.objects.all().delete()  # so that every table is looked into
    with pytest.raises(raised):
        look_at_source(JobHandle(1, f"{source.pk}:today", 1, "me"))
    source.refresh_from_db()
    assert (source.look_failed_at is not None) == failed


def test_a_look_that_is_tried_again_by_itself_is_no_failed_one(source, monkeypatch):
    def lose_the_database(*_anything):
        raise OperationalError

    monkeypatch.setattr(discovering, "_bring_up_to_date", lose_the_database)
    with pytest.raises(OperationalError):
        look_at_source(JobHandle(1, f"{source.pk}:today", 1, "me"))
    source.refresh_from_db()
    assert source.look_failed_at is None


PARTITIONED = """
    CREATE TABLE mail (id int, sent_on date, email text, PRIMARY KEY (id, sent_on)) PARTITION BY RANGE (sent_on);
    CREATE TABLE mail_2026 PARTITION OF mail FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"""


@pytest.fixture
def listed_partition(source, shop) -> Dataset:
    """A partition in a data map from before partitions were read as parts, and the whole beside it, not confirmed."""
    change(shop, PARTITIONED)
    discover(source=source, actor=SYSTEM)
    assert source.datasets.get(table_name="mail").is_new
    assert not source.datasets.filter(table_name="mail_2026").exists()
    return Dataset.objects.create(
        source=source, table_schema="public", table_name="mail_2026", label="Mail", primary_key=["id", "sent_on"],
        on_erasure="delete", confirmed_at=timezone.now(),
    )  # fmt: skip


def confirm_the_whole(source: Source) -> None:
    whole = source.datasets.get(table_name="mail")
    whole.fields.update(category=DataCategory.BUSINESS, on_erasure="keep", on_retention="keep", keep_reason="Law")
    Dataset.objects.filter(pk=whole.pk).update(on_erasure="keep", keep_reason="Law")
    confirm_dataset(dataset=whole, actor=SYSTEM)


def test_a_partition_that_is_listed_by_itself_is_told_as_one_until_the_whole_is_confirmed(source, listed_partition):
    discover(source=source, actor=SYSTEM)
    told = Finding.objects.filter(place="public.mail_2026", resolved_at=None)
    assert [(each.code, each.names) for each in told] == [("partition_listed", ["public.mail"])]
    assert Dataset.objects.filter(pk=listed_partition.pk).exists()
    confirm_the_whole(source)
    discover(source=source, actor=SYSTEM)
    assert not Dataset.objects.filter(pk=listed_partition.pk).exists()
    assert not Finding.objects.filter(code="partition_listed", resolved_at=None).exists()
    assert LedgerEntry.objects.filter(action="dataset.forgotten").latest("pk").data == {"table": "public.mail_2026"}


def test_a_partition_by_which_other_rows_are_reached_stays_until_it_is_not_named(source, listed_partition):
    visit = source.datasets.get(table_name="visit")
    Dataset.objects.filter(pk=visit.pk).update(parent=listed_partition)
    confirm_the_whole(source)
    discover(source=source, actor=SYSTEM)
    assert Finding.objects.filter(code="partition_listed", resolved_at=None).count() == 1
    Dataset.objects.filter(pk=visit.pk).update(parent=source.datasets.get(table_name="mail"))
    discover(source=source, actor=SYSTEM)
    assert not Dataset.objects.filter(pk=listed_partition.pk).exists()


def test_a_table_that_is_gone_and_no_partition_is_told_as_vanished(source, shop, listed_partition):
    change(shop, "DROP TABLE mail")
    discover(source=source, actor=SYSTEM)
    told = Finding.objects.filter(place="public.mail_2026", resolved_at=None)
    assert [each.code for each in told] == ["vanished_table"]
