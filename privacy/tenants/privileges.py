"""What each organisation's PostgreSQL role may do.

Danger: a right too many and one organisation can read another, or change the past.
Rule: the role gets its own schema and nothing else; on append-only tables it may INSERT and SELECT, on unchangeable
ones DELETE as well, because a file that goes by its retention rule goes whole; in the public schema it reads content
types, and sees and adds only its own rows of the job table (row-level security). Where a row may be changed until it
counts and never after, a trigger refuses it, to the owner of the tables as well.
"""

from typing import Any

from django.apps import apps

from privacy.tenants.db import connection
from privacy.tenants.names import role_name_for, shared_role_name_for
from privacy.tenants.schema_version import organisation_app_labels

_READ_ONLY_TABLES = ["django_migrations"]
_REFUSE_CHANGE = """
    CREATE OR REPLACE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'permission denied: what counts already in table % is not changed any more', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END $$"""


def append_only_tables() -> list[str]:
    """Tables of the models that declare `append_only = True`."""
    labels = organisation_app_labels()
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if getattr(model, "append_only", False) and model._meta.app_label in labels
    )


def unchangeable_tables() -> dict[str, str]:
    """Tables of the models that declare `unchangeable = True`, with the column of their primary key: rows are added,
    and go by a retention rule of their own or with what they belong to.
    """
    labels = organisation_app_labels()
    return {
        model._meta.db_table: model._meta.pk.attname
        for model in apps.get_models()
        if getattr(model, "unchangeable", False) and model._meta.app_label in labels
    }


def fixed_tables() -> dict[str, tuple[str, list[str]]]:
    """Tables of the models that declare `fixed_since`, the field that is empty until a row counts, and `fixed_fields`,
    which stay as they are from then on; both as columns.
    """
    labels = organisation_app_labels()
    found = {}
    for model in apps.get_models():
        since, fixed = getattr(model, "fixed_since", None), getattr(model, "fixed_fields", ())
        if since is not None and model._meta.app_label in labels:
            columns = {field.name: field.column or "" for field in model._meta.concrete_fields}
            found[model._meta.db_table] = columns[since], [columns[name] for name in fixed]
    return found


def row_guarded_tables() -> list[str]:
    """Public tables of the models that declare `row_guarded = True`: an organisation sees its own rows only."""
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "row_guarded", False))


def prepare_database() -> None:
    """Make the shared role and the row policies of the public schema. May be repeated; runs after each migration."""
    name = connection.settings_dict["NAME"]
    shared = shared_role_name_for(name)
    with connection.cursor() as cursor:
        _create_role(cursor, shared)
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{shared}"')
        cursor.execute(f'GRANT SELECT ON public.django_content_type TO "{shared}"')
        cursor.execute(_REFUSE_CHANGE)
        for table in row_guarded_tables():
            cursor.execute(f'GRANT SELECT, INSERT, UPDATE ON public."{table}" TO "{shared}"')
            cursor.execute(f'ALTER TABLE public."{table}" ENABLE ROW LEVEL SECURITY')
            cursor.execute(f'DROP POLICY IF EXISTS own_organisation ON public."{table}"')
            cursor.execute(
                f'CREATE POLICY own_organisation ON public."{table}" TO "{shared}" '
                "USING (current_user = current_database() || '_' || schema_name) "
                "WITH CHECK (current_user = current_database() || '_' || schema_name)"
            )


def grant_own_schema(schema_name: str) -> None:
    """Give an organisation's role its rights in its own schema. May be repeated; runs after each migration."""
    database = connection.settings_dict["NAME"]
    role, shared = role_name_for(database, schema_name), shared_role_name_for(database)
    with connection.cursor() as cursor:
        _create_role(cursor, role)
        cursor.execute(f'GRANT "{shared}" TO "{role}"')
        cursor.execute(f'GRANT USAGE ON SCHEMA "{schema_name}" TO "{role}"')
        cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{schema_name}" TO "{role}"')
        cursor.execute(f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "{schema_name}" TO "{role}"')
        for table in append_only_tables():
            cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{schema_name}"."{table}" FROM "{role}"')
        for table, key in unchangeable_tables().items():
            cursor.execute(f'REVOKE UPDATE, TRUNCATE ON "{schema_name}"."{table}" FROM "{role}"')
            # the engine locks rows before it deletes them, and nobody may lock who may change no column at all
            cursor.execute(f'GRANT UPDATE ("{key}") ON "{schema_name}"."{table}" TO "{role}"')
        for table, (since, columns) in fixed_tables().items():
            _fix(cursor, f'"{schema_name}"."{table}"', since, columns)
        for table in _READ_ONLY_TABLES:
            cursor.execute(f'REVOKE INSERT, UPDATE, DELETE ON "{schema_name}"."{table}" FROM "{role}"')


def drop_role(schema_name: str) -> None:
    """Remove an organisation's role together with what it may do in this database."""
    role = role_name_for(connection.settings_dict["NAME"], schema_name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone():
            cursor.execute(f'DROP OWNED BY "{role}"')
            cursor.execute(f'DROP ROLE "{role}"')


def _fix(cursor: Any, table: str, since: str, columns: list[str]) -> None:
    """Refuse changes of some columns once another one is filled, and emptying that one."""
    old, new = (", ".join(f'{row}."{column}"' for column in columns) for row in ("OLD", "NEW"))
    cursor.execute(f"DROP TRIGGER IF EXISTS stays_as_it_is ON {table}")
    cursor.execute(
        f"CREATE TRIGGER stays_as_it_is BEFORE UPDATE ON {table} FOR EACH ROW "
        f'WHEN (OLD."{since}" IS NOT NULL AND (NEW."{since}" IS NULL OR ({old}) IS DISTINCT FROM ({new}))) '
        "EXECUTE FUNCTION public.refuse_change()"
    )


def _create_role(cursor: Any, role: str) -> None:
    """Make a role that cannot log in and let our own login act as it."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if not cursor.fetchone():
        cursor.execute(f'CREATE ROLE "{role}" NOLOGIN')
    cursor.execute(f'GRANT "{role}" TO SESSION_USER')  # the maker of a role may not act as it before this
