"""Bringing every schema up to date.

The public schema and the template are migrated by Django. Each migration of the organisations' tables is rendered to
SQL once, against the template, and then replayed schema by schema: milliseconds each, where Django's own way scans all
catalogs for every organisation. One organisation's failure is its own: the others go on, and it is not served until
a later call has caught it up.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import RunPython

from privacy.tenants.context import owner_context, public_context
from privacy.tenants.db import connection
from privacy.tenants.models import Organisation, RenderedMigration, SchemaSnapshot
from privacy.tenants.names import TEMPLATE_SCHEMA
from privacy.tenants.privileges import grant_own_schema, prepare_database
from privacy.tenants.schema_version import expected_migrations, expected_version
from privacy.tenants.template_sql import copy_rows_sql, render_template

Key = tuple[str, str]
_ADVISORY_LOCK = 7_203_415_118  # any number, as long as nothing else in this database takes the same
_SCHEMAS_PER_QUERY = 500


def migrate_everything(*, report: Callable[[str], None]) -> list[str]:
    """Migrate the public schema, the template, then every organisation that lags.

    Args:
        report: takes a line of progress.

    Returns:
        Names of the schemas that could not be migrated; they stay as they were.
    """
    with public_context():
        _lock()
        try:
            report("public schema")
            call_command("migrate", "--skip-checks", verbosity=0, interactive=False, only_this_schema=True)
            _migrate_template(report)
            prepare_database()
            return _migrate_organisations(report)
        finally:
            _unlock()


def lagging_organisations() -> dict[str, frozenset[Key]]:
    """Schema name and missing migrations of each organisation that is behind; one query for 500 schemas."""
    names = list(Organisation.objects.exclude(schema_version=expected_version()).values_list("schema_name", flat=True))
    missing: dict[str, frozenset[Key]] = {}
    for start in range(0, len(names), _SCHEMAS_PER_QUERY):
        part = names[start : start + _SCHEMAS_PER_QUERY]
        applied: dict[str, set[Key]] = {name: set() for name in part}
        with connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(f"SELECT '{name}', app, name FROM \"{name}\".django_migrations" for name in part)  # noqa: S608
            )
            for schema, app, migration in cursor.fetchall():
                applied[schema].add((app, migration))
        missing |= {schema: expected_migrations() - keys for schema, keys in applied.items()}
    return missing


def _migrate_template(report: Callable[[str], None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{TEMPLATE_SCHEMA}"')
    connection.set_schema(TEMPLATE_SCHEMA)
    try:
        plan = _template_plan()
        if plan and Organisation.objects.exists():
            for migration in plan:
                report(f"template: {migration.app_label}.{migration.name}")
                _render(migration)
                call_command(
                    "migrate", migration.app_label, migration.name, "--skip-checks", verbosity=0, only_this_schema=True
                )
        elif plan:
            report(f"template: {len(plan)} migrations")
        call_command("migrate", "--skip-checks", verbosity=0, interactive=False, only_this_schema=True)
        text = render_template() + copy_rows_sql()
    finally:
        connection.set_schema_to_public()
    SchemaSnapshot.objects.update_or_create(version=expected_version(), defaults={"sql": text})


def _template_plan() -> list[Migration]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [migration for migration, _ in plan if (migration.app_label, migration.name) in expected_migrations()]


def _render(migration: Migration) -> None:
    """Keep the migration as SQL, rendered while the template is exactly one migration behind it."""
    needs_python = any(isinstance(operation, RunPython) for operation in migration.operations)
    statements = MigrationExecutor(connection).loader.collect_sql([(migration, False)]) if not needs_python else None
    RenderedMigration.objects.update_or_create(
        app=migration.app_label,
        name=migration.name,
        defaults={"sql": None if statements is None else "\n".join(statements)},
    )


def _migrate_organisations(report: Callable[[str], None]) -> list[str]:
    failed = []
    order = [(m.app_label, m.name) for m, _ in _full_plan()]
    for schema_name, missing in lagging_organisations().items():
        organisation = Organisation.objects.get(schema_name=schema_name)
        try:
            _catch_up(organisation, [key for key in order if key in missing])
            report(f"{schema_name}: {len(missing)} migrations")
        except Exception as error:  # a migration in Python can raise anything; the others are not to wait for it
            failed.append(schema_name)
            report(f"{schema_name}: failed ({type(error).__name__}, SQLSTATE {_sqlstate(error)}); try again later")
    return failed


def _full_plan() -> list[tuple[Migration, bool]]:
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)


def _catch_up(organisation: Organisation, keys: Iterable[Key]) -> None:
    with transaction.atomic():
        with owner_context(organisation), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '3s'")
            for app, name in keys:
                _apply(cursor, app, name)
        grant_own_schema(organisation.schema_name)
        Organisation.objects.filter(pk=organisation.pk).update(schema_version=expected_version())


def _apply(cursor: Any, app: str, name: str) -> None:
    rendered = RenderedMigration.objects.filter(app=app, name=name).first()
    if rendered is None or rendered.sql is None:
        executor = MigrationExecutor(connection)
        executor.migrate([(app, name)])
        return
    if rendered.sql.strip():
        cursor.execute(rendered.sql)
    cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [app, name])


def _sqlstate(error: Exception) -> str:
    return getattr(error.__cause__, "sqlstate", None) or "none"


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])


def _unlock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])
