"""The role of one organisation has no right on any table, sequence or schema of another."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.names import role_name_for

RIGHTS = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
TABLES = """
    SELECT c.relname, r FROM pg_class c, unnest(%s::text[]) r
     WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p', 'v') AND has_table_privilege(%s, c.oid, r)
"""
SEQUENCES = """
    SELECT c.relname, r FROM pg_class c, unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) r
     WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'S' AND has_sequence_privilege(%s, c.oid, r)
"""


def role(organisation) -> str:
    return role_name_for(connection.settings_dict["NAME"], organisation.schema_name)


def asked(query: str, *parameters) -> list[tuple]:
    with public_context(), connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()


def test_no_right_on_any_table_of_another_organisation(alpha, beta):
    assert asked(TABLES, RIGHTS, beta.schema_name, role(alpha)) == []
    assert asked(TABLES, RIGHTS, "organisation_template", role(alpha)) == []
    own = {table for table, _right in asked(TABLES, RIGHTS, alpha.schema_name, role(alpha))}
    names = set(settings.TENANT_APPS)
    tables = {model._meta.db_table for model in apps.get_models() if model._meta.app_config.name in names}
    assert tables - own == set()


def test_no_right_on_any_sequence_of_another_organisation(alpha, beta):
    assert asked(SEQUENCES, beta.schema_name, role(alpha)) == []
    assert len(asked(SEQUENCES, alpha.schema_name, role(alpha))) > 20


def test_another_schema_is_not_even_open(alpha, beta):
    query = "SELECT has_schema_privilege(%s, %s, 'USAGE')"
    assert [asked(query, role(alpha), name) for name in ("alpha", "beta", "organisation_template")] == [
        [(True,)], [(False,)], [(False,)],
    ]  # fmt: skip


def test_no_role_of_one_organisation_is_a_member_of_anothers(alpha, beta):
    assert asked("SELECT pg_has_role(%s, %s, 'MEMBER')", role(alpha), role(beta)) == [(False,)]
    assert asked("SELECT pg_has_role(%s, %s, 'MEMBER')", role(alpha), role(alpha)) == [(True,)]


@pytest.mark.parametrize(
    "model",
    [
        model
        for model in apps.get_models()
        if model._meta.app_label
        in ("subjects", "requests", "consent", "cookies", "announcements", "letters", "ledger", "officers")
    ],
    ids=lambda model: model._meta.label,
)
def test_a_statement_that_names_anothers_table_is_refused(alpha, beta, model):
    sql = f'SELECT count(*) FROM "{beta.schema_name}"."{model._meta.db_table}"'
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(sql)
    with organisation_context(beta), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.fetchone()[0] >= 0
