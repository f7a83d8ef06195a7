import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from privacy.officers.models import Officer
from privacy.tenants.context import organisation_context, owner_context, public_context
from privacy.tenants.errors import OrganisationInvalid
from privacy.tenants.models import Organisation
from privacy.tenants.names import TEMPLATE_SCHEMA
from privacy.tenants.provisioning import create_organisation
from privacy.tenants.template_sql import render_template

SHAPE = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
           replace(coalesce(pg_get_expr(d.adbin, d.adrelid), ''), %(schema)s || '.', '')
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r' ORDER BY 1, 2
"""
# PostgreSQL writes the casts of a list differently once it has read them back. What keeps a column from being NULL has
# a name since PostgreSQL 18, which a renamed column keeps and a new table does not get.
CONSTRAINTS = r"""
    SELECT c.relname, CASE WHEN k.contype <> 'n' THEN k.conname END, k.contype,
           regexp_replace(replace(pg_get_constraintdef(k.oid), %(schema)s || '.', ''),
                          '[()]|\[\]|::text|::character varying', '', 'g')
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
     WHERE c.relnamespace = %(schema)s::regnamespace ORDER BY 1, 2, 3, 4
"""
INDEXES = r"""
    SELECT indexname, regexp_replace(replace(indexdef, %(schema)s || '.', ''),
                                     '[()]|\[\]|::text|::character varying', '', 'g')
      FROM pg_indexes WHERE schemaname = %(schema)s ORDER BY 1
"""


@pytest.mark.parametrize("query", [SHAPE, CONSTRAINTS, INDEXES], ids=["columns", "constraints", "indexes"])
def test_a_new_organisation_has_exactly_the_tables_of_the_template(alpha, query):
    with public_context(), connection.cursor() as cursor:
        cursor.execute(query, {"schema": TEMPLATE_SCHEMA})
        template = cursor.fetchall()
        cursor.execute(query, {"schema": alpha.schema_name})
        assert cursor.fetchall() == template
    assert len(template) > 50


def test_rendering_the_template_names_no_schema(alpha):
    with public_context():
        assert TEMPLATE_SCHEMA not in render_template()


def test_the_role_of_one_organisation_cannot_read_another(alpha, beta):
    assert Officer.objects.count() == 1
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f'SELECT count(*) FROM "{beta.schema_name}".officers_officer')
    with owner_context(alpha), connection.cursor() as cursor:  # the row is there for those who may
        cursor.execute(f'SELECT count(*) FROM "{beta.schema_name}".officers_officer')
        assert cursor.fetchone() == (1,)


def test_the_role_of_an_organisation_cannot_read_the_registry(alpha):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Organisation.objects.count()
    with public_context():
        assert Organisation.objects.count() == 2


def test_a_schema_that_is_gone_is_an_error_and_not_the_public_schema(alpha):
    ghost = Organisation(name="Ghost", slug="ghost", schema_name="ghost")
    with pytest.raises(DatabaseError, match="does not exist"), transaction.atomic(), organisation_context(ghost):
        Officer.objects.count()


@pytest.mark.parametrize(
    ("particulars", "message"),
    [
        ({"slug": "1st"}, "slug"),
        ({"slug": "public"}, "slug"),
        ({"slug": "alpha"}, "exists already"),
        ({"domain": "https://x.example.com"}, "not a host name"),
        ({"domain": "ALPHA.localhost"}, "belongs to another"),
        ({"name": " "}, "name"),
    ],
)
def test_unusable_particulars_are_refused_with_advice(alpha, particulars, message):
    good = {"name": "New", "slug": "new", "domain": "new.localhost"}
    with pytest.raises(OrganisationInvalid, match=message):
        create_organisation(**good | particulars)


def test_an_organisation_that_cannot_be_furnished_leaves_nothing_behind(alpha):
    def fail(organisation):
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        create_organisation(name="Half", slug="half", domain="half.localhost", furnish=fail)
    with public_context(), connection.cursor() as cursor:
        assert not Organisation.objects.filter(slug="half").exists()
        cursor.execute("SELECT to_regnamespace('half')")
        assert cursor.fetchone() == (None,)
        cursor.execute("SELECT to_regnamespace('alpha') IS NOT NULL")  # and the question finds what is there
        assert cursor.fetchone() == (True,)
