"""What there is to decide on: the data that was found, by category, as the plan of the case has it.

Nothing is asked of a source here. Keys of rows say nothing by themselves and go with the rest of their row.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from privacy.datamap.models import Action, DataCategory, Dataset, Field, Source, Strategy
from requests.enums import RequestKind
from requests.models import SubjectRequest


@dataclass(frozen=True)
class FoundTable:
    """One table with rows of the person. columns: name and label of those that belong to the line."""

    source_id: int
    source: str
    dataset_key: str
    label: str
    rows: int
    columns: tuple[tuple[str, str], ...]

    @property
    def place(self) -> str:
        return place_of(self.source_id, self.dataset_key)


@dataclass(frozen=True)
class FoundLine:
    """A category of data in every table, or in one; or, without a category, a place that is no database.

    where: the place in words.
    """

    category: str
    tables: tuple[FoundTable, ...] = ()
    source_id: int = 0
    dataset_key: str = ""
    where: str = ""

    @property
    def key(self) -> "LineKey":
        return (self.category, self.source_id, self.dataset_key)

    @property
    def label(self) -> str:
        """What it is called in the language that is active."""
        return str(DataCategory(self.category).label) if self.category else self.where

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def seen(self) -> dict[str, list[str]]:
        """Its columns by place."""
        return {table.place: [column for column, _label in table.columns] for table in self.tables}

    @property
    def can_be_parted(self) -> bool:
        """Whether a part of it can be given: of one column, all or nothing is."""
        return sum(len(table.columns) for table in self.tables) > 1


LineKey = tuple[str, int, str]
_ORDER = {category: place for place, category in enumerate(DataCategory.values)}


def can_be_severed(lines: Collection[FoundLine]) -> bool:
    """Whether something of what was found can be given without the rest of it."""
    return len(lines) > 1 or any(line.can_be_parted for line in lines)


def place_of(source_id: int, dataset_key: str) -> str:
    """How a decision names a table."""
    return f"{source_id}/{dataset_key}"


def found_lines(case: SubjectRequest, *, split: Collection[str] = ()) -> list[FoundLine]:
    """Everything that has to be decided in a case, in a constant number of queries.

    Args:
        split: categories of which each table is a line of its own.
    """
    return lines_of_plan(case.plan or {}, kind=case.kind, split=split)


def lines_of_plan(plan: Mapping[str, Any], *, kind: str, split: Collection[str] = ()) -> list[FoundLine]:
    """The same of a plan as it is shown."""
    plans = plan.get("plans", [])
    sources = Source.objects.in_bulk([each["source"] for each in plans])
    tables = [table for each in plans if "plan" in each for table in _tables(each, sources, kind)]
    lines = [line for category in sorted(_ORDER, key=_ORDER.__getitem__) for line in _lines(category, tables, split)]
    return lines + [_asked(each, sources) for each in plans if "ask" in each]


def rows_of_plan(plan: Mapping[str, Any]) -> int:
    """How many rows a plan found in databases, also in tables of nothing but keys."""
    stored = [each["plan"] for each in plan.get("plans", []) if "plan" in each]
    return sum(rows_of_step(step) for each in stored for step in each["steps"])


@dataclass
class _Table:
    dataset: Dataset
    source: Source
    rows: int
    fields: list[Field]

    @property
    def label(self) -> str:
        return self.dataset.label or self.dataset.table_name


def _tables(stored: Mapping[str, Any], sources: Mapping[int, Source], kind: str) -> Iterator[_Table]:
    source = sources.get(stored["source"])
    if source is None:
        return
    datasets = {each.key: each for each in source.datasets.prefetch_related("fields")}
    for step in stored["plan"]["steps"]:
        rows = rows_of_step(step)
        dataset = datasets.get(step["dataset"])
        if rows and dataset is not None and (fields := _fields(step, dataset, kind)):
            yield _Table(dataset, source, rows, fields)


def rows_of_step(step: Mapping[str, Any]) -> int:
    """How many rows of the person a step of a plan speaks of, whatever becomes of them."""
    counted: int = step["expected_count"] + step["held_count"] + step["protected_count"] - step.get("newer_count", 0)
    return counted


def _fields(step: Mapping[str, Any], dataset: Dataset, kind: str) -> list[Field]:
    """What of a table is asked for: for an erasure, what it would change; for a copy, everything."""
    fields = [each for each in dataset.fields.all() if each.category != DataCategory.KEY]
    if kind != RequestKind.ERASURE:
        return fields
    if step["action"] == Action.MASK:
        masked = {mask["column"] for mask in step["masks"] if mask["strategy"] != Strategy.KEEP}
        return [each for each in fields if each.column in masked]
    return fields if step["action"] == Action.DELETE else []


def _lines(category: str, tables: Iterable[_Table], split: Collection[str]) -> Iterator[FoundLine]:
    found = [
        FoundTable(
            each.source.pk, each.source.name, each.dataset.key, each.label, each.rows,
            tuple((one.column, one.label or one.column) for one in each.fields if one.category == category),
        )
        for each in tables
    ]  # fmt: skip
    found = [table for table in found if table.columns]
    if category in split:
        yield from (FoundLine(category, (each,), each.source_id, each.dataset_key, each.label) for each in found)
    elif found:
        yield FoundLine(category, tuple(found), where=", ".join(dict.fromkeys(each.label for each in found)))


def _asked(stored: Mapping[str, Any], sources: Mapping[int, Source]) -> FoundLine:
    source = sources.get(stored["source"])
    return FoundLine("", source_id=stored["source"], where=source.name if source else "")
