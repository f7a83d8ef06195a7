"""Values on their way to MariaDB and back: parameters, keys as text, whether a column would store a value unchanged.

Danger: MariaDB compares kindly. A text that is compared with a number is cut to its digits, and a collation calls "a"
and "Á" equal. Rule: a parameter has the type of its column before it is sent, and where two texts must be the same
their bytes are compared; the collation's own comparison stands beside it only so that an index can be used.
"""

import datetime as dt
import json
import math
import re
import struct
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from sqlalchemy import LargeBinary, Text, cast, collate, func, literal, literal_column
from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.dialects.base import is_whole_number
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.spec import Column

Sql = ColumnElement[Any]

_BITS = {"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}
BINARY = frozenset({"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"})
LABELLED = frozenset({"enum", "set"})
FLOATS = frozenset({"float", "double"})
NUMBERED = LABELLED | {"bit", "year"}
_TEXT_BYTES = {"tinytext": 2**8 - 1, "text": 2**16 - 1, "mediumtext": 2**24 - 1, "longtext": 2**32 - 1}
_TIMESTAMPS = (dt.datetime(1970, 1, 1, 0, 0, 1, tzinfo=dt.UTC), dt.datetime(2038, 1, 19, 3, 14, 7, tzinfo=dt.UTC))
_CHARSET = re.compile(r" character set (\w+)")
_COLLATION = re.compile(r"[a-z0-9]+_\w+")
_CODECS = {"ascii": ("ascii",), "latin1": ("cp1252", "latin-1")}
"""Of the character sets of which it is certain what they hold, and that are met often."""


def base(column: Column) -> str:
    """The type without unsigned."""
    return column.type.partition(" ")[0]


def integer_range(column: Column) -> range | None:
    """What an integer column holds; None for another type."""
    bits = _BITS.get(base(column))
    if bits is None:
        return None
    return range(2**bits) if "unsigned" in column.type else range(-(2 ** (bits - 1)), 2 ** (bits - 1))


def parameter(value: Any, column: Column) -> Sql:
    """A value of the data map, sent as what the column is.

    Raises InvalidSpec when it is no such value at all.
    """
    return literal(_native(value, column))


def _native(value: Any, column: Column) -> Any:
    try:
        if column.family is Family.NUMBER:
            return _number(value, column)
        if column.family is Family.BOOLEAN:
            return int(value)
        if column.family in (Family.DATE, Family.TIMESTAMP, Family.TIMESTAMP_TZ):
            return _moment(value, column)
    except (ValueError, InvalidOperation):
        raise InvalidSpec(f"A value for the column {column.name!r} is no {column.declared_type}.") from None
    if isinstance(value, bytes):
        return value
    return value if isinstance(value, int) and base(column) in NUMBERED else str(value)


def _number(value: Any, column: Column) -> Any:
    if base(column) in FLOATS:
        return float(value)
    number = Decimal(str(value))
    return int(number) if number == number.to_integral_value() else number


def _moment(value: Any, column: Column) -> Any:
    """As MariaDB writes it, in UTC. A text stays as it is: MariaDB knows days that Python does not."""
    if isinstance(value, dt.datetime):
        moment = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        return moment.date().isoformat() if column.family is Family.DATE else moment.isoformat(" ")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def key_text(element: Sql, column: Column) -> Sql:
    """A column of a key as text from which native_key makes a value that is equal to it."""
    if base(column) in BINARY:
        return func.hex(element)
    if base(column) in NUMBERED:  # a label sorts by its number, so that is what is compared
        return cast(element.op("+")(literal_column("0")), Text)
    if base(column) == "float":  # its six digits would not lead back to it
        return cast(func.concat(element.op("+")(literal_column("0e0"))), Text)
    return cast(element, Text)


def native_key(text: str, column: Column) -> Any:
    """A part of a key, as a parameter of the driver."""
    kind = base(column)
    if kind in BINARY:
        return bytes.fromhex(text)
    if kind in _BITS or kind in NUMBERED:
        return int(text)
    if kind in FLOATS:
        return float(text)
    return Decimal(text) if kind == "decimal" else text


def utf8(element: Sql) -> Sql:
    """The bytes of a text in UTF-8, whatever the character set of its column."""
    return cast(func.convert(element.op("USING")(literal_column("utf8mb4"))), LargeBinary)


def differ_in_collation(own: Column, other: Column) -> bool:
    """Whether texts may be equal in one column and not in the other. What holds bytes compares them by itself."""
    if own.collation and other.collation:
        return own.collation != other.collation
    unknown = not own.collation and not other.collation  # as in plans that are older than this
    return unknown and own.family is Family.TEXT and other.family is Family.TEXT


def in_collation_of(element: Sql, other: Column) -> Sql:
    """A text as another column would hold and compare it; as it is where that one holds bytes."""
    if not _COLLATION.fullmatch(other.collation):
        return element
    there = func.convert(element.op("USING")(literal_column(other.collation.partition("_")[0])))
    return collate(there, other.collation)


def plain(element: Sql, column: Column) -> Sql:
    """The bytes of any value's text."""
    return utf8(element) if column.family is Family.TEXT else cast(cast(element, Text), LargeBinary)


def may_stand_in(value: str, column: Column) -> bool:
    """Whether an identifier could stand in the column at all; one that could not names nobody, and is no error."""
    if column.family is Family.NUMBER:
        if not is_whole_number(value):
            return False
        whole = integer_range(column)
        return int(value) in whole if whole is not None else True
    if column.family is Family.UUID:
        return _is(uuid.UUID, value)
    codecs = _CODECS.get(charset_of(column) or "")
    return column.family is Family.TEXT and (codecs is None or any(_is_written_in(each, value) for each in codecs))


def is_comparable(value: str, column: Column) -> bool:
    """Whether MariaDB compares the column with an identifier that may stand in it.

    It refuses where one of the letters is not in the column's character set. Then only the bytes of both can be
    compared, and no index helps.
    """
    charset = charset_of(column)
    return charset is None or charset.startswith("utf8") or charset in _CODECS or value.isascii()


def charset_of(column: Column) -> str | None:
    """The character set of a text; None where it is the usual one, utf8mb4."""
    found = _CHARSET.search(column.declared_type)
    return found[1] if found else None


def _is_written_in(codec: str, value: str) -> bool:
    try:
        value.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def storable(value: Any, column: Column) -> bool:
    """Whether the column would store this value unchanged, as far as its type alone can tell."""
    check = _STORABLE.get(base(column))
    if check is None:
        return isinstance(value, str) and column.family is Family.TEXT
    try:
        return check(value, column)
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        return False


def comparable(value: Any, column: Column) -> bool:
    """Whether the value is one of the column's type, stored as it is or not. MariaDB would compare it with anything."""
    try:
        if column.family in (Family.DATE, Family.TIMESTAMP, Family.TIMESTAMP_TZ):
            return dt.datetime.fromisoformat(_with_a_day(str(value))) is not None
        if column.family in (Family.NUMBER, Family.BOOLEAN):
            return _whole(value, column) if base(column) in _BITS else Decimal(str(value)).is_finite()
        if base(column) in NUMBERED and isinstance(value, int):
            return True
        if column.family is Family.TEXT and base(column) not in LABELLED:
            return is_comparable(str(value), column)
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        return False
    return base(column) not in _STORABLE or storable(value, column)


def _with_a_day(text: str) -> str:
    """2020-00-00 is a day to MariaDB, and so is 0000-00-00."""
    return re.sub(r"-00\b", "-01", "0001" + text[4:] if text.startswith("0000-") else text)


def _is(make: Callable[[str], Any], value: Any) -> bool:
    try:
        make(str(value))
    except ValueError:
        return False
    return True


def _whole(value: Any, column: Column) -> bool:
    number = Decimal(str(int(value) if isinstance(value, bool) else value))
    return number == number.to_integral_value() and int(number) in (integer_range(column) or ())


def _decimal(value: Any, column: Column) -> bool:
    sizes = re.search(r"\((\d+)(?:,(\d+))?\)", column.declared_type)
    digits, scale = (int(sizes[1]), int(sizes[2] or 0)) if sizes else (10, 0)
    number = Decimal(str(value))
    fits = number.is_finite() and number == round(number, scale) and abs(number) < Decimal(10) ** (digits - scale)
    return fits and (number >= 0 or "unsigned" not in column.type)


def _float(value: Any, column: Column) -> bool:
    number = float(value)
    exact = number if base(column) == "double" else struct.unpack("f", struct.pack("f", number))[0]
    return math.isfinite(number) and exact == number


def _text(value: Any, column: Column) -> bool:
    if not isinstance(value, str) or (base(column) == "char" and value.endswith(" ")):
        return False
    if (most := _TEXT_BYTES.get(base(column))) is not None:
        return len(value.encode()) <= most
    return column.max_length is None or len(value) <= column.max_length


def _day(value: Any, _column: Column) -> bool:
    return dt.date.fromisoformat(str(value)).isoformat() == str(value)


def _instant(value: Any, column: Column) -> bool:
    moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    moment = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
    places = re.search(r"\((\d)\)", column.declared_type)
    smallest = 10 ** (6 - int(places[1])) if places else 10**6
    in_range = base(column) != "timestamp" or _TIMESTAMPS[0] <= moment <= _TIMESTAMPS[1]
    return moment.microsecond % smallest == 0 and in_range


def labels(column: Column) -> list[str]:
    """The words an enum or set knows."""
    return [found.replace("''", "'") for found in re.findall(r"'((?:[^']|'')*)'", column.declared_type)]


_STORABLE: Mapping[str, Callable[[Any, Column], bool]] = {
    **dict.fromkeys(_BITS, _whole),
    **dict.fromkeys(FLOATS, _float),
    **dict.fromkeys(_TEXT_BYTES, _text),
    "decimal": _decimal,
    "char": _text,
    "varchar": _text,
    "date": _day,
    "datetime": _instant,
    "timestamp": _instant,
    "year": lambda value, _column: 1901 <= int(value) <= 2155,
    "enum": lambda value, column: str(value) in labels(column),
    "set": lambda value, column: all(word in labels(column) for word in str(value).split(",")),
    "uuid": lambda value, _column: str(uuid.UUID(str(value))) == str(value),
    "inet4": lambda value, _column: _is(IPv4Address, value),
    "inet6": lambda value, _column: str(IPv6Address(str(value))) == str(value),
    "json": lambda value, _column: json.loads(value) is not None,
    "time": lambda value, _column: re.fullmatch(r"\d\d:[0-5]\d:[0-5]\d", str(value)) is not None,
}
