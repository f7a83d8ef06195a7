"""What the engine reads of a source, and what it tells an operator about it."""

from privacy.datamap.engine.introspect import read_catalog
from privacy.datamap.engine.masks import Family


def test_columns_keys_and_references_are_read_as_they_are(source, shop):
    catalog = read_catalog(source)
    person = catalog.table(shop.schema, "person")
    email = next(column for column in person.columns if column.name == "email")
    assert (email.type, email.declared_type, email.max_length) == (shop.varchar, f"{shop.varchar}(80)", 80)
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
        ("purchase", ("person_id",), ("id",), shop.no_action)
    ]


def test_a_composite_foreign_key_keeps_the_order_of_its_columns(source, shop):
    shop.run(
        "CREATE TABLE parcel (id int PRIMARY KEY, n int, p int,"
        " FOREIGN KEY (p, n) REFERENCES line (purchase_id, number))"
    )
    key = read_catalog(source).pointing_at(shop.schema, "line")[0]
    assert (key.columns, key.to_columns) == (("p", "n"), ("purchase_id", "number"))
