"""Values on their way to SQLite and back: parameters, moments, keys as text, whether a value is one of its column.

Danger: SQLite stores any value in any column and keeps dates as plain text. Rule: a declared type says what a column is
meant to hold; what does not look like it is not known: never older than anything, and never left standing by a mask.
"""

import datetime as dt
import math
import re
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from ipaddress import ip_interface
from typing import Any

from sqlalchemy import literal
from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.dialects.base import is_whole_number
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.spec import Column

INTEGERS = range(-(2**63), 2**63)
TIMES = (Family.DATE, Family.TIMESTAMP, Family.TIMESTAMP_TZ)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,9})?)? ?(Z|[+-]\d\d(:?\d\d)?)?)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WHOLE = re.compile(r"-?[0-9]{1,19}")


def affinity(declared: str) -> str:
    """What a column makes of values it is given ("Datatypes In SQLite", section 3.1)."""
    name = declared.upper()
    if "INT" in name:
        return "INTEGER"
    if any(word in name for word in ("CHAR", "CLOB", "TEXT")):
        return "TEXT"
    if "BLOB" in name or not name:
        return "BLOB"
    return "REAL" if any(word in name for word in ("REAL", "FLOA", "DOUB")) else "NUMERIC"


def makes_numbers(declared: str) -> bool:
    """Whether a column makes a number of any text that looks like one: '012' is 12 there, and equals it."""
    return affinity(declared) not in ("TEXT", "BLOB")


def family(declared: str) -> Family:
    """What a column is meant to hold, by the words with which it was declared."""
    name = declared.lower()
    bare = name.partition("(")[0].strip()
    for words, found in _NAMED:
        if bare in words or name in words:
            return found
    if bare.startswith(("timestamp", "datetime")):
        return Family.TIMESTAMP_TZ if "with time zone" in name else Family.TIMESTAMP
    kind = affinity(declared)
    if kind in ("INTEGER", "REAL"):
        return Family.NUMBER
    return Family.TEXT if kind == "TEXT" else Family.OTHER


_NAMED: tuple[tuple[frozenset[str], Family], ...] = (
    (frozenset({"bool", "boolean", "tinyint(1)"}), Family.BOOLEAN),
    (frozenset({"date"}), Family.DATE),
    (frozenset({"timestamptz", "datetimeoffset"}), Family.TIMESTAMP_TZ),
    (frozenset({"uuid", "guid", "uniqueidentifier"}), Family.UUID),
    (frozenset({"inet", "cidr"}), Family.NETWORK),
    (frozenset({"numeric", "decimal", "dec", "number", "money", "currency"}), Family.NUMBER),
    (frozenset({"string"}), Family.TEXT),
)


def is_day(text: str) -> bool:
    """Whether it is a date in ISO notation and nothing more: what most moments in a file are, told in a shorter way."""
    if len(text) != 10 or not _DAY.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_moment(text: str) -> dt.datetime | None:
    """A date or time in ISO notation, in UTC; one without an offset is taken as UTC. None for anything else."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        moment = dt.datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-").replace(" Z", "Z"))
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def written_moment(moment: dt.datetime) -> str:
    """Always of the same length, so that texts compare as moments do."""
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def cutoff_text(cutoff: dt.date | dt.datetime, column: Column) -> str:
    """A cutoff as written_moment writes; a column of dates is compared with the day of it."""
    if not isinstance(cutoff, dt.datetime):
        cutoff = dt.datetime.combine(cutoff, dt.time(), dt.UTC)
    moment = cutoff.astimezone(dt.UTC)
    if column.family is Family.DATE:
        moment = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return written_moment(moment)


def known_time(text: object, column: Column) -> dt.date | dt.datetime | None:
    """What written_moment wrote, as what the column holds: a date, or a moment, aware where it holds instants."""
    moment = read_moment(text) if isinstance(text, str) else None
    if moment is None:
        return None
    if column.family is Family.DATE:
        return moment.date()
    return moment if column.family is Family.TIMESTAMP_TZ else moment.replace(tzinfo=None)


def parameter(value: Any, column: Column) -> ColumnElement[Any]:
    """A value of the data map, sent as what the column is.

    Raises InvalidSpec when it is no such value at all.
    """
    return literal(native(value, column))


def native(value: Any, column: Column) -> Any:
    """The same as the driver takes it. Raises InvalidSpec."""
    try:
        if column.family is Family.NUMBER:
            return _number(value)
        if column.family is Family.BOOLEAN:
            return int(value)
    except (ValueError, InvalidOperation):
        raise InvalidSpec(f"A value for the column {column.name!r} is no {column.declared_type}.") from None
    if isinstance(value, dt.datetime):
        moment = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        return moment.date().isoformat() if column.family is Family.DATE else moment.isoformat(" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, bytes) else str(value)


def _number(value: Any) -> int | float:
    number = Decimal(str(int(value) if isinstance(value, bool) else value))
    whole = number.is_finite() and number == number.to_integral_value() and int(number) in INTEGERS
    return int(number) if whole else float(number)


def native_key(text: str, kind: str) -> int | float | str | bytes:
    """A part of a key from what the function privacy_desk_key wrote. kind: the affinity of its column."""
    if kind == "BLOB":
        sort, _, rest = text.partition(":")
        return {"i": int, "r": float.fromhex, "t": str, "b": bytes.fromhex}[sort](rest)  # type: ignore[operator]
    if kind == "TEXT":
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    try:
        return float.fromhex(text) if text.startswith(("0x", "-0x")) else text
    except ValueError:
        return text


def may_stand_in(value: str, column: Column) -> bool:
    """Whether an identifier could stand in the column at all; one that could not names nobody, and is no error."""
    if column.family is Family.NUMBER:
        return is_whole_number(value) and int(value) in INTEGERS
    if column.family is Family.UUID:
        return storable(value, column)
    return column.family in (Family.TEXT, Family.OTHER)


def storable(value: Any, column: Column) -> bool:
    """Whether the value is one that the column is declared to hold; SQLite itself would take any."""
    if column.family is Family.OTHER:
        return isinstance(value, str | bytes | int | float)
    try:
        return _STORABLE[column.family](value, column)
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        return False


def comparable(value: Any, column: Column) -> bool:
    """Whether the value is one that the column is declared to hold, of whatever length. SQLite compares anything."""
    if column.family in (Family.TEXT, Family.OTHER):
        return True
    if column.family in TIMES:
        return isinstance(value, dt.date) or read_moment(str(value)) is not None
    if column.family is not Family.NUMBER or affinity(column.declared_type) == "INTEGER":
        return storable(value, column)
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _storable_number(value: Any, column: Column) -> bool:
    number = Decimal(str(int(value) if isinstance(value, bool) else value))
    if not number.is_finite():
        return False
    if affinity(column.declared_type) == "INTEGER":
        return number == number.to_integral_value() and int(number) in INTEGERS
    sizes = re.search(r"\((\d+)(?:, *(\d+))?\)", column.declared_type)
    if sizes is None:
        return True
    digits, scale = int(sizes[1]), int(sizes[2] or 0)
    return number == round(number, scale) and abs(number) < Decimal(10) ** (digits - scale)


def _storable_text(value: Any, column: Column) -> bool:
    return isinstance(value, str) and (column.max_length is None or len(value) <= column.max_length)


def _storable_day(value: Any, _column: Column) -> bool:
    return dt.date.fromisoformat(str(value)).isoformat() == str(value)


def _storable_instant(value: Any, _column: Column) -> bool:
    return math.isfinite(value.timestamp()) if isinstance(value, dt.datetime) else read_moment(str(value)) is not None


def _storable_uuid(value: Any, _column: Column) -> bool:
    return str(uuid.UUID(str(value))).replace("-", "") == str(value).lower().replace("-", "")


def _storable_network(value: Any, _column: Column) -> bool:
    return ip_interface(str(value)) is not None


_STORABLE: Mapping[Family, Callable[[Any, Column], bool]] = {
    Family.NUMBER: _storable_number,
    Family.TEXT: _storable_text,
    Family.DATE: _storable_day,
    Family.TIMESTAMP: _storable_instant,
    Family.TIMESTAMP_TZ: _storable_instant,
    Family.UUID: _storable_uuid,
    Family.NETWORK: _storable_network,
    Family.BOOLEAN: lambda value, _column: int(value) in (0, 1),
}
