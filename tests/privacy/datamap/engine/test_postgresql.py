"""What only PostgreSQL has: domains, partial and expression indexes, row security, its grants, dates without end."""

from sqlalchemy.engine import make_url

from privacy.datamap.engine.executor import run
from privacy.datamap.engine.introspect import findings, read_catalog
from privacy.datamap.engine.masks import Family, Strategy
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.selection import Identifier
from privacy.datamap.engine.source import open_source
from privacy.datamap.engine.spec import DatasetSpec, Identity
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld
from tests.privacy.datamap.engine.products import only
from tests.privacy.datamap.engine.shop import DELETE_ALL, mask_person
from tests.privacy.datamap.engine.test_export import collected as exported
from tests.privacy.datamap.engine.test_planner import keys_of, mask, refusals

pytestmark = only("postgresql")


def test_a_foreign_key_without_index_is_refused_with_the_statement_to_run(source, shop):
    shop.run("DROP INDEX purchase_person")
    words = refusals(source, shop, *DELETE_ALL)["purchase"]
    statement = words.partition("Run: ")[2]
    assert statement == f'CREATE INDEX CONCURRENTLY ON "{shop.schema}"."purchase" ("person_id");'
    shop.run(statement)
    assert make_plan(source, shop.datasets, DELETE_ALL, selection=keys_of(1))


def test_missing_privileges_are_named(source, shop, database_url):
    role = f"reader_{shop.schema}"
    shop.run(f"CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {shop.schema} TO {role}")
    shop.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA {shop.schema} TO {role}; GRANT UPDATE (name) ON person TO {role}")
    try:
        with open_source(make_url(database_url).set(username=role), mask_key=b"k" * 32) as weak:
            assert "may not change born, city, email, ip, phone" in refusals(weak, shop, mask_person())["person"]
            assert "may not delete" in refusals(weak, shop, Instruction("line", Action.DELETE))["line"]
            assert make_plan(weak, shop.datasets, [mask("name", Strategy.NULL)], selection=keys_of(1))
            shop.run("ALTER TABLE person ENABLE ROW LEVEL SECURITY")
            assert "Row security hides" in refusals(weak, shop, mask("name", Strategy.NULL))["person"]
    finally:
        shop.run(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_a_date_that_python_cannot_hold_is_exported_all_the_same(source, shop):
    shop.fill(people=1, purchases=0)
    shop.run("UPDATE person SET born = 'infinity'")
    assert exported(source, shop, 1, columns={"person": ("born",)})["person"] == [("infinity",)]


def test_columns_of_expression_and_partial_indexes_count_as_indexed_uniquely(source, shop):
    shop.run("CREATE UNIQUE INDEX by_mail ON person (lower(email)) WHERE status = 'active'")
    index = next(each for each in read_catalog(source).table(shop.schema, "person").indexes if each.name == "by_mail")
    assert (index.unique, index.columns, index.leading) == (True, ("email", "status"), ())


def test_computed_columns_domains_and_views_are_recognised(source, shop):
    shop.run("CREATE DOMAIN mail AS varchar(50) NOT NULL")
    shop.run("CREATE TABLE odd (id int PRIMARY KEY, who mail, twice int GENERATED ALWAYS AS (id * 2) STORED)")
    shop.run("CREATE VIEW seen AS SELECT * FROM odd")
    catalog = read_catalog(source)
    who, twice = catalog.table(shop.schema, "odd").columns[1:]
    assert (who.family, who.max_length, who.nullable, twice.generated) == (Family.TEXT, 50, False, True)
    assert catalog.table(shop.schema, "seen").kind == "view"


def _partitioned(shop, *, key: str = "PRIMARY KEY (id, seen_on)") -> None:
    """Events by year. Each partition has declared its own key to the person."""
    columns = f"id int, seen_on date, person_id int{key and ', ' + key}"
    shop.run(f"CREATE TABLE event ({columns}) PARTITION BY RANGE (seen_on)")
    for year in (2024, 2025):
        shop.run(f"CREATE TABLE event_{year} PARTITION OF event FOR VALUES FROM ('{year}-01-01') TO ('{year}-12-31')")
        shop.run(f"ALTER TABLE event_{year} ADD FOREIGN KEY (person_id) REFERENCES person")


def _tables(source, shop) -> list[str]:
    return [each.name for each in read_catalog(source).tables if each.schema == shop.schema]


def test_a_partition_is_no_table_beside_its_own(source, shop):
    before = _tables(source, shop)
    _partitioned(shop)
    assert _tables(source, shop) == sorted([*before, "event"])


def test_partitions_of_a_table_that_has_no_key_are_tables_of_their_own(source, shop):
    before = _tables(source, shop)
    _partitioned(shop, key="")
    assert _tables(source, shop) == sorted([*before, "event", "event_2024", "event_2025"])


def test_a_key_of_a_partition_is_one_of_its_table_and_so_are_triggers(source, shop):
    _partitioned(shop)
    shop.run("CREATE FUNCTION copy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
    shop.run("CREATE TRIGGER copy BEFORE UPDATE ON event_2025 FOR EACH ROW EXECUTE FUNCTION copy()")
    catalog = read_catalog(source)
    pointing = [(each.table, each.columns) for each in catalog.pointing_at(shop.schema, "person")]
    assert sorted(pointing) == [("event", ("person_id",)), ("purchase", ("person_id",))]
    assert catalog.table(shop.schema, "event").triggers == ("copy",)


def test_rows_of_all_partitions_go_with_their_table(source, shop):
    _partitioned(shop, key="mail text, PRIMARY KEY (id, seen_on)")
    shop.run("INSERT INTO event (id, seen_on, mail) VALUES (1, '2024-05-01', 'a@example.com')")
    shop.run("INSERT INTO event (id, seen_on, mail) VALUES (2, '2025-05-01', 'a@example.com')")
    event = DatasetSpec("event", shop.schema, "event", ("id", "seen_on"), identities=(Identity("mail", "email"),))
    keys = resolve_subject(source, [event], [Identifier("email", "a@example.com")])
    plan = make_plan(source, [event], [Instruction("event", Action.DELETE)], selection=keys)
    journal = FileJournal(":memory:")
    assert run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2)).rows == {"event": 2}
    journal.close()


def test_an_operator_is_told_what_to_put_right_and_nothing_else(source, shop):
    def found():
        return [
            (each.code, each.where.removeprefix(shop.schema + "."))
            for each in findings(read_catalog(source))
            if each.where.startswith(shop.schema)
        ]

    assert found() == []
    shop.run("DROP INDEX purchase_person; CREATE TABLE loose (a int)")
    shop.run("CREATE FUNCTION copy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
    shop.run("CREATE TRIGGER copy BEFORE UPDATE ON line FOR EACH ROW EXECUTE FUNCTION copy()")
    assert found() == [("foreign_key_without_index", "purchase"), ("triggers", "line"), ("no_primary_key", "loose")]


def test_an_enum_key_in_an_odd_schema_works_too(source, shop):
    shop.run("CREATE TYPE \"Colour kind\" AS ENUM ('red', 'green', 'blue')")
    shop.run('CREATE TABLE thing (id "Colour kind" PRIMARY KEY, mail text, note text)')
    shop.run("INSERT INTO thing SELECT unnest(enum_range(NULL::\"Colour kind\")), 'a@example.com', 'raw'")
    thing = DatasetSpec("thing", shop.schema, "thing", ("id",), identities=(Identity("mail", "email"),))
    keys = resolve_subject(source, [thing], [Identifier("email", "a@example.com")])
    plan = make_plan(source, [thing], [Instruction("thing", Action.DELETE)], selection=keys)
    journal = FileJournal(":memory:")
    assert run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2)).rows == {"thing": 3}
    journal.close()
