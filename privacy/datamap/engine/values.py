"""Plain data to JSON and back, exactly: what is written into plans and journals must come back as it was.

JSON knows neither dates nor decimals nor integers beyond 2^53, so those travel as a one-entry object that names their
type. Frozen dataclasses travel as an object whose "$type" is the class name.

Danger: a field that a later version adds changes the hash of every plan that was approved before.
Rule: such a field is declared with `came_later`, and is left out where it says nothing.
"""

import dataclasses
import datetime as dt
import decimal
import enum
import hashlib
import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import rfc8785

from privacy.datamap.engine.errors import InvalidSpec

LARGEST_EXACT_INTEGER = 2**53 - 1  # RFC 8785 section 3.2.2.3: JSON numbers are IEEE 754 doubles

T = TypeVar("T")

_CAME_LATER = "came_later"

_KINDS: dict[str, type] = {}
_TO_TEXT: tuple[tuple[type, str, Callable[[Any], str]], ...] = (
    (dt.datetime, "$datetime", dt.datetime.isoformat),  # before date: a datetime is a date
    (dt.date, "$date", dt.date.isoformat),
    (decimal.Decimal, "$decimal", str),
    (uuid.UUID, "$uuid", str),
    (bytes, "$bytes", bytes.hex),
)
_FROM_TEXT: dict[str, Callable[[str], Any]] = {
    "$datetime": dt.datetime.fromisoformat,
    "$date": dt.date.fromisoformat,
    "$decimal": decimal.Decimal,
    "$uuid": uuid.UUID,
    "$bytes": bytes.fromhex,
    "$integer": int,
}


def came_later(default: Any) -> Any:
    """A field with a default that plans stored before there was one do not have."""
    return dataclasses.field(default=default, metadata={_CAME_LATER: True})


def portable(cls: type[T]) -> type[T]:
    """Register a frozen dataclass for the journey through JSON. Class decorator, outermost."""
    _KINDS[cls.__name__] = cls
    return cls


def to_data(value: Any) -> Any:
    """Turn dataclasses, tuples, enums and plain values into what json.dumps understands.

    Raises InvalidSpec for a type that could not come back as it was.
    """
    if value is None or (isinstance(value, bool | str) and not isinstance(value, enum.Enum)):
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_EXACT_INTEGER else {"$integer": str(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        said = [each for each in dataclasses.fields(value) if not _says_nothing(value, each)]
        return {"$type": type(value).__name__, **{each.name: to_data(getattr(value, each.name)) for each in said}}
    if isinstance(value, tuple | list):
        return [to_data(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_data(item) for key, item in value.items()}
    for cls, tag, as_text in _TO_TEXT:
        if isinstance(value, cls):
            return {tag: as_text(value)}
    raise InvalidSpec(f"A value of type {type(value).__name__} cannot be stored in a plan; use text, number or date.")


def _says_nothing(value: Any, field: "dataclasses.Field[Any]") -> bool:
    return _CAME_LATER in field.metadata and bool(getattr(value, field.name) == field.default)


def exact(content: Any) -> Any:
    """The same JSON content, with integers beyond 2^53 as `to_data` writes them: RFC 8785 refuses them as numbers."""
    if isinstance(content, Mapping):
        return {name: exact(each) for name, each in content.items()}
    if isinstance(content, list | tuple):
        return [exact(each) for each in content]
    return to_data(content) if isinstance(content, int) else content


def json_digest(content: Any) -> str:
    """SHA-256 (hex) over the canonical JSON (RFC 8785) of content with integers of any size."""
    return hashlib.sha256(rfc8785.dumps(exact(content))).hexdigest()


def from_data(data: Any) -> Any:
    """The inverse of to_data. Raises InvalidSpec for a kind that nobody registered."""
    if isinstance(data, list):
        return tuple(from_data(item) for item in data)
    if not isinstance(data, dict):
        return data
    if len(data) == 1 and (tag := next(iter(data))) in _FROM_TEXT:
        return _FROM_TEXT[tag](data[tag])
    fields = {name: from_data(item) for name, item in data.items() if name != "$type"}
    if "$type" not in data:
        return fields
    if data["$type"] not in _KINDS:
        raise InvalidSpec(f"Stored data names the unknown kind {data['kind']!r}; it was written by another version.")
    return _KINDS[data["$type"]](**fields)
