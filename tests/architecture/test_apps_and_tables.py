"""Every table is in one place, belongs to the right role, and what is sealed cannot be changed."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection

from privacy.ledger.models import LedgerEntry
from privacy.ledger.sealed import SealedRow
from privacy.officers.models import Officer
from privacy.register.models import Disclosure
from privacy.tenants.checks import OURS, each_app_lives_in_one_place, schema_per_cursor
from privacy.tenants.context import public_context
from privacy.tenants.names import role_name_for
from privacy.tenants.privileges import append_only_tables, unchangeable_tables
from requests.models import ClockEvent

SEALED = [model for model in apps.get_models() if issubclass(model, SealedRow)]


def privileges(alpha, table: str) -> set[str]:
    """What the organisation's role may do with a table of its own schema."""
    role = role_name_for(connection.settings_dict["NAME"], alpha.schema_name)
    asked = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
    with public_context(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT p FROM unnest(%s::text[]) p WHERE has_table_privilege(%s, %s, p)",
            [asked, role, f'"{alpha.schema_name}"."{table}"'],
        )
        return {name for (name,) in cursor.fetchall()}


def test_there_are_sealed_tables():
    assert LedgerEntry in SEALED
    assert len(SEALED) >= 2


@pytest.mark.parametrize("model", SEALED, ids=lambda model: model._meta.label)
def test_what_is_sealed_can_be_added_and_read_and_nothing_else(alpha, model):
    assert privileges(alpha, model._meta.db_table) == {"SELECT", "INSERT"}
    assert model._meta.db_table in append_only_tables()


@pytest.mark.parametrize("table", append_only_tables())
def test_what_is_append_only_can_be_added_and_read_and_nothing_else(alpha, table):
    assert privileges(alpha, table) == {"SELECT", "INSERT"}


@pytest.mark.parametrize("table", unchangeable_tables())
def test_what_is_unchangeable_can_be_added_and_goes_with_its_file(alpha, table):
    assert privileges(alpha, table) == {"SELECT", "INSERT", "DELETE"}


def test_events_of_clocks_and_disclosures_are_unchangeable():
    assert unchangeable_tables().keys() >= {ClockEvent._meta.db_table, Disclosure._meta.db_table}


def test_an_ordinary_table_can_be_changed_and_not_emptied_at_once(alpha):
    assert privileges(alpha, Officer._meta.db_table) == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_which_migrations_were_applied_can_only_be_read(alpha):
    assert privileges(alpha, "django_migrations") == {"SELECT"}


@pytest.mark.parametrize("model", SEALED, ids=lambda model: model._meta.label)
def test_every_field_of_a_sealed_row_is_sealed(model):
    by_the_base = {field.name for field in SealedRow._meta.fields}
    own = {field.attname for field in model._meta.concrete_fields if field.name not in by_the_base}
    assert own - set(model.sealed_fields) == set()
    assert set(model.sealed_fields) - own == set()


def test_no_table_belongs_to_the_role_that_uses_it(alpha):
    """The owner of a table may do anything with it, whatever was granted."""
    with public_context(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = %s::regnamespace"
            " AND relkind IN ('r', 'p', 'S', 'v', 'm')",
            [alpha.schema_name],
        )
        owners = dict(cursor.fetchall())
        cursor.execute("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = %s", [alpha.schema_name])
        owners["(schema)"] = cursor.fetchone()[0]
        cursor.execute("SELECT session_user")
        ours = cursor.fetchone()[0]
    assert len(owners) > 50
    assert set(owners.values()) == {ours}
    assert ours != role_name_for(connection.settings_dict["NAME"], alpha.schema_name)


def test_an_organisations_role_has_no_power_of_its_own(alpha):
    role = role_name_for(connection.settings_dict["NAME"], alpha.schema_name)
    with public_context(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls FROM pg_roles"
            " WHERE rolname = %s",
            [role],
        )
        assert cursor.fetchall() == [(False,) * 6]
        cursor.execute("SELECT has_schema_privilege(%s, %s, 'CREATE')", [role, alpha.schema_name])
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [role])
        assert cursor.fetchone() == (False,)


def test_in_the_public_schema_a_role_has_what_it_needs_and_no_more(alpha):
    role = role_name_for(connection.settings_dict["NAME"], alpha.schema_name)
    with public_context(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, p FROM pg_class, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"
            " AND has_table_privilege(%s, pg_class.oid, p) ORDER BY 1, 2",
            [role],
        )
        assert cursor.fetchall() == [
            ("django_content_type", "SELECT"),
            *[(table, right) for table in ("jobs_job", "jobs_schedule") for right in ("INSERT", "SELECT", "UPDATE")],
        ]


def test_no_app_of_ours_is_in_both_lists(settings):
    assert each_app_lives_in_one_place() == []
    assert [name for name in settings.SHARED_APPS if name.startswith(OURS) and name in settings.TENANT_APPS] == []
    settings.TENANT_APPS = [*settings.TENANT_APPS, "privacy.jobs"]
    assert [error.id for error in each_app_lives_in_one_place()] == ["privacy_desk.E001"]


def test_no_table_of_ours_is_in_the_public_schema_and_in_an_organisations(alpha):
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith(OURS)}
    ours = {
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.app_label in labels
    }
    with public_context(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' INTERSECT"
            " SELECT tablename FROM pg_tables WHERE schemaname = %s",
            [alpha.schema_name],
        )
        both = {name for (name,) in cursor.fetchall()}
    assert both & ours == set()
    assert both == {"django_migrations", "django_session"}


def test_the_schema_is_set_for_every_cursor(settings):
    assert schema_per_cursor() == []
    settings.TENANT_LIMIT_SET_CALLS = True
    assert [error.id for error in schema_per_cursor()] == ["privacy_desk.E002"]


def test_the_checks_of_the_project_are_registered_and_pass():
    from django.core.checks.registry import registry

    assert {"each_app_lives_in_one_place", "schema_per_cursor"} <= {
        check.__name__ for check in registry.registered_checks
    }
    assert run_checks(tags=["privacy_desk"]) == []


def test_content_types_are_shared_so_that_their_numbers_are_the_same_everywhere():
    assert "django.contrib.contenttypes" in settings.SHARED_APPS
    assert "django.contrib.contenttypes" not in settings.TENANT_APPS
