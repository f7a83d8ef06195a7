"""Reads YAML mappings strictly: a misspelt key or word is an error with file and key, never a silent default.

A typing mistake in a rule file would otherwise become a wrong legal date in every organisation.
"""

from collections.abc import Callable, Hashable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from privacy.law.errors import RuleFileError
from privacy.law.shapes import LONGEST

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class _UniqueKeyLoader(yaml.SafeLoader):
    """PyYAML keeps the last of two equal keys without a word; here that is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(problem=f"the key {key!r} stands twice{node.start_mark}")
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:
    """Return the content of a rule file.

    Raises RuleFileError when it is no valid YAML or a key stands twice.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeyLoader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise RuleFileError(file=path.name, key="(file)", problem=f"is not readable: {error}") from error


class Fields:
    """One mapping of a rule file, read key by key; `done` complains about whatever nobody asked for."""

    def __init__(self, content: Any, *, file: str, at: str) -> None:
        self.file, self.at = file, at
        if not isinstance(content, dict):
            raise self.wrong("", "must be a mapping of keys to values")
        self._content: dict[str, Any] = dict(content)
        self._asked: set[str] = set()

    def wrong(self, key: str, problem: str) -> RuleFileError:
        return RuleFileError(file=self.file, key=".".join(part for part in (self.at, key) if part), problem=problem)

    def _take(self, key: str, default: Any = None, *, required: bool = False) -> Any:
        self._asked.add(key)
        if required and self._content.get(key) is None:
            raise self.wrong(key, "is missing")
        value = self._content.get(key)
        return default if value is None else value

    def _typed(self, key: str, kind: type[T], what: str, default: T | None, *, required: bool) -> T | None:
        value = self._take(key, default, required=required)
        if value is not None and type(value) is not kind:  # exactly: True is an int, a datetime is a date
            raise self.wrong(key, f"must be {what}, not {value!r}")
        return value

    def text(self, key: str) -> str:
        value = self._typed(key, str, "text (put it in quotes)", None, required=True)
        assert value is not None
        return value

    def text_or(self, key: str, default: str = "") -> str:
        return self._typed(key, str, "text (put it in quotes)", default, required=False) or default

    def text_or_none(self, key: str) -> str | None:
        return self._typed(key, str, "text (put it in quotes)", None, required=False)

    def count(self, key: str, default: int | None = None) -> int:
        value = self._typed(key, int, "a whole number", default, required=default is None)
        if value is None or not 1 <= value <= LONGEST:
            raise self.wrong(key, f"must be 1 to {LONGEST}, not {value!r}")
        return value

    def yes_or_no(self, key: str, default: bool) -> bool:
        value = self._typed(key, bool, "true or false", default, required=False)
        return default if value is None else value

    def day_or_none(self, key: str) -> date | None:
        return self._typed(key, date, "a date written YYYY-MM-DD", None, required=False)

    def word(self, key: str, words: type[E], default: E | None = None) -> E:
        return self._as_word(key, self._take(key, default, required=default is None), words)

    def words(self, key: str, words: type[E]) -> tuple[E, ...]:
        return tuple(self._as_word(key, value, words) for value in self._list(key))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._list(key)
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(key, f"must hold text only, not {values!r}")
        return tuple(values)

    def child(self, key: str) -> "Fields | None":
        value = self._take(key)
        return None if value is None else Fields(value, file=self.file, at=f"{self.at}.{key}".strip("."))

    def build(self, key: str, builder: Callable[["Fields"], T]) -> T | None:
        """Read the mapping under `key` with `builder`, and refuse what it left over."""
        child = self.child(key)
        if child is None:
            return None
        built = builder(child)
        child.done()
        return built

    def raw(self, key: str) -> Any:
        return self._take(key, required=True)

    def names(self) -> tuple[str, ...]:
        return tuple(str(key) for key in self._content)

    def done(self) -> None:
        unknown = sorted(str(key) for key in set(self._content) - self._asked)
        if unknown:
            known = ", ".join(sorted(self._asked))
            raise self.wrong(unknown[0], f"is not a known key; known here: {known}")

    def _list(self, key: str) -> list[Any]:
        value = self._take(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, f"must be a list [a, b], not {value!r}")
        if len({str(entry) for entry in value}) != len(value):
            raise self.wrong(key, "names something twice")
        return value

    def _as_word(self, key: str, value: Any, words: type[E]) -> E:
        try:
            return words(value)
        except ValueError:
            allowed = ", ".join(word.value for word in words)
            raise self.wrong(key, f"{value!r} is not one of: {allowed}") from None
