"""What the engine reads of a source, and what it tells an operator about it."""

from privacy.datamap.engine.introspect import findings, read_catalog
from privacy.datamap.engine.masks import Family


def test_columns_keys_and_references_are_read_as_they_are(source, shop):
    catalog = read_catalog(source)
    person = catalog.table(shop.schema, "person")
    email = next(column for column in person.columns if column.name == "email")
    assert (email.type, email.declared_type, email.max_length) == ("character varying", "character varying(80)", 80)
    assert (email.family, email.nullable, email.generated) == (Family.TEXT, True, False)
    assert [column.name for column in person.columns if not column.nullable] == [
        "id",
        "organisation_id",
        "city",
        "status",
    ]
    assert catalog.table(shop.schema, "line").primary_key == ("purchase_id", "number")
    pointing = catalog.pointing_at(shop.schema, "person")
    assert [(key.table, key.columns, key.to_columns, key.on_delete) for key in pointing] == [
        ("purchase", ("person_id",), ("id",), "no action")
    ]


def test_a_composite_foreign_key_keeps_the_order_of_its_columns(source, shop):
    shop.run(
        "CREATE TABLE parcel (id int PRIMARY KEY, n int, p int,"
        " FOREIGN KEY (p, n) REFERENCES line (purchase_id, number))"
    )
    key = read_catalog(source).pointing_at(shop.schema, "line")[0]
    assert (key.columns, key.to_columns) == (("p", "n"), ("purchase_id", "number"))


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
