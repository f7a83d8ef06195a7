"""SQLite 3.37 and later, a file on this machine, through Python's own sqlite3.

Danger: a file made by others is opened by our own process. Rule: what it holds can call no function that is not
harmless (trusted_schema), its pages are checked as they are read, nothing is attached to it and no extension loaded.
Danger: SQLite leaves what was deleted in the file until the room is used again. Rule: secure_delete overwrites it. The
journal mode is the file's owner's and stays as it is.
"""

import datetime as dt
import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Connection,
    LargeBinary,
    Select,
    Text,
    and_,
    cast,
    collate,
    false,
    func,
    literal,
    literal_column,
    or_,
    text,
    tuple_,
)
from sqlalchemy.engine import URL
from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.dialects import sqlite_catalog, sqlite_errors, sqlite_functions, sqlite_masks
from privacy.datamap.engine.dialects import sqlite_transactions as transactions
from privacy.datamap.engine.dialects import sqlite_values as values
from privacy.datamap.engine.dialects.base import Dialect, MaskedColumn, Outcome, Writing, sought
from privacy.datamap.engine.errors import EngineError, InvalidSpec, UnsupportedSource
from privacy.datamap.engine.mask_key import MaskKey
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.moments import Moment
from privacy.datamap.engine.spec import Column, Key

OLDEST = (3, 37)  # PRAGMA table_list, which tells a table from a part of another one
_SESSION = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = ON",
    "SELECT count(*) FROM sqlite_master",  # a file that is no database says so now
)
_ENCODING = text("PRAGMA encoding")


class SQLite(Dialect):
    """See Dialect. One writer at a time, so passing over locked rows means nothing here."""

    name = "sqlite"
    most_writers = 1

    def url(self, url: URL) -> URL:
        return URL.create("sqlite+pysqlite", database=url.database)

    def engine_options(self, url: URL, *, connect_timeout_seconds: int) -> dict[str, Any]:
        if url.host or url.query or not url.database or not PurePosixPath(url.database).is_absolute():
            raise InvalidSpec("The address of an SQLite file is sqlite:/// and its whole path, which begins with /.")
        return {"creator": _opener(url.database, connect_timeout_seconds)}

    def version(self, connection: Connection) -> str:
        if sqlite3.sqlite_version_info < OLDEST:
            raise UnsupportedSource(f"SQLite {sqlite3.sqlite_version} is too old; the engine needs 3.37 or later.")
        if connection.execute(_ENCODING).scalar_one() != "UTF-8":
            raise UnsupportedSource("The file keeps texts in UTF-16; the engine needs UTF-8.")
        return f"SQLite {sqlite3.sqlite_version}"

    def new_transaction_id(self) -> str:
        return transactions.new_id()

    def writing(
        self, connection: Connection, *, transaction_id: str, lock_timeout_ms: int, statement_timeout_ms: int
    ) -> AbstractContextManager[Writing]:
        return transactions.writing(
            connection,
            transaction_id=transaction_id,
            lock_timeout_ms=lock_timeout_ms,
            statement_timeout_ms=statement_timeout_ms,
        )

    def limit_reading(self, connection: Connection, *, statement_timeout_ms: int) -> None:
        transactions.limit_reading(connection, statement_timeout_ms=statement_timeout_ms)

    def transaction_outcome(self, connection: Connection, transaction_id: str) -> Outcome:
        return transactions.outcome(connection, transaction_id)

    def value(self, value: Any, column: Column) -> ColumnElement[Any]:
        return values.parameter(value, column)

    def equals(self, element: ColumnElement[Any], column: Column, value: Any) -> ColumnElement[bool]:
        """The column's own comparison, for its index, and the bytes."""
        given = values.parameter(value, column)
        if column.family not in (Family.TEXT, Family.OTHER):
            return element == given
        return and_(element == given, element == collate(given, "BINARY"))

    def is_before(
        self, element: ColumnElement[Any], column: Column, cutoff: dt.date | dt.datetime
    ) -> ColumnElement[bool]:
        return func.privacy_desk_moment(element) < literal(values.cutoff_text(cutoff, column))

    def known_moment(self, element: ColumnElement[Any], column: Column) -> ColumnElement[Any]:
        return func.privacy_desk_moment(element)

    def moment(self, text: str | None, column: Column) -> Moment:
        return values.known_time(text, column)

    def readable(self, element: ColumnElement[Any], column: Column) -> ColumnElement[str]:
        if values.affinity(column.declared_type) == "BLOB" and column.declared_type:
            return func.hex(element)
        return cast(element, Text)

    def key_as_text(self, element: ColumnElement[Any], column: Column) -> ColumnElement[str]:
        return func.privacy_desk_key(element, _kind(column))

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
        named = [element.label(f"part_{place}") for place, element in enumerate(table_key)]
        portion = rows.with_only_columns(*named).order_by(*table_key).limit(size).subquery("first_rows")
        parts = [portion.c[f"part_{place}"] for place, _ in enumerate(table_key)]
        texts = [func.privacy_desk_bound(part, _kind(each)) for part, each in zip(parts, columns, strict=True)]
        number = func.count().over()
        return portion.select().with_only_columns(*texts, number).order_by(*(part.desc() for part in parts)).limit(1)

    def is_one_of(
        self, elements: Sequence[ColumnElement[Any]], columns: Sequence[Column], keys: Sequence[Key]
    ) -> ColumnElement[bool]:
        """All keys in one parameter, as the texts they travel in; each is made a value again before it is compared."""
        if any("\0" in part for key in keys for part in key):
            raise InvalidSpec("A key holds the character NUL, which JSON in SQLite does not carry.")
        given = func.json_each(json.dumps([list(key) for key in keys])).table_valued("value", name="given")
        parts = [
            func.privacy_desk_value(func.json_extract(given.c.value, literal_column(f"'$[{place}]'")), _kind(column))
            for place, column in enumerate(columns)
        ]
        listed: Any = given.select().with_only_columns(*parts)
        return elements[0].in_(listed) if len(elements) == 1 else tuple_(*elements).in_(listed)

    def by_collation(self, element: ColumnElement[Any], collation: str) -> ColumnElement[Any]:
        return collate(element, collation or "BINARY")

    def differ(self, one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
        return collate(one, "BINARY") != collate(other, "BINARY")

    def names_one_of(
        self, element: ColumnElement[Any], column: Column, kind: str, values_: Sequence[str]
    ) -> ColumnElement[bool]:
        given = sought(values_, column)
        if kind == "email":
            own = [func.lower(element) == value.lower() for value in given if value.isascii()]
            ours = func.privacy_desk_lower(cast(element, LargeBinary))  # SQLite's lower() knows the letters of ASCII
            return or_(*own, *(ours == value.lower() for value in given if not value.isascii()))
        if kind == "phone":
            return func.privacy_desk_digits(cast(element, LargeBinary)).in_(
                [re.sub(r"[^0-9+]", "", value) for value in given]
            )
        fitting = [value for value in given if values.may_stand_in(value, column)]
        if column.family is Family.UUID:
            return func.replace(func.lower(element), "-", "").in_([value.lower().replace("-", "") for value in fitting])
        same = [self.equals(element, column, value) for value in fitting]
        if column.family is not Family.NUMBER and values.makes_numbers(column.declared_type):
            same = [and_(each, cast(element, Text) == value) for each, value in zip(same, fitting, strict=True)]
        return or_(false(), *same)

    def fits(self, connection: Connection, value: Any, column: Column) -> bool:
        return values.storable(value, column)

    def comparable(self, connection: Connection, value: Any, column: Column) -> bool:
        return values.comparable(value, column)

    def mask(self, target: MaskedColumn, key: MaskKey) -> ColumnElement[Any]:
        return sqlite_masks.mask(target, key)

    def is_masked(self, target: MaskedColumn, key: MaskKey) -> ColumnElement[bool]:
        return sqlite_masks.is_masked(target, key)

    def catalog(self, connection: Connection) -> Catalog:
        return sqlite_catalog.read(connection, version=self.version(connection))

    def words_for(self, error: BaseException, *, doing: str) -> EngineError:
        return sqlite_errors.words_for(error, doing=doing)


def _opener(path: str, timeout_seconds: int) -> Callable[[], sqlite3.Connection]:
    address = f"file:{quote(path)}?mode=rw"  # never made where there is none

    def connect() -> sqlite3.Connection:
        # Transactions are begun and ended by us. A lane's thread and the one that closes it share a connection in turn.
        connection = sqlite3.connect(
            address, uri=True, isolation_level=None, check_same_thread=False, timeout=timeout_seconds
        )
        try:
            connection.text_factory = _readable_text
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            sqlite_functions.install(connection)
            for statement in _SESSION:
                connection.execute(statement).fetchall()
        except BaseException:
            connection.close()
            raise
        return connection

    return connect


def _readable_text(data: bytes) -> str:
    """A text in a file need not be valid UTF-8, and must be readable all the same."""
    return data.decode("utf-8", "replace")


def _kind(column: Column) -> ColumnElement[str]:
    return literal_column(f"'{values.affinity(column.declared_type)}'", Text)


def _bound(columns: Sequence[Column], key: Key) -> Any:
    parts = [
        literal(values.native_key(part, values.affinity(column.declared_type)))
        for part, column in zip(key, columns, strict=True)
    ]
    return parts[0] if len(parts) == 1 else tuple_(*parts)
