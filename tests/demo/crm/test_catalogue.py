"""The catalogue against the databases it describes, and against itself."""

from typing import get_args

import psycopg
import pytest

from demo.crm.back_office.known import CLAIRE_TREMBLAY
from demo.crm.catalogue import CATALOGUES, OFFIXPRO_CATALOGUE
from demo.crm.classification import Catalogue, Category, Join, Strategy, Table
from demo.crm.offixpro.known import AMA_MENSAH
from tests.demo.crm.helpers import one, rows

DATABASES = {"crm": "offixpro", "office": "back_office"}
TYPES_A_MASK_FITS = {
    "constant": {"text"},
    "token": {"text"},
    "random": {"text"},
    "email": {"text"},
    "phone": {"text"},
    "generalise_postcode": {"text"},
    "generalise_date": {"date", "timestamp with time zone"},
    "generalise_ip": {"inet"},
    "generalise_number": {"numeric", "integer", "smallint"},
}
STAYS_UNIQUE = {"keep", "token", "random", "email", "phone", "delete_row"}


@pytest.fixture(params=CATALOGUES, ids=lambda catalogue: catalogue.schema)
def catalogue(request) -> Catalogue:
    return request.param


@pytest.fixture
def connection(request, catalogue) -> psycopg.Connection:
    return request.getfixturevalue(DATABASES[catalogue.schema])


def chain(path: tuple[Join, ...], start: str) -> str:
    """Give the FROM clause that follows the path: t0 is the table itself, the last alias the table at its end."""
    clause = f"{start} t0"
    for number, join in enumerate(path, start=1):
        pairs = zip(join.from_columns, join.to_columns, strict=True)
        on = " AND ".join(f"t{number - 1}.{ours} = t{number}.{theirs}" for ours, theirs in pairs)
        clause += f" JOIN {join.to_table} t{number} ON {on}"
    return clause


def identifying(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.identifies]


def test_every_column_of_every_table_is_classified_and_no_other(catalogue, connection):
    found = rows(
        connection,
        """SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)
             FROM information_schema.columns WHERE table_schema = %s GROUP BY 1""",
        catalogue.schema,
    )

    assert {table.name: [column.name for column in table.columns] for table in catalogue.tables} == dict(found)


def test_primary_keys_are_those_of_the_database(catalogue, connection):
    found = rows(
        connection,
        """SELECT c.conrelid::regclass::text,
                  (SELECT array_agg(a.attname::text ORDER BY k.place)
                     FROM unnest(c.conkey) WITH ORDINALITY k(number, place)
                     JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number)
             FROM pg_constraint c WHERE c.contype = 'p' AND c.connamespace = %s::regnamespace""",
        catalogue.schema,
    )

    assert {table.name: list(table.primary_key) for table in catalogue.tables} == dict(found)


def test_every_join_is_a_foreign_key_of_the_database(catalogue, connection):
    names = """(SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest({key}) WITH ORDINALITY k(number, place)
                 JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = k.number)"""
    found = rows(
        connection,
        f"""SELECT c.conrelid::regclass::text, {names.format(key="c.conkey", table="c.conrelid")},
                   c.confrelid::regclass::text, {names.format(key="c.confkey", table="c.confrelid")}
              FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = %s::regnamespace""",
        catalogue.schema,
    )
    real = {(child, tuple(ours), parent, tuple(theirs)) for child, ours, parent, theirs in found}
    paths = [(table.name, table.subject_path) for table in catalogue.tables]
    paths += [(target.table, target.path) for rule in catalogue.rules for target in rule.targets]
    declared = set()
    for start, path in paths:
        at = start
        for join in path:
            declared.add((at, join.from_columns, join.to_table, join.to_columns))
            at = join.to_table

    assert len(declared) >= 5
    assert declared - real == set()


def test_a_person_is_found_in_every_table_by_column_or_path_and_never_by_both(catalogue):
    for table in catalogue.tables:
        assert bool(identifying(table)) != bool(table.subject_path), table.name
        if table.subject_path:
            assert identifying(catalogue.table(table.subject_path[-1].to_table)), table.name


def test_every_rule_reaches_the_row_that_starts_its_period(catalogue):
    for rule in catalogue.rules:
        assert catalogue.table(rule.start_table).column(rule.start_column).name in (
            catalogue.table(rule.start_table).time_columns
        )
        for column, _ in rule.conditions:
            assert catalogue.table(rule.start_table).column(column)
        for target in rule.targets:
            end = target.path[-1].to_table if target.path else target.table
            assert end == rule.start_table, (rule.key, target.table)


def test_the_targets_of_a_rule_stand_children_first(catalogue, connection):
    parents = rows(
        connection,
        """SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
            WHERE contype = 'f' AND connamespace = %s::regnamespace""",
        catalogue.schema,
    )
    for rule in catalogue.rules:
        place = {target.table: number for number, target in enumerate(rule.targets)}
        for child, parent in parents:
            if child in place and parent in place:
                assert place[child] < place[parent], (rule.key, child, parent)


def test_no_kept_table_points_at_a_row_that_its_rule_deletes(catalogue, connection):
    children = rows(
        connection,
        """SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
            WHERE contype = 'f' AND connamespace = %s::regnamespace""",
        catalogue.schema,
    )
    for rule in catalogue.rules:
        deleted = {target.table for target in rule.targets if target.action == "delete"}
        assert {child for child, parent in children if parent in deleted} <= deleted, rule.key


def test_the_column_that_says_when_a_row_came_about_is_one_of_the_time_columns(catalogue):
    for table in catalogue.tables:
        assert {table.created_column} - {""} <= set(table.time_columns), table.name
    named = [table.name for table in catalogue.tables if table.created_column]
    assert len(named) >= 7


def test_time_columns_hold_dates_or_moments(catalogue, connection):
    for table in catalogue.tables:
        for name in table.time_columns:
            assert data_type(connection, catalogue, table, name) in TYPES_A_MASK_FITS["generalise_date"]


def test_categories_strategies_and_purposes_are_the_agreed_ones(catalogue):
    for table in catalogue.tables:
        for column in table.columns:
            assert column.category in get_args(Category), (table.name, column.name)
            assert column.purpose in catalogue.purposes, (table.name, column.name)
            assert {column.on_erasure.strategy, column.on_retention.strategy} <= set(get_args(Strategy))
    used = {column.purpose for table in catalogue.tables for column in table.columns}
    assert used == set(catalogue.purposes)


def test_what_is_kept_has_a_reason_and_nothing_else_needs_one(catalogue):
    for table in catalogue.tables:
        for column in table.columns:
            for mask in (column.on_erasure, column.on_retention):
                assert bool(mask.reason) == (mask.strategy == "keep"), (table.name, column.name)


def test_erasure_keeps_no_name_address_or_free_text_outside_the_tables_it_keeps(catalogue):
    kept = {
        (table.name, column.name)
        for table in catalogue.tables
        if table.on_erasure == "mask"
        for column in table.columns
        if column.category in ("identity", "contact", "free text") and column.on_erasure.strategy == "keep"
    }

    assert (
        kept
        == {
            "crm": {("customer", "city"), ("customer", "country_code")},
            "office": {("client", "province")},
        }[catalogue.schema]
    )


def test_columns_are_marked_as_deleted_exactly_where_rows_are(catalogue):
    masked_by_a_rule = {target.table for rule in catalogue.rules for target in rule.targets if target.action == "mask"}
    always_masked = {"invoice"}  # masked with the person, deleted when the books are closed
    for table in catalogue.tables:
        erasure = {column.on_erasure.strategy == "delete_row" for column in table.columns}
        retention = {column.on_retention.strategy == "delete_row" for column in table.columns}
        assert erasure == {table.on_erasure == "delete"}, table.name
        assert retention == {table.name not in masked_by_a_rule}, table.name
    deleted = {target.table for rule in catalogue.rules for target in rule.targets if target.action == "delete"}
    assert deleted & masked_by_a_rule == always_masked


def test_every_table_is_reached_by_a_rule_that_ends_its_time(catalogue):
    ended = {t.table for rule in catalogue.rules if rule.kind == "maximum" for t in rule.targets if t.action != "keep"}

    assert ended == {table.name for table in catalogue.tables}


def test_a_minimum_says_what_it_protects_and_a_maximum_does_not(catalogue):
    for rule in catalogue.rules:
        assert (rule.protects is not None) == (rule.kind == "minimum"), rule.key
        assert {target.action == "keep" for target in rule.targets} == {rule.kind == "minimum"}, rule.key


def test_every_mask_fits_the_column_it_is_put_on(catalogue, connection):
    unique = set(
        rows(
            connection,
            """SELECT c.conrelid::regclass::text, a.attname::text FROM pg_constraint c
                 JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
                WHERE c.contype IN ('u', 'p') AND c.connamespace = %s::regnamespace""",
            catalogue.schema,
        )
    )
    assert len(unique) > 10
    for table in catalogue.tables:
        for column in table.columns:
            for mask in (column.on_erasure, column.on_retention):
                where = (table.name, column.name, mask.strategy)
                if mask.strategy == "null":
                    assert is_nullable(connection, catalogue, table, column.name), where
                if mask.strategy in TYPES_A_MASK_FITS:
                    assert data_type(connection, catalogue, table, column.name) in TYPES_A_MASK_FITS[mask.strategy], (
                        where
                    )
                if (table.name, column.name) in unique:
                    assert mask.strategy in STAYS_UNIQUE, where


def test_every_offixpro_table_is_limited_to_the_rows_of_offixpro():
    assert {table.scope for table in OFFIXPRO_CATALOGUE.tables} == {(("operated_by", "offixpro"),)}


def test_the_paths_lead_from_ama_mensah_to_exactly_her_rows(offixpro):
    assert found_in_each_table(offixpro, OFFIXPRO_CATALOGUE, AMA_MENSAH.email) == {
        "workspace": 0,
        "employee": 0,
        "customer": 1,
        "contact": 0,
        "crm_user": 1,
        "login_event": 5,
        "invoice": 3,
        "invoice_line": 9,
        "ticket": 2,
        "ticket_message": one(
            offixpro,
            """SELECT count(*) FROM ticket_message WHERE ticket_id IN
                 (SELECT ticket_id FROM ticket JOIN customer USING (customer_id) WHERE email = %s
                     AND customer.operated_by = 'offixpro')""",
            AMA_MENSAH.email,
        ),
        "marketing_preference": 3,
    }


def test_the_paths_lead_from_claire_tremblay_to_exactly_her_rows(back_office):
    office = next(catalogue for catalogue in CATALOGUES if catalogue.schema == "office")
    found = found_in_each_table(back_office, office, CLAIRE_TREMBLAY.email)

    assert found.pop("invoice_line") >= 3
    assert found == {
        "staff": 0,
        "client": 1,
        "engagement": 2,
        "decision": 1,
        "document": 4,
        "invoice": 3,
        "mailing_list_member": 1,
        "call_note": 4,
    }


def test_the_thirty_days_end_for_adwoa_but_not_for_those_on_the_day_before_it_or_awaiting_their_export(offixpro):
    rule = OFFIXPRO_CATALOGUE.rules[0]
    target = next(target for target in rule.targets if target.table == "customer")
    end = f"t{len(target.path)}"
    conditions = " AND ".join(f"{end}.{column} = '{value}'" for column, value in rule.conditions)
    due = rows(
        offixpro,
        f"""SELECT t0.email FROM {chain(target.path, target.table)}
             WHERE {end}.{rule.start_column} < date '2026-11-22' - {rule.period.amount} AND {conditions}
               AND t0.operated_by = 'offixpro' AND t0.customer_id <= 9""",
    )

    assert due == [("adwoa.owusu@example.com",)]


def found_in_each_table(connection: psycopg.Connection, catalogue: Catalogue, email: str) -> dict[str, int]:
    found = {}
    for table in catalogue.tables:
        last = catalogue.table(table.subject_path[-1].to_table) if table.subject_path else table
        alias = f"t{len(table.subject_path)}"
        by = [f"lower({alias}.{name}) = %s" for name in identifying(last) if last.column(name).identifies == "email"]
        scope = "".join(f" AND t0.{column} = '{value}'" for column, value in table.scope)
        query = f"SELECT count(*) FROM {chain(table.subject_path, table.name)} WHERE ({' OR '.join(by)}){scope}"
        found[table.name] = one(connection, query, *[email] * len(by))
    return found


def data_type(connection: psycopg.Connection, catalogue: Catalogue, table: Table, column: str) -> str:
    return str(
        one(
            connection,
            "SELECT data_type FROM information_schema.columns "
            "WHERE (table_schema, table_name, column_name) = (%s, %s, %s)",
            catalogue.schema,
            table.name,
            column,
        )
    )


def is_nullable(connection: psycopg.Connection, catalogue: Catalogue, table: Table, column: str) -> bool:
    return bool(
        one(
            connection,
            "SELECT is_nullable = 'YES' FROM information_schema.columns "
            "WHERE (table_schema, table_name, column_name) = (%s, %s, %s)",
            catalogue.schema,
            table.name,
            column,
        )
    )
