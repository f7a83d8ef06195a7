"""Stores the rule a deadline was computed with, and reads it back.

The danger: a later release corrects a rule, and an old subject request is suddenly judged by figures nobody had when
it was answered. The rule: a subject request keeps the whole rule, and its clock goes on counting by that.
"""

from dataclasses import asdict, fields, is_dataclass
from datetime import date
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from privacy.law.errors import LawError, SnapshotError
from privacy.law.shapes import PolicyPromise, Rule

S = TypeVar("S", Rule, PolicyPromise)


def to_snapshot(rule: Rule | PolicyPromise) -> dict[str, Any]:
    """Return the rule as plain JSON values: text, numbers, booleans, null, lists and objects."""
    plain = _plain(asdict(rule))
    assert isinstance(plain, dict)
    return plain


def from_snapshot(kind: type[S], stored: dict[str, Any]) -> S:
    """Return the rule or promise that `to_snapshot` stored.

    Raises SnapshotError when a part is missing, unknown or no longer understood.
    """
    try:
        rebuilt = _rebuild(kind, stored)
    except (KeyError, TypeError, ValueError, LawError) as error:
        raise SnapshotError(f"The stored rule cannot be read by this release ({error}).") from error
    assert isinstance(rebuilt, kind)
    return rebuilt


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def _rebuild(kind: Any, stored: Any) -> Any:
    """Build a value of the annotated type `kind` from plain JSON values; refuse whatever does not fit exactly."""
    if isinstance(kind, UnionType):
        return None if stored is None else _rebuild(next(one for one in get_args(kind) if one is not NoneType), stored)
    if get_origin(kind) is tuple:
        if not isinstance(stored, list):
            raise TypeError(f"{stored!r} is not a list")
        return tuple(_rebuild(get_args(kind)[0], entry) for entry in stored)
    if is_dataclass(kind):
        return _rebuild_parts(kind, stored)
    if kind is date:
        return date.fromisoformat(stored)
    if issubclass(kind, StrEnum):
        return kind(stored)
    if type(stored) is not kind:
        raise TypeError(f"{stored!r} is not of type {kind.__name__}")
    return stored


def _rebuild_parts(kind: Any, stored: Any) -> Any:
    if not isinstance(stored, dict):
        raise TypeError(f"{stored!r} is not a {kind.__name__}")
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    if set(stored) != set(names):
        raise KeyError(", ".join(sorted(set(stored) ^ set(names))))
    return kind(**{name: _rebuild(hints[name], stored[name]) for name in names})
