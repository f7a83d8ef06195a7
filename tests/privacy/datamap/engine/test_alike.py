"""A way leads to a person's own rows and to nobody else's, however kindly a source compares."""

from dataclasses import replace

import psycopg
import pymysql
import pytest

from privacy.datamap.engine.errors import InvalidSpec, PlanRefused
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.export import export_subject
from privacy.datamap.engine.introspect import read_catalog
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.selection import Identifier
from privacy.datamap.engine.spec import DatasetSpec, Identity, Join
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.products import only


def _erase(source, shop, email, hops=1):
    """Empty the notes of somebody's visits; how many there were. With a second hop the first is met row by row."""
    names = (Identity("email", "email"),)
    person = DatasetSpec("human", shop.schema, "human", ("email",), identities=names)
    to_person = (Join(("email",), "human", ("email",)),)
    customer = DatasetSpec("customer", shop.schema, "customer", ("code",), identities=names)
    way = (Join(("customer_code",), "customer", ("code",)),)
    if hops == 2:
        customer = replace(customer, identities=(), paths=(to_person,))
        way += to_person
    visit = DatasetSpec("visit", shop.schema, "visit", ("id",), paths=(way,))
    datasets = [person, customer, visit][2 - hops :]
    keys = resolve_subject(source, datasets, [Identifier("email", email)])
    kept = [Instruction(each.key, Action.KEEP) for each in datasets[:-1]]
    masked = Instruction("visit", Action.MASK, masks=(ColumnMask("note", Strategy.NULL),))
    plan = make_plan(source, datasets, [*kept, masked], selection=keys)
    journal = FileJournal(":memory:")
    progress = run(source, plan, journal, SettledWorld())
    journal.close()
    assert progress.done
    return progress.rows.get("visit", 0)


def _notes(shop):
    return [note for (note,) in shop.rows("SELECT note FROM visit ORDER BY id")]


def _tables(shop, code, customer_code, more=""):
    shop.run("CREATE TABLE human (email varchar(80) PRIMARY KEY)")
    shop.run(f"CREATE TABLE customer (code {code} PRIMARY KEY, email varchar(80))")
    shop.run(f"CREATE TABLE visit (id integer PRIMARY KEY, customer_code {customer_code}, note varchar(80){more})")


@only("sqlite")
@pytest.mark.parametrize("kind", ["STRING", "NUM", "integer", "date", "uuid"])
def test_a_column_that_makes_numbers_of_texts_is_not_joined_with_a_text(source, shop, kind):
    _tables(shop, "text", kind)
    shop.run("INSERT INTO customer VALUES ('012', 'zero@example.com'), ('12', 'twelve@example.com')")
    shop.run("INSERT INTO visit VALUES (1, '12', 'of twelve')")
    with pytest.raises(PlanRefused, match="different values would count as equal"):
        _erase(source, shop, "zero@example.com")
    assert _notes(shop) == ["of twelve"]


@only("sqlite")
@pytest.mark.parametrize(("code", "customer_code"), [("STRING", "STRING"), ("NUM", "integer"), ("text", "varchar(9)")])
def test_columns_that_make_the_same_of_texts_are_joined(source, shop, code, customer_code):
    _tables(shop, code, customer_code)
    shop.run("INSERT INTO customer VALUES ('13', 'zero@example.com'), ('12', 'twelve@example.com')")
    shop.run("INSERT INTO visit VALUES (1, '12', 'of twelve'), (2, '13', 'of the other')")
    assert _erase(source, shop, "twelve@example.com") == 1
    assert _notes(shop) == [None, "of the other"]


@only("sqlite")
@pytest.mark.parametrize("kind", ["STRING", "NUM", "uuid"])
def test_a_customer_number_with_zeros_is_not_the_number_that_was_made_of_another(source, shop, kind):
    shop.run(f"CREATE TABLE thing (id integer PRIMARY KEY, number {kind})")
    shop.run("INSERT INTO thing VALUES (1, '12'), (2, 'C-12')")
    thing = DatasetSpec("thing", shop.schema, "thing", ("id",), identities=(Identity("number", "customer_id"),))
    sought = ("012", "12.0", "12", "C-12") if kind != "uuid" else ("012", "12.0")
    found = [
        resolve_subject(source, [thing], [Identifier("customer_id", number)]).keys_of("thing") for number in sought
    ]
    assert found == [(), (), (("1",),), (("2",),)][: len(sought)]


UNLIKE = {
    "mariadb": [
        ("varchar(20) COLLATE utf8mb4_bin", "varchar(20) COLLATE utf8mb4_general_ci"),
        ("varchar(20) COLLATE utf8mb4_bin", "varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci"),
        ("varchar(20) CHARACTER SET latin1 COLLATE latin1_bin", "varchar(20) COLLATE utf8mb4_unicode_ci"),
        ("varchar(20) COLLATE utf8mb4_nopad_bin", "char(20) COLLATE utf8mb4_unicode_ci"),
        ("varchar(20) COLLATE utf8mb4_bin", "varchar(20) COLLATE utf8mb4_bin"),
    ],
    "sqlite": [("text", "text COLLATE NOCASE"), ("text", "text COLLATE RTRIM"), ("text", "text")],
    "postgresql": [("text", "text COLLATE any_case"), ("varchar(20)", "public.citext"), ("text", "varchar(20)")],
}
ALIKE = {
    "mariadb": [("varchar(20) COLLATE utf8mb4_general_ci", "varchar(20) COLLATE utf8mb4_general_ci")],
    "sqlite": [(f"text COLLATE {kind}", f"text COLLATE {own}") for kind, own in (
        ("NOCASE", "NOCASE"), ("NOCASE", "BINARY"), ("NOCASE", "RTRIM"))],
    "postgresql": [("text COLLATE any_case", "text COLLATE any_case"), ("text COLLATE any_case", "text"),
                   ("public.citext", "public.citext")],
}  # fmt: skip


@pytest.fixture
def kind_texts(request, shop):
    """PostgreSQL compares kindly only where it is told to, by what not every build of it has."""
    wanted = request.node.callspec.id
    if "citext" in wanted:
        if not shop.rows("SELECT 1 FROM pg_available_extensions WHERE name = 'citext'"):
            pytest.skip("this build of PostgreSQL has no citext")
        shop.run("CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public")
    if "any_case" in wanted:
        try:
            shop.run("CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)")
        except psycopg.errors.FeatureNotSupported:
            pytest.skip("this build of PostgreSQL has no ICU, without which every collation compares bytes")


def _each(kinds):
    return [(product, *pair) for product, pairs in kinds.items() for pair in pairs]


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize("hops", [1, 2])
@pytest.mark.parametrize(("product", "code", "customer_code"), _each(UNLIKE), indirect=["product"])
def test_rows_of_a_key_that_is_written_otherwise_are_somebody_elses(
    source, shop, kind_texts, code, customer_code, hops, indexed
):
    _tables(shop, code, customer_code)
    if indexed:
        shop.run("CREATE INDEX visit_code ON visit (customer_code)")
    shop.run(
        "INSERT INTO customer VALUES ('c-AbC', 'anna@example.com'), ('c-aBc', 'bert@example.com'),"
        " ('c-ÁBC', 'cleo@example.com')"
    )
    shop.run("INSERT INTO human SELECT email FROM customer")
    shop.run(
        "INSERT INTO visit VALUES (1, 'c-AbC', 'of Anna'), (2, 'c-aBc', 'of Bert'), (3, 'c-ÁBC', 'of Cleo'),"
        " (4, NULL, 'of nobody')"
    )
    assert _erase(source, shop, "anna@example.com", hops) == 1
    assert _notes(shop) == [None, "of Bert", "of Cleo", "of nobody"]
    assert _erase(source, shop, "cleo@example.com", hops) == 1
    assert _notes(shop) == [None, "of Bert", None, "of nobody"]


@pytest.mark.parametrize("hops", [1, 2])
@pytest.mark.parametrize(("product", "code", "customer_code"), _each(ALIKE), indirect=["product"])
def test_rows_that_the_sources_own_foreign_key_links_are_found(source, shop, kind_texts, code, customer_code, hops):
    _tables(shop, code, customer_code, ", FOREIGN KEY (customer_code) REFERENCES customer (code)")
    shop.run("INSERT INTO customer VALUES ('c-ABC', 'anna@example.com'), ('c-ABD', 'bert@example.com')")
    shop.run("INSERT INTO human SELECT email FROM customer")
    shop.run("INSERT INTO visit VALUES (1, 'c-ABC', 'one'), (2, 'c-abc', 'two'), (3, 'c-abd', 'of Bert')")
    assert _erase(source, shop, "anna@example.com", hops) == 2
    assert _notes(shop) == [None, None, "of Bert"]


@only("sqlite")
def test_a_collation_of_the_applications_own_hides_no_other_one(source, shop):
    shop._connection.create_collation("by_ear", lambda one, other: (one > other) - (one < other))
    shop.run("CREATE TABLE heard (id integer PRIMARY KEY, a text COLLATE by_ear, b text COLLATE nocase, c text)")
    columns = read_catalog(source).table("main", "heard").columns
    assert [each.collation for each in columns] == ["", "", "NOCASE", ""]


KIND = {
    "mariadb": ["varchar(20) COLLATE utf8mb4_general_ci"],
    "sqlite": ["text COLLATE NOCASE"],
    "postgresql": ["text COLLATE any_case", "public.citext"],
}


def _people_by_code(shop, code, *codes):
    """Customers of whom no key is the code, by which their visits lead to them."""
    shop.run(f"CREATE TABLE customer (id integer PRIMARY KEY, code {code}, email varchar(80))")
    shop.run(f"CREATE TABLE visit (id integer PRIMARY KEY, customer_code {code}, note varchar(80))")
    for number, each in enumerate(codes, start=1):
        shop.run(f"INSERT INTO customer VALUES ({number}, '{each}', 'person{number}@example.com')")
        shop.run(f"INSERT INTO visit VALUES ({number}, '{each}', 'of {number}')")
    names = (Identity("email", "email"),)
    customer = DatasetSpec("customer", shop.schema, "customer", ("id",), identities=names)
    way = (Join(("customer_code",), "customer", ("code",)),)
    return [customer, DatasetSpec("visit", shop.schema, "visit", ("id",), paths=(way,))]


def _plan_for(source, datasets, *emails):
    people = resolve_subject(source, datasets, [Identifier("email", each) for each in emails])
    kept = Instruction("customer", Action.KEEP)
    masked = Instruction("visit", Action.MASK, masks=(ColumnMask("note", Strategy.NULL),))
    return people, lambda: make_plan(source, datasets, [kept, masked], selection=people)


@pytest.mark.parametrize(("product", "code"), [(p, k) for p, each in KIND.items() for k in each], indirect=["product"])
def test_a_value_that_the_source_takes_for_somebody_elses_stops_erasure_and_access(source, shop, kind_texts, code):
    datasets = _people_by_code(shop, code, "c-AbC", "c-aBc", "c-XYZ")
    people, plan = _plan_for(source, datasets, "person1@example.com")
    with pytest.raises(PlanRefused, match="rows of that person would be taken as well"):
        plan()
    with pytest.raises(InvalidSpec, match="rows of that person would be taken as well"):
        list(export_subject(source, datasets, people))
    assert len(list(export_subject(source, datasets, people, only=["customer"]))) == 1
    alone, plan = _plan_for(source, datasets, "person3@example.com")
    assert {step.dataset: step.expected_count for step in plan().steps}["visit"] == 1
    assert [(each.dataset, len(each.rows)) for each in export_subject(source, datasets, alone)] == [
        ("customer", 1), ("visit", 1)]  # fmt: skip


@pytest.mark.parametrize(("product", "code"), [(p, k) for p, each in KIND.items() for k in each], indirect=["product"])
def test_values_that_the_source_takes_for_each_other_are_no_trouble_of_one_person(source, shop, kind_texts, code):
    datasets = _people_by_code(shop, code, "c-AbC", "c-aBc", "c-XYZ")
    _, plan = _plan_for(source, datasets, "person1@example.com", "person2@example.com")
    assert {step.dataset: step.expected_count for step in plan().steps}["visit"] == 2


@only("mariadb")
def test_a_foreign_key_across_collations_takes_no_row_that_could_be_missed(source, shop):
    """It can be made with the checks off, and then links nothing, so that the bytes are all there is to go by."""
    shop.run("SET foreign_key_checks = 0")
    shop.run(
        "CREATE TABLE visit (id integer PRIMARY KEY, customer_code varchar(20) COLLATE utf8mb4_bin, note varchar(80),"
        " FOREIGN KEY (customer_code) REFERENCES customer (code))"
    )
    shop.run("CREATE TABLE customer (code varchar(20) COLLATE utf8mb4_general_ci PRIMARY KEY, email varchar(80))")
    shop.run("SET foreign_key_checks = 1")
    shop.run("INSERT INTO customer VALUES ('c-ABC', 'anna@example.com')")
    for code in ("c-abc", "c-ABC"):
        with pytest.raises(pymysql.err.IntegrityError):
            shop.run(f"INSERT INTO visit VALUES (1, '{code}', 'one')")
    shop.run("SET foreign_key_checks = 0")
    shop.run("INSERT INTO visit VALUES (1, 'c-ABC', 'one')")
    assert _erase(source, shop, "anna@example.com") == 1
