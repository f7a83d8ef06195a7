"""Migrations of the organisations' tables, with a migration that is written for the test and really run."""

import sys
import types

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from privacy.tenants import schema_version
from privacy.tenants.context import enter_organisation, public_context
from privacy.tenants.errors import OrganisationNotServed
from privacy.tenants.migrating import lagging_organisations, migrate_everything
from privacy.tenants.models import Organisation, RenderedMigration, SchemaSnapshot
from privacy.tenants.names import TEMPLATE_SCHEMA
from tests.conftest import make_organisation

APP, NAME = "letters", "9999_written_for_a_test"


def _nothing(apps, schema_editor):
    pass


def _mark(apps, schema_editor):
    schema_editor.execute("COMMENT ON TABLE letters_letter IS 'marked by Python'")


def _forget_versions():
    schema_version.expected_migrations.cache_clear()
    schema_version.expected_version.cache_clear()


@pytest.fixture
def with_migration(monkeypatch):
    """Put one more migration on disk, as the loader sees the disk."""
    real = MigrationLoader.load_disk

    def install(*operations):
        def load_disk(self):
            real(self)
            leaf = max(name for app, name in self.disk_migrations if app == APP)
            body = {"dependencies": [(APP, leaf)], "operations": list(operations)}
            migration = type("Migration", (migrations.Migration,), body)
            module = types.ModuleType(f"privacy.letters.migrations.{NAME}")
            monkeypatch.setitem(sys.modules, module.__name__, module)
            self.disk_migrations[APP, NAME] = migration(NAME, APP)

        monkeypatch.setattr(MigrationLoader, "load_disk", load_disk)
        _forget_versions()

    yield install
    monkeypatch.undo()
    _forget_versions()


@pytest.fixture
def restored(committed, _organisations):
    """Undo by hand what the tests of this file commit, in every schema."""
    yield committed
    schemas = [TEMPLATE_SCHEMA, committed.schema_name, *(each.schema_name for each in _organisations.values())]
    with public_context(), connection.cursor() as cursor:
        for schema in schemas:
            cursor.execute(f'ALTER TABLE "{schema}".letters_letter DROP COLUMN IF EXISTS colour')
            cursor.execute(f'COMMENT ON TABLE "{schema}".letters_letter IS NULL')
            cursor.execute(f'DELETE FROM "{schema}".django_migrations WHERE name = %s', [NAME])
        RenderedMigration.objects.all().delete()
        _forget_versions()
        Organisation.objects.update(schema_version=schema_version.expected_version())
        SchemaSnapshot.objects.exclude(version=schema_version.expected_version()).delete()


ADD_COLOUR = migrations.AddField("letter", "colour", models.CharField(max_length=10, default="", db_default="blue"))


def _columns(schema):
    with public_context(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = %s AND table_name = 'letters_letter'",
            [schema],
        )
        return {name for (name,) in cursor.fetchall()}


def test_a_migration_reaches_the_template_and_every_organisation(restored, beta_schema, with_migration):
    assert lagging_in_public() == {}
    with_migration(ADD_COLOUR)
    assert lagging_in_public()[restored.schema_name] == {(APP, NAME)}
    assert migrate_everything(report=lambda line: None) == []
    assert lagging_in_public() == {}
    for schema in (TEMPLATE_SCHEMA, restored.schema_name, beta_schema):
        assert "colour" in _columns(schema)
    with public_context():
        assert "colour" in RenderedMigration.objects.get(name=NAME).sql


def test_an_organisation_that_lags_is_not_served_until_it_has_caught_up(restored, with_migration):
    with enter_organisation(restored.schema_name):
        pass
    with_migration(ADD_COLOUR)
    with pytest.raises(OrganisationNotServed, match="migrate_organisations"), enter_organisation(restored.schema_name):
        pass
    migrate_everything(report=lambda line: None)
    with enter_organisation(restored.schema_name) as organisation:
        assert organisation == restored


def test_a_migration_in_python_runs_in_every_organisation(restored, with_migration):
    with_migration(migrations.RunPython(_mark, _nothing))
    assert migrate_everything(report=lambda line: None) == []
    with public_context(), connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(%s::regclass)", [f'"{restored.schema_name}".letters_letter'])
        assert cursor.fetchone() == ("marked by Python",)
        assert RenderedMigration.objects.get(name=NAME).sql is None


def test_a_migration_in_python_that_fails_in_one_organisation_reaches_the_others(restored, beta_schema, with_migration):
    def mark(apps, schema_editor):
        if schema_editor.connection.schema_name == restored.schema_name:
            raise ValueError("ama.mensah@example.com is no number")
        _mark(apps, schema_editor)

    lines = []
    with_migration(migrations.RunPython(mark, _nothing))
    assert migrate_everything(report=lines.append) == [restored.schema_name]
    assert f"{restored.schema_name}: failed (ValueError, SQLSTATE none); try again later" in lines
    assert "mensah" not in "".join(lines)
    assert list(lagging_in_public()) == [restored.schema_name]
    with public_context(), connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(%s::regclass)", [f'"{beta_schema}".letters_letter'])
        assert cursor.fetchone() == ("marked by Python",)


def test_one_busy_organisation_does_not_hold_up_the_others(restored, beta_schema, with_migration):
    from tests.connections import second_connection

    with_migration(ADD_COLOUR)
    with second_connection(restored) as busy:
        busy.execute("BEGIN")
        busy.execute("SELECT count(*) FROM letters_letter")  # a reader is enough to keep DDL waiting
        assert migrate_everything(report=lambda line: None) == [restored.schema_name]
        assert "colour" in _columns(beta_schema)
        assert "colour" not in _columns(restored.schema_name)
        busy.execute("COMMIT")
    assert migrate_everything(report=lambda line: None) == []
    assert "colour" in _columns(restored.schema_name)


def test_organisations_made_after_the_migration_have_its_tables(restored, with_migration):
    with_migration(ADD_COLOUR)
    migrate_everything(report=lambda line: None)
    from privacy.tenants.provisioning import destroy_organisation

    late = make_organisation("latecomer")
    try:
        assert "colour" in _columns(late.schema_name)
    finally:
        destroy_organisation(organisation=late)


@pytest.fixture
def beta_schema(_organisations):
    return _organisations["beta"].schema_name


def lagging_in_public():
    with public_context():
        return lagging_organisations()
