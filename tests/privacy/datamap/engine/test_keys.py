"""Primary keys of every kind make the journey through plan and journal unchanged."""

import pytest

from privacy.datamap.engine.executor import run
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.selection import Identifier
from privacy.datamap.engine.spec import DatasetSpec, Identity
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld

KINDS = {
    "postgresql": {
        "smallint": [1, -3, 2, 300, 7],
        "bigint": [2**62, -(2**62), 0, 1, 2],
        "numeric": ["1.10", "1.1000001", "-7", "1e30", "0.3"],
        "double precision": ["0.1", "0.30000000000000004", "1e300", "-2.5", "3"],
        "text": ["b", "", "a'b\\", "Ünï %s", "B"],
        "varchar(12)": ["x", "y ", "z", "%", "NULL"],
        "char(4)": ["a", "b", "c", "d", "e"],
        "uuid": [f"{digit}" * 8 + "-0000-4000-8000-000000000000" for digit in "f1a29"],
        "date": ["2026-11-22", "0044-03-15 BC", "infinity", "1970-01-01", "2026-11-23"],
        "timestamptz": [
            "2026-11-22 10:00:00.000001+02",
            "2026-11-22 08:00:00+00",
            "-infinity",
            "1900-01-01",
            "2000-01-01",
        ],
        "timestamp": ["2026-11-22 10:00:00.123456", "2026-11-22", "1999-01-01", "1999-01-02", "1999-01-03"],
        "bytea": ["\\x00", "\\xff", "\\x0041", "\\x", "\\x42"],
        "inet": ["10.0.0.1", "10.0.0.0/8", "::1", "192.0.2.1", "192.0.2.2"],
        "interval": ["1 month", "1 day", "01:00:00", "-1 day", "2 years"],
        "boolean": [True, False],
    },
    "mariadb": {
        "smallint": [1, -3, 2, 300, 7],
        "bigint": [2**62, -(2**62), 0, 1, 2],
        "bigint unsigned": [2**64 - 1, 2**63, 0, 1, 2],
        "decimal(40, 10)": ["1.10", "1.1000001", "-7", "123456789012345678901234567890", "0.3"],
        "double": ["0.1", "0.30000000000000004", "1e300", "-2.5", "3"],
        "float": ["0.1", "16777216", "1e30", "-2.5", "3"],
        "varchar(12)": ["b", "", "a'b\\", "Ünï %s", "C"],
        "varchar(12) collate utf8mb4_bin": ["b", "B", "a", "A", "á"],
        "char(4)": ["a", "b", "c", "d", "e"],
        "binary(3)": ["a", "A", "b", "B", "%"],
        "varbinary(9)": ["", "x", "X", "'\\", "y"],
        "uuid": [f"{digit}" * 8 + "-0000-4000-8000-000000000000" for digit in "f1a29"],
        "inet6": ["::1", "2001:db8::1", "2001:db8::2", "::ffff:192.0.2.1", "fe80::1"],
        "date": ["2026-11-22", "0044-03-15", "9999-12-31", "1970-01-01", "2026-11-23"],
        "timestamp(6)": ["2026-11-22 10:00:00.000001", "2026-11-22 08:00:00", "1971-01-01", "2030-01-01", "2000-01-01"],
        "datetime(6)": ["2026-11-22 10:00:00.123456", "2026-11-22", "1999-01-01", "1999-01-02", "1999-01-03"],
        "time": ["10:00:00", "-01:00:00", "838:59:59", "00:00:01", "00:00:00"],
        "year": [1999, 2026, 2155, 1901, 2000],
        "enum('red', 'green', 'blue', 'a', 'b')": ["red", "green", "blue", "a", "b"],
        "bit(8)": [1, 2, 3, 255, 0],
        "boolean": [True, False],
    },
    "sqlite": {
        "smallint": [1, -3, 2, 300, 7],
        "bigint": [2**62, -(2**62), 0, 1, 2],
        "numeric(40, 10)": ["1.10", "1.1000001", "-7", "1e30", "0.3"],
        "double precision": [0.1, 0.30000000000000004, 1e300, -2.5, 3.0],
        "text": ["b", "", "a'b\\", "Ünï %s", "1"],
        "varchar(12)": ["x", "y ", "z", "%", "NULL"],
        "varchar(12) COLLATE NOCASE": ["x", "Y", "z", "%", "null"],
        "blob": [b"\0", b"\xff", b"\0A", b"", b"B"],
        "uuid": [f"{digit}" * 8 + "-0000-4000-8000-000000000000" for digit in "f1a29"],
        "date": ["2026-11-22", "0044-03-15", "9999-12-31", "1970-01-01", "2026-11-23"],
        "timestamp": ["2026-11-22 10:00:00.123456", "2026-11-22", "1999-01-01", "1999-01-02", "1999-01-03"],
        "": [1, "1", 1.5, b"1", "one"],
        "boolean": [True, False],
    },
}
KINDS["portal"] = KINDS["postgresql"]
EACH = [(product, kind) for product, kinds in KINDS.items() for kind in kinds]


@pytest.mark.parametrize("composite", [False, True])
@pytest.mark.parametrize(("product", "kind"), EACH, indirect=["product"])
def test_keys_of_this_type_lead_to_every_row_once(source, shop, request, kind, composite):
    key = "(id, part)" if composite else "(id)"
    shop.run(f"CREATE TABLE thing (id {kind}, part {kind}, mail text, note text, PRIMARY KEY {key})")
    values = next(kinds[kind] for product, kinds in KINDS.items() if f"[{product}-" in request.node.name)
    for value in values:
        shop.run("INSERT INTO thing VALUES (%s, %s, 'a@example.com', 'raw')", value, values[0])
        if composite:
            shop.run("INSERT INTO thing VALUES (%s, %s, 'b@example.com', 'raw')", value, values[1])
    primary_key = ("id", "part") if composite else ("id",)
    thing = DatasetSpec("thing", shop.schema, "thing", primary_key, identities=(Identity("mail", "email"),))
    keys = resolve_subject(source, [thing], [Identifier("email", "a@example.com")])
    masks = (ColumnMask("note", Strategy.RANDOM),)
    plan = make_plan(source, [thing], [Instruction("thing", Action.MASK, masks)], selection=keys)
    journal = FileJournal(":memory:")
    progress = run(source, plan, journal, SettledWorld(), limits=Limits.fixed(2))
    assert (progress.done, progress.rows) == (True, {"thing": len(values)})
    assert [chunk.rows for chunk in journal.chunks()] == [2] * (len(values) // 2) + [1] * (len(values) % 2)
    journal.close()
    raw = shop.rows("SELECT count(*) FROM thing WHERE note = 'raw'")
    assert raw == [(len(values) if composite else 0,)]


@pytest.mark.parametrize(("kind", "bits"), [("smallint", 16), ("integer", 32), ("bigint", 64)])
def test_a_number_beyond_what_its_column_holds_names_nobody(source, shop, kind, bits):
    largest, smallest = 2 ** (bits - 1) - 1, -(2 ** (bits - 1))
    shop.run(f"CREATE TABLE thing (id integer PRIMARY KEY, number {kind})")
    shop.run("INSERT INTO thing VALUES (1, %s), (2, %s), (3, 7)", largest, smallest)
    thing = DatasetSpec("thing", shop.schema, "thing", ("id",), identities=(Identity("number", "customer_id"),))

    def named_by(*numbers):
        keys = resolve_subject(source, [thing], [Identifier("customer_id", str(number)) for number in numbers])
        return keys.keys_of("thing")

    assert named_by(largest + 1, smallest - 1, "9" * 19, "9" * 100, "-", "7.0") == ()
    assert named_by(largest, smallest, largest + 1) == (("1",), ("2",))
    assert named_by("7") == (("3",),)


@pytest.mark.parametrize("kind", ["integer", "numeric(12, 0)", "varchar(20)"])
def test_a_customer_number_is_found_only_as_it_is_written(source, shop, kind):
    shop.run(f"CREATE TABLE thing (id integer PRIMARY KEY, number {kind})")
    shop.run("INSERT INTO thing VALUES (1, '12'), (2, '-7'), (3, '0')")
    thing = DatasetSpec("thing", shop.schema, "thing", ("id",), identities=(Identity("number", "customer_id"),))

    def named_by(*numbers):
        keys = resolve_subject(source, [thing], [Identifier("customer_id", number) for number in numbers])
        return keys.keys_of("thing")

    assert named_by("012", "0012", "12abc", "12.0", "1 2", "-07", "-0", "00") == ()
    assert [named_by(number) for number in ("12", "-7", "0")] == [(("1",),), (("2",),), (("3",),)]
    if kind != "varchar(20)":
        assert named_by(" 12", "12 ") == ()
