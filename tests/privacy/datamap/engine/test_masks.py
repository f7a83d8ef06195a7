"""Each strategy in a real database: what it makes of values, that it recognises its work, that it does it once."""

import datetime as dt
import ipaddress
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from privacy.datamap.engine.dialects.postgresql_masks import NO_ADDRESS
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.introspect import complete, read_catalog
from privacy.datamap.engine.masks import LEGAL_CLASS, ColumnMask, LegalClass, Strategy
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.spec import DatasetSpec
from tests.privacy.datamap.engine.products import PRODUCTS

COLUMNS = {
    "postgresql": {
        "text": "text", "short": "varchar(60)", "padded": "char(60)", "day": "date", "at": "timestamptz",
        "local": "timestamp", "ip": "inet", "number": "integer", "big": "bigint", "amount": "numeric(12, 2)",
        "ratio": "double precision", "code": "uuid", "data": "json", "yes": "boolean",
    },
    "mariadb": {
        "text": "text", "short": "varchar(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "padded": "char(60)",
        "day": "date", "at": "timestamp(6) NULL", "local": "datetime(6)", "ip": "inet6", "number": "integer",
        "big": "bigint", "amount": "numeric(12, 2)", "ratio": "double", "code": "uuid", "data": "json",
        "yes": "boolean",
        "small": "float", "positive": "bigint unsigned", "kind": "enum('raw', 'gone')",
    },
    "sqlite": {
        "text": "text", "short": "varchar(60) COLLATE NOCASE", "padded": "char(60) COLLATE RTRIM", "day": "date",
        "at": "timestamptz", "local": "datetime", "ip": "inet", "number": "integer", "big": "bigint",
        "amount": "numeric(12, 2)", "ratio": "double precision", "code": "uuid", "data": "json", "yes": "boolean",
    },
}  # fmt: skip
COLUMNS["portal"] = COLUMNS["postgresql"]


@pytest.fixture(scope="module")
def cabinet(database_url, product):
    """A table with one column of each type, and the engine's view of it."""
    columns = next(columns for name, columns in COLUMNS.items() if PRODUCTS[name].shop is product.shop)
    shop = product.shop(database_url, f"cabinet_{uuid.uuid4().hex[:8]}")
    shop.create()
    with shop.open(b"k" * 32) as source:
        described = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        shop.run(f"CREATE TABLE thing (id bigint PRIMARY KEY, {described})")
        dataset = complete(DatasetSpec("thing", shop.schema, "thing", ("id",)), read_catalog(source))
        yield Cabinet(shop, source, dataset)
    shop.drop()


class Cabinet:
    def __init__(self, shop, source, dataset):
        self.shop, self.source = shop, source
        self.predicates = Predicates([dataset], source.dialect, source.mask_key)

    def put(self, column, value, id=1):
        self.shop.run("DELETE FROM thing")
        self.shop.run(f"INSERT INTO thing (id, {column}) VALUES (%s, %s)", id, value)

    def value(self, column):
        return self.shop.rows(f"SELECT {column}, {self.shop.as_text(column)} FROM thing")[0]

    def is_masked(self, mask):
        table = self.predicates.table("thing")
        with self.source.connect() as connection:
            found = connection.rows(select(self.predicates.all_masked(table, [mask])).select_from(table._clause))[0][0]
        assert found in (True, False)
        return bool(found)

    def apply(self, mask):
        table = self.predicates.table("thing")
        with (
            self.source.connect() as connection,
            connection.transaction(lock_timeout_ms=1000, statement_timeout_ms=5000),
        ):
            connection.change(table.update(self.predicates.masked_values(table, [mask])))

    def masked(self, column, strategy, value, params=None, id=1):
        """Put, mask, and insist that the result is recognised and stays."""
        mask = ColumnMask(column, strategy, params or {})
        self.put(column, value, id)
        self.apply(mask)
        once = self.value(column)
        assert self.is_masked(mask) is True
        self.apply(mask)
        assert self.value(column)[1] == once[1]
        return once


NASTY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60) | st.sampled_from(
    ["", " ", "tk_", "tk_" + "0" * 40, "erased-", "erased-x@erased.invalid", "NULL", "'; --", "%s %(a)s :x", "\\x00",
     "999.999.1.1", "1.2.3.4", "::1", "2001:db8::ffff:1", "::::", "K1A 0B6", "  SW1A 1AA", "İstanbul", "ß" * 20,
     "e\u0301", "ERASED-X", "TK_" + "0" * 40, "gone 'for' %GOOD\\", "1.2.3.4\n"]
)  # fmt: skip
UNIX_TIMES = st.datetimes(dt.datetime(1970, 1, 1, 0, 0, 1), dt.datetime(2038, 1, 19))
TEXT_MASKS = [
    (Strategy.NULL, {}),
    (Strategy.CONSTANT, {"value": "gone 'for' %good\\"}),
    (Strategy.TOKEN, {}),
    (Strategy.TOKEN, {"domain": "people"}),
    (Strategy.RANDOM, {}),
    (Strategy.EMAIL, {}),
    (Strategy.PHONE, {}),
    (Strategy.GENERALISE_IP, {}),
    (Strategy.GENERALISE_POSTCODE, {"keep": 0}),
    (Strategy.GENERALISE_POSTCODE, {"keep": 3}),
]


@pytest.mark.parametrize("column", ["text", "short", "padded"])
@pytest.mark.parametrize(("strategy", "params"), TEXT_MASKS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=NASTY)
def test_a_text_mask_applied_twice_changes_nothing(cabinet, column, strategy, params, value):
    cabinet.masked(column, strategy, value, params)


ANYWHERE = [
    ("day", Strategy.GENERALISE_DATE, {"to": "month"}, st.dates()),
    ("day", Strategy.GENERALISE_DATE, {"to": "year"}, st.dates()),
    ("local", Strategy.GENERALISE_DATE, {"to": "month"}, st.datetimes()),
    ("number", Strategy.GENERALISE_NUMBER, {"size": 1000}, st.integers(-(2**31), 2**31 - 1)),
    ("big", Strategy.GENERALISE_NUMBER, {"size": 7}, st.integers(-(2**63), 2**63 - 1)),
    ("amount", Strategy.GENERALISE_NUMBER, {"size": 50}, st.decimals(-(10**9), 10**9, places=2)),
    ("code", Strategy.RANDOM, {}, st.uuids(version=4)),
    ("data", Strategy.CONSTANT, {"value": '{"gone": 1}'}, st.just('{"a": 1}')),
    ("yes", Strategy.CONSTANT, {"value": False}, st.booleans()),
]
OTHER_TYPES = {
    "postgresql": [
        *ANYWHERE,
        ("at", Strategy.GENERALISE_DATE, {"to": "year"}, st.datetimes(timezones=st.just(dt.UTC))),
        ("ip", Strategy.GENERALISE_IP, {}, st.ip_addresses()),
        ("ratio", Strategy.GENERALISE_NUMBER, {"size": 3}, st.floats(allow_nan=True, allow_infinity=True)),
    ],
    "mariadb": [
        *ANYWHERE,
        (
            "at",
            Strategy.GENERALISE_DATE,
            {"to": "year"},
            UNIX_TIMES,
        ),
        ("ip", Strategy.GENERALISE_IP, {}, st.ip_addresses(v=6) | st.ip_addresses(v=4).map("::ffff:{}".format)),
        ("ratio", Strategy.GENERALISE_NUMBER, {"size": 3}, st.floats(allow_nan=False, allow_infinity=False)),
        ("small", Strategy.GENERALISE_NUMBER, {"size": 7}, st.floats(-(2.0**99), 2.0**99, width=32)),
        ("positive", Strategy.GENERALISE_NUMBER, {"size": 10}, st.integers(0, 2**64 - 1)),
        ("kind", Strategy.CONSTANT, {"value": "gone"}, st.sampled_from(["raw", "gone"])),
    ],
    "sqlite": [
        *ANYWHERE,
        ("at", Strategy.GENERALISE_DATE, {"to": "year"}, st.datetimes(timezones=st.just(dt.UTC))),
        ("ip", Strategy.GENERALISE_IP, {}, st.ip_addresses() | st.ip_addresses().map("{}/12".format)),
        ("ratio", Strategy.GENERALISE_NUMBER, {"size": 3}, st.floats(allow_nan=True, allow_infinity=True)),
        *(
            (column, strategy, params, NASTY | st.binary(max_size=9) | st.integers(-(2**63), 2**63 - 1))
            for column, strategy, params in (
                ("day", Strategy.GENERALISE_DATE, {"to": "month"}),
                ("local", Strategy.GENERALISE_DATE, {"to": "year"}),
                ("number", Strategy.GENERALISE_NUMBER, {"size": 10}),
                ("ip", Strategy.GENERALISE_IP, {}),
                ("text", Strategy.TOKEN, {}),
                ("text", Strategy.GENERALISE_POSTCODE, {"keep": 2}),
            )
        ),
    ],
}
OTHER_TYPES["portal"] = OTHER_TYPES["postgresql"]


@pytest.mark.parametrize(
    ("product", "column", "strategy", "params", "values"),
    [(product, *each) for product, every in OTHER_TYPES.items() for each in every],
    indirect=["product"],
    scope="session",
)
def test_a_mask_of_any_other_type_applied_twice_changes_nothing(cabinet, column, strategy, params, values):
    @settings(max_examples=25, deadline=None)
    @given(value=values)
    def property_holds(value):
        cabinet.masked(column, strategy, value, params)

    property_holds()


@pytest.mark.parametrize(("strategy", "params"), TEXT_MASKS)
def test_null_stays_null_and_counts_as_masked(cabinet, strategy, params):
    cabinet.put("text", None)
    assert cabinet.is_masked(ColumnMask("text", strategy, params)) is True
    assert cabinet.masked("text", strategy, None, params) == (None, None)


@pytest.mark.parametrize(("strategy", "params"), [each for each in TEXT_MASKS if each[0] is not Strategy.NULL])
def test_a_raw_value_is_not_taken_for_masked(cabinet, strategy, params):
    cabinet.put("text", "Ama Mensah 10.1.2.3")
    assert cabinet.is_masked(ColumnMask("text", strategy, params)) is False


EXPECTED_ANYWHERE = [
    ("day", Strategy.GENERALISE_DATE, {"to": "month"}, "1980-05-17", "1980-05-01"),
    ("day", Strategy.GENERALISE_DATE, {"to": "year"}, "1980-05-17", "1980-01-01"),
    ("day", Strategy.GENERALISE_DATE, {"to": "decade"}, "1989-05-17", "1980-01-01"),
    ("day", Strategy.GENERALISE_DATE, {"to": "decade"}, "1990-01-01", "1990-01-01"),
    ("text", Strategy.GENERALISE_IP, {}, "192.0.2.77", "192.0.2.0"),
    ("text", Strategy.GENERALISE_IP, {"keep": 2}, "192.168.2.77", "192.168.0.0"),
    ("text", Strategy.GENERALISE_IP, {"keep": 1}, "192.168.2.77", "192.0.0.0"),
    ("text", Strategy.GENERALISE_IP, {"keep": 2}, "2001:db8:1:2::3", "2001:db8::"),
    ("text", Strategy.GENERALISE_IP, {}, "2001:db8:1:2::3", "2001:db8:1::"),
    ("text", Strategy.GENERALISE_IP, {}, "Ama's laptop", NO_ADDRESS),
    ("number", Strategy.GENERALISE_NUMBER, {"size": 1000}, 12345, "12000"),
    ("number", Strategy.GENERALISE_NUMBER, {"size": 1000}, -12345, "-12000"),
    ("number", Strategy.GENERALISE_NUMBER, {"size": 1000}, -(2**31), "-2147483000"),
    ("amount", Strategy.GENERALISE_NUMBER, {"size": 100}, "1234.56", "1200.00"),
    ("text", Strategy.GENERALISE_POSTCODE, {"keep": 3}, "K1A 0B6", "K1A"),
    ("text", Strategy.GENERALISE_POSTCODE, {"keep": 3}, " K1 0B6", "K1"),
    ("text", Strategy.PHONE, {}, "+233 24 000 0000", "+99900000000001"),
    ("text", Strategy.CONSTANT, {"value": "ERASED"}, "Ama", "ERASED"),
]
EXPECTED = {
    "postgresql": [
        *EXPECTED_ANYWHERE,
        ("day", Strategy.GENERALISE_DATE, {"to": "year"}, "infinity", "infinity"),
        ("at", Strategy.GENERALISE_DATE, {"to": "month"}, "2026-01-31 23:30-05", "2026-02-01 00:00:00+00"),
        ("ip", Strategy.GENERALISE_IP, {}, "192.0.2.77", "192.0.2.0/24"),
        ("ip", Strategy.GENERALISE_IP, {}, "10.0.0.0/8", "10.0.0.0/8"),
        ("ip", Strategy.GENERALISE_IP, {"keep": 2}, "192.168.2.77", "192.168.0.0/16"),
        ("ip", Strategy.GENERALISE_IP, {}, "2001:db8:1:2::3", "2001:db8:1::/48"),
    ],
    "mariadb": [
        *EXPECTED_ANYWHERE,
        ("at", Strategy.GENERALISE_DATE, {"to": "month"}, "2026-02-01 04:30", "2026-02-01 00:00:00.000000"),
        ("local", Strategy.GENERALISE_DATE, {"to": "year"}, "2026-02-01 04:30", "2026-01-01 00:00:00.000000"),
        ("ip", Strategy.GENERALISE_IP, {}, "::ffff:192.0.2.77", "::ffff:192.0.2.0"),
        ("ip", Strategy.GENERALISE_IP, {"keep": 2}, "::ffff:192.168.2.77", "::ffff:192.168.0.0"),
        ("ip", Strategy.GENERALISE_IP, {}, "2001:db8:1:2::3", "2001:db8:1::"),
        ("day", Strategy.GENERALISE_DATE, {"to": "decade"}, "0007-03-04", "0001-01-01"),
        ("local", Strategy.GENERALISE_DATE, {"to": "decade"}, "2026-02-01 04:30", "2020-01-01 00:00:00.000000"),
        ("day", Strategy.GENERALISE_DATE, {"to": "year"}, "0000-00-00", "0000-00-00"),
        ("day", Strategy.GENERALISE_DATE, {"to": "month"}, "1980-00-00", "1980-00-01"),
    ],
    "sqlite": [
        *(each for each in EXPECTED_ANYWHERE if each[0] != "amount"),
        ("amount", Strategy.GENERALISE_NUMBER, {"size": 100}, "1234.56", "1200"),
        ("at", Strategy.GENERALISE_DATE, {"to": "month"}, "2026-01-31 23:30-05", "2026-02-01 00:00:00+00:00"),
        ("local", Strategy.GENERALISE_DATE, {"to": "year"}, "2026-02-01T04:30", "2026-01-01T00:00:00"),
        ("ip", Strategy.GENERALISE_IP, {}, "10.0.0.0/8", "10.0.0.0/8"),
        ("ip", Strategy.GENERALISE_IP, {"keep": 1}, "::ffff:192.168.2.77", "::ffff:192.0.0.0"),
        ("local", Strategy.GENERALISE_DATE, {"to": "decade"}, "0007-03-04T04:30", "0001-01-01T00:00:00"),
        ("ip", Strategy.GENERALISE_IP, {}, "2001:db8:1:2::3/64", "2001:db8:1::/48"),
        ("ip", Strategy.GENERALISE_IP, {}, "::ffff:192.0.2.77", "::ffff:192.0.2.0"),
        ("day", Strategy.GENERALISE_DATE, {"to": "year"}, "born in May", None),
        ("number", Strategy.GENERALISE_NUMBER, {"size": 10}, "Ama Mensah", "0"),
        ("ip", Strategy.GENERALISE_IP, {}, 1234, NO_ADDRESS),
    ],
}
EXPECTED["portal"] = EXPECTED["postgresql"]


@pytest.mark.parametrize(
    ("product", "column", "strategy", "params", "value", "expected"),
    [(product, *each) for product, every in EXPECTED.items() for each in every],
    indirect=["product"],
    scope="session",
)
def test_a_generalised_value_is_what_the_law_was_told(cabinet, column, strategy, params, value, expected):
    mask = ColumnMask(column, strategy, params)
    cabinet.put(column, value)
    cabinet.apply(mask)
    assert cabinet.shop.rows(f"SELECT {cabinet.shop.as_text(column)} FROM thing") == [(expected,)]
    assert cabinet.is_masked(mask) is True


def test_equal_values_give_equal_tokens_within_a_domain_only(cabinet):
    ama = cabinet.masked("text", Strategy.TOKEN, "Ama", id=1)
    assert cabinet.masked("text", Strategy.TOKEN, "Ama", id=2) == ama
    assert cabinet.masked("text", Strategy.TOKEN, "Kofi", id=1) != ama
    assert cabinet.masked("text", Strategy.TOKEN, "Ama", {"domain": "other"}) != ama


def test_a_token_is_hmac_sha256_of_the_value(cabinet):
    import hashlib
    import hmac

    from privacy.datamap.engine.mask_key import MaskKey

    key = MaskKey(b"k" * 32).derive("token", "")
    expected = hmac.new(key, "Améa".encode(), hashlib.sha256).hexdigest()[:32]
    assert cabinet.masked("text", Strategy.TOKEN, "Améa")[0][3:35] == expected


def test_a_name_shaped_like_a_token_is_masked_all_the_same(cabinet):
    genuine = cabinet.masked("text", Strategy.TOKEN, "Ama")[0]
    forged = genuine[:-1] + ("0" if genuine[-1] != "0" else "1")
    cabinet.put("text", forged)
    assert cabinet.is_masked(ColumnMask("text", Strategy.TOKEN)) is False
    assert cabinet.masked("text", Strategy.TOKEN, forged)[0] not in (forged, genuine)


@pytest.mark.parametrize("strategy", [Strategy.RANDOM, Strategy.EMAIL, Strategy.PHONE])
def test_masked_values_of_different_rows_differ_and_say_nothing_of_the_old_value(cabinet, strategy):
    first = cabinet.masked("text", strategy, "Ama", id=1)
    assert cabinet.masked("text", strategy, "Kofi", id=1) == first
    assert cabinet.masked("text", strategy, "Ama", id=2) != first


def test_the_mask_of_another_row_is_not_taken_for_ones_own(cabinet):
    other = cabinet.masked("text", Strategy.EMAIL, "ama@example.com", id=2)[0]
    cabinet.put("text", other, id=1)
    assert cabinet.is_masked(ColumnMask("text", Strategy.EMAIL)) is False


def test_only_the_token_is_pseudonymous(cabinet):
    assert [each for each in Strategy if LEGAL_CLASS[each] is LegalClass.PSEUDONYMOUS] == [Strategy.TOKEN]
    assert set(LEGAL_CLASS) == set(Strategy)


def test_the_key_is_in_no_statement(cabinet):
    table = cabinet.predicates.table("thing")
    statement = table.update(cabinet.predicates.masked_values(table, [ColumnMask("text", Strategy.TOKEN)]))
    compiled = statement.compile(dialect=cabinet.source.engine.dialect)
    secrets = [value for value in compiled.params.values() if isinstance(value, bytes)]
    assert len(secrets) >= 3
    assert [value for value in secrets if value.hex() in str(compiled) or repr(value) in str(compiled)] == []
    assert b"k" * 32 not in secrets


@pytest.mark.parametrize(
    ("strategy", "params", "message"),
    [
        (Strategy.CONSTANT, {}, "needs"),
        (Strategy.GENERALISE_DATE, {"to": "day"}, "month"),
        (Strategy.GENERALISE_IP, {"keep": 4}, "parts of the address"),
        (Strategy.GENERALISE_NUMBER, {"size": 0}, "above zero"),
        (Strategy.GENERALISE_POSTCODE, {"keep": -1}, "zero or more"),
        (Strategy.NULL, {"value": 1}, "unknown settings"),
    ],
)
def test_a_mask_that_makes_no_sense_is_refused_with_its_column(strategy, params, message):
    with pytest.raises(InvalidSpec, match=rf"'salary'.*{message}"):
        ColumnMask("salary", strategy, params)


def test_addresses_in_text_agree_with_the_library(cabinet):
    for value in ("203.0.113.9", "2001:db8:aaaa:bbbb::1"):
        address = ipaddress.ip_address(value)
        network = ipaddress.ip_network((value, 24 if address.version == 4 else 48), strict=False)
        assert cabinet.masked("text", Strategy.GENERALISE_IP, value)[0] == str(network.network_address)
