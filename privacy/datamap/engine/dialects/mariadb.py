"""MariaDB 10.6 and later, through PyMySQL. MySQL 8 answers at the same addresses and speaks nearly the same language.

Against MySQL nothing here has been run: it has no max_statement_time, so a source of that kind is refused.
"""

import datetime as dt
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import (
    Connection,
    LargeBinary,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    text,
    tuple_,
    type_coerce,
)
from sqlalchemy.engine import URL
from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.dialects import mariadb_catalog, mariadb_errors, mariadb_masks, mariadb_transactions
from privacy.datamap.engine.dialects import mariadb_values as values
from privacy.datamap.engine.dialects.base import Dialect, MaskedColumn, Outcome, Writing, sought
from privacy.datamap.engine.errors import EngineError, InvalidSpec, UnsupportedSource
from privacy.datamap.engine.mask_key import MaskKey
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.spec import Column, Key

OLDEST = (10, 6)  # SKIP LOCKED came with 10.6
NO_TIME_BEFORE = "0001-01-01"  # a zero date says that nothing is known
TLS: dict[str, dict[str, Any]] = {
    "DISABLED": {"ssl_disabled": True},
    "PREFERRED": {},
    "REQUIRED": {"ssl_verify_cert": False},
    "VERIFY_CA": {"ssl_verify_cert": True},
    "VERIFY_IDENTITY": {"ssl_verify_cert": True, "ssl_verify_identity": True},
}
# Strict, so that no value is ever cut to fit; zero dates may stay where they are. Times are written in UTC. A long list
# of keys stays a list: turned into a subquery, an UPDATE would read the whole table for it.
_SESSION = (
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',"
    " time_zone = '+00:00', in_predicate_conversion_threshold = 0, idle_transaction_timeout = 0"
)
_VERSION = text("SELECT VERSION()")


class MariaDB(Dialect):
    """See Dialect."""

    name = "mysql"
    skips_locked_inside = False

    def url(self, url: URL) -> URL:
        return url.set(drivername="mysql+pymysql").difference_update_query(["ssl-mode", "ssl_mode"])

    def engine_options(self, url: URL, *, connect_timeout_seconds: int) -> dict[str, Any]:
        mode = str(url.query.get("ssl-mode", "PREFERRED")).upper()
        if mode not in TLS:
            raise InvalidSpec(f"The parameter ssl-mode of an address is one of {', '.join(TLS)}.")
        return {
            "isolation_level": "READ COMMITTED",
            "connect_args": {
                "connect_timeout": connect_timeout_seconds,
                "charset": "utf8mb4",
                "init_command": _SESSION,
                "program_name": "privacy-desk",
                **TLS[mode],
            },
        }

    def version(self, connection: Connection) -> str:
        name = str(connection.execute(_VERSION).scalar_one())
        number = re.match(r"(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)", name)
        if "mariadb" not in name.lower() or number is None:
            raise UnsupportedSource("This is no MariaDB; the engine needs MariaDB 10.6 or later.")
        short = ".".join(number.groups())
        if (int(number[1]), int(number[2])) < OLDEST:
            raise UnsupportedSource(f"MariaDB {short} is too old; the engine needs version 10.6 or later.")
        return f"MariaDB {short}"

    def new_transaction_id(self) -> str:
        return mariadb_transactions.new_id()

    def writing(
        self, connection: Connection, *, transaction_id: str, lock_timeout_ms: int, statement_timeout_ms: int
    ) -> AbstractContextManager[Writing]:
        return mariadb_transactions.writing(
            connection,
            transaction_id=transaction_id,
            lock_timeout_ms=lock_timeout_ms,
            statement_timeout_ms=statement_timeout_ms,
        )

    def limit_reading(self, connection: Connection, *, statement_timeout_ms: int) -> None:
        mariadb_transactions.limit_reading(connection, statement_timeout_ms=statement_timeout_ms)

    def transaction_outcome(self, connection: Connection, transaction_id: str) -> Outcome:
        return mariadb_transactions.outcome(connection, transaction_id)

    def roll_back_waiting(self, connection: Connection, transaction_id: str) -> bool:
        return mariadb_transactions.roll_back_waiting(connection, transaction_id)

    def value(self, value: Any, column: Column) -> ColumnElement[Any]:
        return values.parameter(value, column)

    def equals(self, element: ColumnElement[Any], column: Column, value: Any) -> ColumnElement[bool]:
        given = values.parameter(value, column)
        if column.family is not Family.TEXT:
            return element == given
        return and_(element == given, values.utf8(element) == values.utf8(given))

    def is_before(
        self, element: ColumnElement[Any], column: Column, cutoff: dt.date | dt.datetime
    ) -> ColumnElement[bool]:
        return and_(element < values.parameter(cutoff, column), *_is_known(element))

    def known_moment(self, element: ColumnElement[Any], column: Column) -> ColumnElement[Any]:
        return case((and_(*_is_known(element)), element))

    def readable(self, element: ColumnElement[Any], column: Column) -> ColumnElement[str]:
        return func.hex(element) if values.base(column) in values.BINARY else cast(element, Text)

    def key_as_text(self, element: ColumnElement[Any], column: Column) -> ColumnElement[str]:
        return values.key_text(element, column)

    def between(
        self, elements: Sequence[ColumnElement[Any]], columns: Sequence[Column], lower: Key | None, upper: Key | None
    ) -> list[ColumnElement[bool]]:
        """Written out: MariaDB finds no range of an index for (a, b) > (x, y). The first column alone goes before."""
        bounds: list[ColumnElement[bool]] = []
        if lower is not None:
            bounds += _beyond(elements, _natives(lower, columns), above=True)
        if upper is not None:
            bounds += _beyond(elements, _natives(upper, columns), above=False)
        return bounds

    def last_of_window(
        self, rows: Select[Any], table_key: Sequence[ColumnElement[Any]], columns: Sequence[Column], size: int
    ) -> Select[Any]:
        """The rows are read in key order as far as needed; a numbering of all of them would read all of them."""
        named = [element.label(f"part_{place}") for place, element in enumerate(table_key)]
        portion = rows.with_only_columns(*named).order_by(*table_key).limit(size).subquery("first_rows")
        parts = [portion.c[f"part_{place}"] for place, _ in enumerate(table_key)]
        texts = [values.key_text(part, column) for part, column in zip(parts, columns, strict=True)]
        number = func.count().over()
        return portion.select().with_only_columns(*texts, number).order_by(*(part.desc() for part in parts)).limit(1)

    def is_one_of(
        self, elements: Sequence[ColumnElement[Any]], columns: Sequence[Column], keys: Sequence[Key]
    ) -> ColumnElement[bool]:
        natives = [_natives(key, columns) for key in keys]
        first = elements[0].in_(_many({key[0] for key in natives}))
        if len(elements) == 1:
            return first
        return and_(first, tuple_(*elements).in_(_many(natives)))

    def referring(self, element: ColumnElement[Any], own: Column, theirs: Column) -> tuple[ColumnElement[Any], ...]:
        """By the bytes where the collations differ; the source has no foreign keys between such columns."""
        if not values.differ_in_collation(own, theirs) or values.base(theirs) in values.LABELLED:
            return (element,)
        return (element, type_coerce(values.utf8(element), Text))

    def meets(
        self, theirs: ColumnElement[Any], their_column: Column, own: ColumnElement[Any], own_column: Column
    ) -> list[ColumnElement[bool]]:
        """The comparison by the other column's collation stands beside the bytes, for its index."""
        if not values.differ_in_collation(own_column, their_column):
            return [theirs == own]
        there = values.in_collation_of(own, their_column)
        return [theirs == there, values.utf8(theirs) == values.utf8(own)]

    def differ(self, one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
        return values.utf8(one) != values.utf8(other)

    def names_one_of(
        self, element: ColumnElement[Any], column: Column, kind: str, values_: Sequence[str]
    ) -> ColumnElement[bool]:
        given = sought(values_, column)
        if kind == "email":
            return _same_mail(element, column, given)
        if kind == "phone":
            stored = func.regexp_replace(cast(element, Text), "[^0-9+]", "")
            return stored.in_([re.sub(r"[^0-9+]", "", value) for value in given])
        fitting = [self._names(element, column, value) for value in given if values.may_stand_in(value, column)]
        return or_(*fitting) if fitting else false()

    def _names(self, element: ColumnElement[Any], column: Column, value: str) -> ColumnElement[bool]:
        if values.is_comparable(value, column):
            return self.equals(element, column, value)
        return values.utf8(element) == values.utf8(values.parameter(value, column))

    def fits(self, connection: Connection, value: Any, column: Column) -> bool:
        if not values.storable(value, column):
            return False
        charset = values.charset_of(column)
        if charset is None:
            return True
        there = func.convert(literal(str(value)).op("USING")(literal_column(charset)))
        kept = values.utf8(there) == cast(literal(str(value)), LargeBinary)
        return bool(connection.execute(func.coalesce(kept, false()).select()).scalar_one())

    def comparable(self, connection: Connection, value: Any, column: Column) -> bool:
        return values.comparable(value, column)

    def mask(self, target: MaskedColumn, key: MaskKey) -> ColumnElement[Any]:
        return mariadb_masks.mask(target, key)

    def is_masked(self, target: MaskedColumn, key: MaskKey) -> ColumnElement[bool]:
        return mariadb_masks.is_masked(target, key)

    def catalog(self, connection: Connection) -> Catalog:
        return mariadb_catalog.read(connection, version=self.version(connection))

    def words_for(self, error: BaseException, *, doing: str) -> EngineError:
        return mariadb_errors.words_for(error, doing=doing)


def _natives(key: Key, columns: Sequence[Column]) -> tuple[Any, ...]:
    return tuple(values.native_key(part, column) for part, column in zip(key, columns, strict=True))


def _is_known(element: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """2020-00-00 is some day of that year, and nobody knows which."""
    return [element >= literal(NO_TIME_BEFORE), func.month(element) > 0, func.dayofmonth(element) > 0]


def _many(given: Any) -> Any:
    return bindparam(None, list(given), expanding=True)


def _beyond(elements: Sequence[ColumnElement[Any]], bound: Sequence[Any], *, above: bool) -> list[ColumnElement[bool]]:
    """elements > bound (above), or elements <= bound, part by part."""
    last, end = elements[-1], literal(bound[-1])
    nested: ColumnElement[bool] = last > end if above else last <= end
    for element, part in zip(reversed(elements[:-1]), reversed(bound[:-1]), strict=True):
        past = element > literal(part) if above else element < literal(part)
        nested = or_(past, and_(element == literal(part), nested))
    if len(elements) == 1:
        return [nested]
    first = elements[0] >= literal(bound[0]) if above else elements[0] <= literal(bound[0])
    return [first, nested]


def _same_mail(element: ColumnElement[Any], column: Column, given: Sequence[str]) -> ColumnElement[bool]:
    """Equal but for upper and lower case. Where the collation ignores case as well, its index narrows the search."""
    lowered = cast(func.lower(func.convert(element.op("USING")(literal_column("utf8mb4")))), LargeBinary)
    same = lowered.in_([cast(func.lower(literal(value)), LargeBinary) for value in given])
    if column.family is Family.TEXT and " collate " not in column.declared_type:
        return and_(element.in_(given), same)
    return same
