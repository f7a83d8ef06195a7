"""What differs from one database product to the next, and nothing else."""

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import Connection, Select, cast
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import Dialect as Compiling
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import UserDefinedType

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.errors import EngineError, InvalidSpec
from privacy.datamap.engine.mask_key import MaskKey
from privacy.datamap.engine.masks import ColumnMask, Family
from privacy.datamap.engine.moments import Moment, moment_of
from privacy.datamap.engine.spec import Column, Key

_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,19}")
_TYPE_NAME = re.compile(r'^[\w ."]+(\([0-9]+(,-?[0-9]+)?\)[\w ]*)?(\[\])?$')


class SqlType(UserDefinedType[Any]):
    """A type of the source by its own name, so that a cast names exactly what the catalog names."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        if not _TYPE_NAME.match(name):
            raise InvalidSpec(f"The type name {name!r} holds characters the engine does not pass on to a database.")
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        return self.name


def typed(value: Any, type_name: str) -> ColumnElement[Any]:
    """A bind parameter, cast to the type of the column it is compared with: no guessing, and indexes stay usable."""
    return cast(value, SqlType(type_name))


def is_whole_number(identifier: str) -> bool:
    """Whether it is the one way to write a number: '012' and '12' are two customers, and a source takes both for 12."""
    return _WHOLE_NUMBER.fullmatch(identifier) is not None


def sought(values: Sequence[str], column: Column) -> list[str]:
    """Identifiers as they are looked for in a column. Around a text spaces mean nothing; a number has no others."""
    return list(values) if column.family is Family.NUMBER else [value.strip() for value in values]


READ_LIMIT_MS = 600_000  # a count over a large table may take minutes; without a limit it could take for ever


class Outcome(StrEnum):
    """What became of a transaction in the source. Waiting: it changed nothing yet, and will when it is told to."""

    COMMITTED = "committed"
    ABORTED = "aborted"
    IN_PROGRESS = "in progress"
    WAITING = "waiting"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class MaskedColumn:
    """A column in a statement, together with everything a mask of it may depend on.

    row_keys: the primary key of its row. place: schema, table and column, which make its sub-keys its own.
    """

    element: ColumnElement[Any]
    column: Column
    mask: ColumnMask
    row_keys: Sequence[ColumnElement[Any]]
    row_key_columns: Sequence[Column]
    place: tuple[str, str, str]


class Writing(Protocol):
    """A writing transaction that is still open. id: by which the source can be asked later what became of it."""

    @property
    def id(self) -> str: ...

    def prepare(self) -> None:
        """The last moment before the journal is told: where the source has two phases, the end of the first."""

    def leave(self) -> None:
        """The journal may have been told, and the commit will not follow: nothing may end this transaction unseen."""


class Dialect(ABC):
    """One database product.

    skips_locked_inside: whether a subquery of a change may lock rows and pass over those that others have locked.
    most_writers: how many transactions may write at once; None is as many as one likes.
    remembers_outcomes: whether it says what became of a transaction however often it is asked, and asking changes
    nothing; then several chunks may share one.
    keeps_statements: whether a statement about people can be put together before their keys are known; see kept.py.
    """

    name: str
    skips_locked_inside: bool = True
    most_writers: int | None = None
    remembers_outcomes: bool = False
    keeps_statements: bool = False

    @abstractmethod
    def url(self, url: URL) -> URL:
        """The same address with the driver the engine uses."""

    @abstractmethod
    def engine_options(self, url: URL, *, connect_timeout_seconds: int) -> dict[str, Any]:
        """Arguments for sqlalchemy.create_engine. url: as it was given, with parameters of the dialect's own."""

    @abstractmethod
    def version(self, connection: Connection) -> str:
        """The server's version, for people. Raises UnsupportedSource when it is too old."""

    def new_transaction_id(self) -> str:
        """An id chosen before the transaction begins, which the intent can name; empty where the source chooses."""
        return ""

    @abstractmethod
    def writing(
        self, connection: Connection, *, transaction_id: str, lock_timeout_ms: int, statement_timeout_ms: int
    ) -> AbstractContextManager[Writing]:
        """A transaction with limits of its own. Commits at the end, rolls back on any exception."""

    @abstractmethod
    def limit_reading(self, connection: Connection, *, statement_timeout_ms: int) -> None:
        """Set the time limit of the reading transaction that has just begun."""

    @abstractmethod
    def transaction_outcome(self, connection: Connection, transaction_id: str) -> Outcome:
        """What became of a transaction that was prepared. Asking changes nothing."""

    def roll_back_waiting(self, connection: Connection, transaction_id: str) -> bool:
        """Roll back a transaction that waits. False: its session has not quite ended; try again."""
        raise NotImplementedError(f"{self.name} leaves no transaction waiting")

    @abstractmethod
    def value(self, value: Any, column: Column) -> ColumnElement[Any]:
        """A value from the data map as a parameter that is compared with the column as what the column is."""

    @abstractmethod
    def equals(self, element: ColumnElement[Any], column: Column, value: Any) -> ColumnElement[bool]:
        """Whether the column holds exactly this value, whatever its collation calls equal; NULL when it is NULL."""

    @abstractmethod
    def is_before(
        self, element: ColumnElement[Any], column: Column, cutoff: dt.date | dt.datetime
    ) -> ColumnElement[bool]:
        """Whether a time column lies strictly before the cutoff. What stands for "no time" never does."""

    def known_moment(self, element: ColumnElement[Any], column: Column) -> ColumnElement[Any]:
        """A time column, NULL also where it holds what stands for "no time"."""
        return element

    def moment(self, text: str | None, column: Column) -> Moment:
        """A date or moment from what `readable` wrote of a time column: aware where the column holds instants."""
        return moment_of(text, column)

    @abstractmethod
    def readable(self, element: ColumnElement[Any], column: Column) -> ColumnElement[str]:
        """The column as text for people, dates in ISO notation."""

    @abstractmethod
    def between(
        self, elements: Sequence[ColumnElement[Any]], columns: Sequence[Column], lower: Key | None, upper: Key | None
    ) -> list[ColumnElement[bool]]:
        """lower < key <= upper as a comparison of whole rows, by which an index on the key finds the range."""

    @abstractmethod
    def last_of_window(
        self, rows: Select[Any], table_key: Sequence[ColumnElement[Any]], columns: Sequence[Column], size: int
    ) -> Select[Any]:
        """Of the first `size` rows in key order the last: the parts of its key as text, then its place from one."""

    @abstractmethod
    def key_as_text(self, element: ColumnElement[Any], column: Column) -> ColumnElement[str]:
        """A key column as text that key_from_text turns back into the same value."""

    @abstractmethod
    def is_one_of(
        self, elements: Sequence[ColumnElement[Any]], columns: Sequence[Column], keys: Sequence[Key]
    ) -> ColumnElement[bool]:
        """Whether the (composite) value is one of keys. One parameter per column, however many keys."""

    def is_one_of_later(
        self, elements: Sequence[ColumnElement[Any]], columns: Sequence[Column], name: str
    ) -> ColumnElement[bool]:
        """The same of keys that are given when the statement is carried out, as the parameters of later_values."""
        raise NotImplementedError(f"{self.name} keeps no statements")

    def later_values(self, name: str, keys: Sequence[Key]) -> dict[str, Any]:
        """Keys as the parameters of is_one_of_later, for the driver. keys: at least one."""
        raise NotImplementedError(f"{self.name} keeps no statements")

    def compiling(self) -> Compiling:
        """By what a statement that is kept becomes text, of no connection."""
        raise NotImplementedError(f"{self.name} keeps no statements")

    def referring(self, element: ColumnElement[Any], own: Column, theirs: Column) -> tuple[ColumnElement[Any], ...]:
        """A column in the forms that all have to be equal to a value of the column to which it refers.

        By the comparison of that column, in which a key occurs once; the column's own would find the rows of others
        where it is kinder. It stands before, for its index, where it finds all that the other one does.
        """
        if own.collation == theirs.collation:
            return (element,)
        exact = self.by_collation(element, theirs.collation)
        return (exact,) if theirs.collation else (element, exact)

    def by_collation(self, element: ColumnElement[Any], collation: str) -> ColumnElement[Any]:
        """A column, compared by a collation of the catalog; by its bytes where that is empty."""
        raise NotImplementedError(f"{self.name} compares by no other collation")

    def meets(
        self, theirs: ColumnElement[Any], their_column: Column, own: ColumnElement[Any], own_column: Column
    ) -> list[ColumnElement[bool]]:
        """Whether a column is equal to the one to which it refers, by the comparison of that one."""
        return [theirs == self.referring(own, own_column, their_column)[-1]]

    @abstractmethod
    def differ(self, one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether two values of one column are not the same to the byte, though they may be equal."""

    @abstractmethod
    def names_one_of(
        self, element: ColumnElement[Any], column: Column, kind: str, values: Sequence[str]
    ) -> ColumnElement[bool]:
        """Whether an identity column holds one of the identifiers of that kind; may be NULL when the column is."""

    @abstractmethod
    def fits(self, connection: Connection, value: Any, column: Column) -> bool:
        """Whether the column would store this value unchanged."""

    @abstractmethod
    def comparable(self, connection: Connection, value: Any, column: Column) -> bool:
        """Whether the value is one of the column's type, stored as it is or not."""

    @abstractmethod
    def mask(self, target: MaskedColumn, key: MaskKey) -> ColumnElement[Any]:
        """The value after masking. Applied to its own result it returns the same value; NULL stays NULL."""

    @abstractmethod
    def is_masked(self, target: MaskedColumn, key: MaskKey) -> ColumnElement[bool]:
        """Whether the value is what the mask makes of it. True or false, never NULL; NULL counts as masked."""

    @abstractmethod
    def catalog(self, connection: Connection) -> Catalog:
        """Tables, columns, keys, privileges of our login."""

    @abstractmethod
    def words_for(self, error: BaseException, *, doing: str) -> EngineError:
        """One of our errors for the driver's, without a word of the driver's message."""
