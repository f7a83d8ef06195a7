"""The shape of both databases, asked of PostgreSQL's own catalogs."""

import re

import pytest

from demo.crm.back_office.schema import BACK_OFFICE
from demo.crm.offixpro.schema import OFFIXPRO
from tests.demo.crm.helpers import one, rows

SAMPLES = [("offixpro", OFFIXPRO), ("back_office", BACK_OFFICE)]
ADDRESS = re.compile(r"[\w.+'-]+@([\w.-]*\w)")
RESERVED = re.compile(r"(^|\.)(example\.com|example\.org|example|test)$", re.IGNORECASE)

FOREIGN_KEYS_WITHOUT_INDEX = """
    SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c
     WHERE c.contype = 'f' AND c.connamespace = %s::regnamespace
       AND NOT EXISTS (
           SELECT FROM pg_index i
            WHERE i.indrelid = c.conrelid AND i.indpred IS NULL
              AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)"""


@pytest.mark.parametrize(("fixture", "sample"), SAMPLES)
def test_every_foreign_key_is_indexed(request, fixture, sample):
    connection = request.getfixturevalue(fixture)

    assert (
        one(connection, "SELECT count(*) FROM pg_constraint WHERE contype = 'f'")
        == {"crm": 13, "office": 12}[sample.schema]
    )
    assert rows(connection, FOREIGN_KEYS_WITHOUT_INDEX, sample.schema) == []


@pytest.mark.parametrize(("fixture", "sample"), SAMPLES)
def test_every_address_in_every_text_is_on_a_reserved_domain(request, fixture, sample):
    connection = request.getfixturevalue(fixture)
    domains: set[str] = set()
    for table in sample.tables:
        for (text,) in rows(connection, f"SELECT t::text FROM {table} t"):
            domains.update(ADDRESS.findall(text))

    assert len(domains) > 10
    assert {domain for domain in domains if not RESERVED.search(domain)} == set()


@pytest.mark.parametrize(("fixture", "sample"), SAMPLES)
def test_nullable_columns_hold_values_and_gaps(request, fixture, sample):
    connection = request.getfixturevalue(fixture)
    nullable = rows(
        connection,
        """SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = %s AND is_nullable = 'YES'""",
        sample.schema,
    )
    # Forty workspaces are too few for chance, and nobody there forgets who pays.
    always_given = {("workspace", "billing_contact_name"), ("workspace", "billing_phone"),
                    ("client", "street_address"), ("client", "city"),
                    ("customer", "street_address"), ("customer", "city")}  # fmt: skip
    without_gap_or_value = {
        (table, column)
        for table, column in nullable
        if rows(connection, f"SELECT count({column}) > 0 AND count({column}) < count(*) FROM {table}") != [(True,)]
    }

    assert without_gap_or_value == always_given & set(nullable)


def test_each_row_stands_under_the_operator_of_the_row_it_points_at(offixpro):
    parents = rows(
        offixpro,
        """SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, b.attname
             FROM pg_constraint c
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[cardinality(c.conkey)]
             JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[cardinality(c.confkey)]
            WHERE c.contype = 'f'""",
    )

    assert len(parents) == 13
    for child, column, parent, key in parents:
        query = f"""SELECT count(*) FILTER (WHERE c.operated_by <> p.operated_by), count(*) > 0
                      FROM {child} c JOIN {parent} p ON c.{column} = p.{key}"""
        assert rows(offixpro, query) == [(0, True)], (child, column)


def test_every_operator_has_rows_in_every_table(offixpro):
    for table in OFFIXPRO.tables:
        found = rows(offixpro, f"SELECT DISTINCT operated_by FROM {table} ORDER BY 1")
        assert found == [("harmattan_soft",), ("offixpro",), ("sankofa_cloud",)], table


@pytest.mark.parametrize("fixture", ["offixpro", "back_office"])
def test_the_lines_of_every_invoice_add_up_to_its_amount(request, fixture):
    connection = request.getfixturevalue(fixture)
    wrong = """SELECT count(*) FROM invoice i
                WHERE net_amount <> (SELECT sum(line_amount) FROM invoice_line l WHERE l.invoice_id = i.invoice_id)
                   OR net_amount = 0"""

    assert one(connection, "SELECT count(*) > 100 FROM invoice")
    assert one(connection, wrong) == 0
