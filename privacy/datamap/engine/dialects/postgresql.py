"""PostgreSQL 13 and later, through psycopg 3."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection, Select, Text, Tuple, bindparam, cast, false, func, literal_column, or_, text, tuple_
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import Dialect as Compiling
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.dialects import postgresql_catalog, postgresql_errors, postgresql_masks
from privacy.datamap.engine.dialects.base import (
    READ_LIMIT_MS,
    Dialect,
    MaskedColumn,
    Outcome,
    is_whole_number,
    sought,
    typed,
)
from privacy.datamap.engine.errors import EngineError, UnsupportedSource
from privacy.datamap.engine.mask_key import MaskKey
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.moments import is_exact
from privacy.datamap.engine.spec import Column, Key

OLDEST = 130000  # pg_current_xact_id and pg_xact_status came with 13
XID_UNKNOWABLE = "22023"  # the id lies in the future: the source was restored from a backup since
INTEGERS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}  # from minus this to less than this
EXACT_NUMBERS = {*INTEGERS, "numeric"}
OTHER_NUMBERS = 10**18  # every type of number holds as much
NOT_A_VALUE = ("22", "23")  # SQLSTATE classes: data exception; a domain's own check
CANNOT_BECOME = "42846"  # a number is no date, whatever number it is

_BEGIN = text(
    "SELECT pg_current_xact_id()::text, set_config('lock_timeout', :lock_ms, true),"
    " set_config('statement_timeout', :statement_ms, true)"
)
_LIMITS = text("SELECT set_config('statement_timeout', :statement_ms, true)")
_OUTCOME = text("SELECT pg_xact_status(CAST(CAST(:transaction_id AS text) AS xid8))")
_VERSION = text("SELECT current_setting('server_version_num')::int, current_setting('server_version')")


@dataclass(frozen=True)
class _Transaction:
    id: str

    def prepare(self) -> None:
        """Nothing: the server itself remembers what became of every transaction."""

    def leave(self) -> None:
        """Nothing, for the same reason."""


class PostgreSQL(Dialect):
    """See Dialect."""

    name = "postgresql"
    remembers_outcomes = True
    keeps_statements = True

    def url(self, url: URL) -> URL:
        return url.set(drivername="postgresql+psycopg")

    def engine_options(self, url: URL, *, connect_timeout_seconds: int) -> dict[str, Any]:
        return {
            "isolation_level": "READ COMMITTED",
            "use_native_hstore": False,
            "connect_args": {
                "connect_timeout": connect_timeout_seconds,
                "application_name": "privacy-desk",
                # A plan made once for all windows would be a bad plan for most; and poolers dislike prepared ones.
                "prepare_threshold": None,
                # Keys travel as text, so the way the server writes values must not depend on the login's settings.
                "options": "-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=1"
                f" -c statement_timeout={READ_LIMIT_MS}",
            },
        }

    def version(self, connection: Connection) -> str:
        number, name = connection.execute(_VERSION).one()
        if number < OLDEST:
            raise UnsupportedSource(f"PostgreSQL {name} is too old; the engine needs version 13 or later.")
        return f"PostgreSQL {name}"

    @contextmanager
    def writing(
        self, connection: Connection, *, transaction_id: str, lock_timeout_ms: int, statement_timeout_ms: int
    ) -> Iterator[_Transaction]:
        limits = {"lock_ms": str(lock_timeout_ms), "statement_ms": str(statement_timeout_ms)}
        with connection.begin():
            yield _Transaction(str(connection.execute(_BEGIN, limits).scalar_one()))

    def limit_reading(self, connection: Connection, *, statement_timeout_ms: int) -> None:
        if statement_timeout_ms != READ_LIMIT_MS:  # which every connection has from its beginning
            connection.execute(_LIMITS, {"statement_ms": str(statement_timeout_ms)})

    def transaction_outcome(self, connection: Connection, transaction_id: str) -> Outcome:
        try:
            status = connection.execute(_OUTCOME, {"transaction_id": transaction_id}).scalar_one()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == XID_UNKNOWABLE:
                return Outcome.UNKNOWN
            raise
        return Outcome.UNKNOWN if status is None else Outcome(status)

    def value(self, value: Any, column: Column) -> ColumnElement[Any]:
        return typed(value, column.type)

    def equals(self, element: ColumnElement[Any], column: Column, value: Any) -> ColumnElement[bool]:
        return element == typed(value, column.type)

    def is_before(
        self, element: ColumnElement[Any], column: Column, cutoff: dt.date | dt.datetime
    ) -> ColumnElement[bool]:
        return element < typed(cutoff, column.type)

    def readable(self, element: ColumnElement[Any], column: Column) -> ColumnElement[str]:
        return cast(element, Text)

    def between(
        self, elements: Sequence[ColumnElement[Any]], columns: Sequence[Column], lower: Key | None, upper: Key | None
    ) -> list[ColumnElement[bool]]:
        key: Any = elements[0] if len(elements) == 1 else tuple_(*elements)
        bounds: list[ColumnElement[bool]] = []
        if lower is not None:
            bounds.append(key > _bound(columns, lower))
        if upper is not None:
            bounds.append(key <= _bound(columns, upper))
        return bounds

    def last_of_window(
        self, rows: Select[Any], table_key: Sequence[ColumnElement[Any]], columns: Sequence[Column], size: int
    ) -> Select[Any]:
        order = func.row_number().over(order_by=table_key).label("place")
        texts = [cast(element, Text).label(f"key_{place}") for place, element in enumerate(table_key)]
        portion = rows.with_only_columns(*texts, order).order_by(*table_key).limit(size).subquery("portion")
        return portion.select().order_by(portion.c.place.desc()).limit(1)

    def key_as_text(self, element: ColumnElement[Any], column: Column) -> ColumnElement[str]:
        return cast(element, Text)

    def is_one_of(
        self, elements: Sequence[ColumnElement[Any]], columns: Sequence[Column], keys: Sequence[Key]
    ) -> ColumnElement[bool]:
        arrays = [typed([key[place] for key in keys], f"{column.type}[]") for place, column in enumerate(columns)]
        return _is_in(elements, arrays)

    def is_one_of_later(
        self, elements: Sequence[ColumnElement[Any]], columns: Sequence[Column], name: str
    ) -> ColumnElement[bool]:
        arrays = [typed(bindparam(f"{name}_{place}"), f"{column.type}[]") for place, column in enumerate(columns)]
        return _is_in(elements, arrays)

    def later_values(self, name: str, keys: Sequence[Key]) -> dict[str, Any]:
        return {f"{name}_{place}": list(parts) for place, parts in enumerate(zip(*keys, strict=True))}

    def compiling(self) -> Compiling:
        return PGDialect_psycopg()

    def by_collation(self, element: ColumnElement[Any], collation: str) -> ColumnElement[Any]:
        return element.op("COLLATE")(literal_column(collation or '"default"'))

    def differ(self, one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
        exact = '"C"'
        return self.by_collation(cast(one, Text), exact) != self.by_collation(cast(other, Text), exact)

    def names_one_of(
        self, element: ColumnElement[Any], column: Column, kind: str, values: Sequence[str]
    ) -> ColumnElement[bool]:
        given = sought(values, column)
        if kind == "email":
            return func.lower(element).in_([func.lower(cast(value, Text)) for value in given])
        if kind == "phone":
            stored = func.regexp_replace(cast(element, Text), "[^0-9+]", "", "g")
            return stored.in_([_digits(value) for value in given])
        if fitting := [value for value in given if _fits(value, column)]:
            return or_(*(element == typed(value, column.type) for value in fitting))
        return false()

    def fits(self, connection: Connection, value: Any, column: Column) -> bool:
        if not _is_plain(value, column):
            return False
        try:
            unchanged = func.coalesce(_keeps(value, column), False)
            return bool(connection.execute(unchanged.select()).scalar_one())
        except DBAPIError as error:
            if _says_no_value(error):
                return False
            raise

    def comparable(self, connection: Connection, value: Any, column: Column) -> bool:
        try:
            connection.execute(func.coalesce(typed(value, column.type).is_(None), False).select())
        except DBAPIError as error:
            if _says_no_value(error):
                return False
            raise
        return True

    def mask(self, target: MaskedColumn, key: MaskKey) -> ColumnElement[Any]:
        return postgresql_masks.mask(target, key)

    def is_masked(self, target: MaskedColumn, key: MaskKey) -> ColumnElement[bool]:
        return postgresql_masks.is_masked(target, key)

    def catalog(self, connection: Connection) -> Catalog:
        return postgresql_catalog.read(connection, version=self.version(connection))

    def words_for(self, error: BaseException, *, doing: str) -> EngineError:
        return postgresql_errors.words_for(error, doing=doing)


def _says_no_value(error: DBAPIError) -> bool:
    state = str(getattr(error.orig, "sqlstate", None))
    return state[:2] in NOT_A_VALUE or state == CANNOT_BECOME


def _is_plain(value: Any, column: Column) -> bool:
    """Whether there is one way to read it: PostgreSQL takes 01/02/1900 for a day, and NaN for a number."""
    if column.family is Family.NUMBER:
        return not isinstance(value, str | float) or _is_finite(value)
    return is_exact(value, column) if isinstance(value, str) else True


def _is_finite(value: str | float) -> bool:
    try:
        return Decimal(str(value).strip()).is_finite()
    except InvalidOperation:
        return True  # the source tells whether it is a number at all


def _keeps(value: Any, column: Column) -> ColumnElement[bool]:
    """Exact numbers as numbers, for 5000 is written 5000.00 in a column with two decimals; anything else as text."""
    stored = typed(value, column.declared_type)
    if column.type in EXACT_NUMBERS:
        return stored == typed(value, "numeric")
    return cast(stored, Text) == cast(typed(value, column.type), Text)


def _is_in(elements: Sequence[ColumnElement[Any]], arrays: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
    if len(elements) == 1:
        return elements[0] == func.any(arrays[0])
    names = [f"part_{place}" for place, _ in enumerate(arrays)]
    return tuple_(*elements).in_(func.unnest(*arrays).table_valued(*names).render_derived().select())


def _bound(columns: Sequence[Column], key: Key) -> ColumnElement[Any] | Tuple:
    values = [typed(value, column.type) for value, column in zip(key, columns, strict=True)]
    return values[0] if len(values) == 1 else tuple_(*values)


def _digits(value: str) -> str:
    return re.sub(r"[^0-9+]", "", value)


def _fits(value: str, column: Column) -> bool:
    """Whether a value could stand in the column at all; one that could not names nobody, and is no error."""
    if column.family is Family.NUMBER:
        limit = INTEGERS.get(column.type, OTHER_NUMBERS)
        return is_whole_number(value) and -limit <= int(value) < limit
    if column.family is Family.UUID:
        try:
            uuid.UUID(value)
        except ValueError:
            return False
    return column.family in (Family.NUMBER, Family.UUID, Family.TEXT)
