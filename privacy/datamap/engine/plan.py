"""The plan: what will happen to which rows, in which order. Pure data, made once, shown, hashed, then carried out."""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import rfc8785

from privacy.datamap.engine.coarser import Coarser
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.selection import OlderThan, Protection, Referrer, RootKeys, RowKeys, Selection, SubjectKeys
from privacy.datamap.engine.spec import DatasetSpec
from privacy.datamap.engine.values import came_later, from_data, portable, to_data


class Action(StrEnum):
    """What a step does to the rows it selects."""

    MASK = "mask"
    DELETE = "delete"
    KEEP = "keep"


@portable
@dataclass(frozen=True)
class KeptField:
    """A column that stays as it is, and why the law lets it."""

    column: str
    reason: str


@portable
@dataclass(frozen=True)
class Step:
    """One dataset, one action.

    key: unique within the plan. expected_count: rows to change. held_count: rows that match but belong to someone held
    when the plan was made. locks_key: the statement takes the lock that also blocks rows referring to it.
    referrers: foreign keys that must not point at a row when it is deleted. unless: what keeps rows that are selected;
    protected_count: how many it keeps, newer_count: how many of those came about too late to be meant. coarser: what is
    done about masked rows that still single somebody out.
    """

    key: str
    dataset: str
    action: Action
    selection: Selection
    masks: tuple[ColumnMask, ...] = ()
    kept: tuple[KeptField, ...] = ()
    expected_count: int = 0
    held_count: int = 0
    locks_key: bool = True
    referrers: tuple[Referrer, ...] = ()
    unless: tuple[Protection, ...] = ()
    protected_count: int = 0
    coarser: Coarser | None = None
    newer_count: int = came_later(0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "action", Action(self.action))
        if self.action is Action.MASK and not self.effective_masks:
            raise InvalidSpec(f"Step {self.key!r} masks nothing: name at least one column to mask, or keep the rows.")
        if self.action is not Action.MASK and self.effective_masks:
            raise InvalidSpec(f"Step {self.key!r} is to {self.action} the rows and must not have masks as well.")

    @property
    def effective_masks(self) -> tuple[ColumnMask, ...]:
        """The masks that change something."""
        return tuple(mask for mask in self.masks if mask.strategy is not Strategy.KEEP)

    @property
    def newer(self) -> tuple[Protection, ...]:
        """What keeps rows that came about too late to be meant."""
        return tuple(each for each in self.unless if each.newer)

    @property
    def all_masks(self) -> tuple[ColumnMask, ...]:
        """The masks that change something, and those of further passes over small groups."""
        further = self.coarser.levels if self.coarser else ()
        return (*self.effective_masks, *(mask for level in further for mask in level))


@portable
@dataclass(frozen=True)
class Plan:
    """Ordered steps, children before parents, and the datasets they speak of."""

    datasets: tuple[DatasetSpec, ...]
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        keys = [step.key for step in self.steps]
        if len(set(keys)) != len(keys):
            raise InvalidSpec("Two steps of the plan have the same key.")

    def dataset(self, key: str) -> DatasetSpec:
        """The dataset of that key. Raises InvalidSpec when the plan has none."""
        for dataset in self.datasets:
            if dataset.key == key:
                return dataset
        raise InvalidSpec(f"The plan speaks of dataset {key!r} but does not contain it.")

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of the canonical JSON (RFC 8785). Root keys enter as their count and digest only."""
        return hashlib.sha256(rfc8785.dumps(self.public_data())).hexdigest()

    def public_data(self) -> dict[str, Any]:
        """The plan for showing and hashing: JSON-able, without a single key of a row."""
        data: dict[str, Any] = to_data(self)
        for step, shown in zip(self.steps, data["steps"], strict=True):
            if isinstance(step.selection, SubjectKeys):
                shown["selection"]["roots"] = [_without_keys(root) for root in step.selection.roots]
            if isinstance(step.selection, RowKeys):
                shown["selection"] = _without_keys(RootKeys(step.dataset, step.selection.keys))
        return data

    def to_data(self) -> dict[str, Any]:
        """The plan for storing: JSON-able, with keys. Encrypt it where keys of rows are not to be read."""
        data: dict[str, Any] = to_data(self)
        return data

    @staticmethod
    def from_data(data: dict[str, Any]) -> "Plan":
        """The inverse of to_data. Raises InvalidSpec when it is not a plan."""
        plan = from_data(data)
        if not isinstance(plan, Plan):
            raise InvalidSpec("This is not a stored plan.")
        return plan

    def with_steps(self, steps: tuple[Step, ...]) -> "Plan":
        return replace(self, steps=steps)


def _without_keys(root: RootKeys) -> dict[str, Any]:
    return {"$type": "RootKeys", "dataset": root.dataset, "count": len(root.keys), "digest": root.digest()}


def columns_selected_by(selection: Selection, dataset: str) -> dict[str, set[str]]:
    """The columns that decide what the selection finds, by dataset key. Joins of subject paths are added elsewhere."""
    return columns_of_path(selection, dataset) if isinstance(selection, OlderThan) else {}


def columns_of_path(selection: OlderThan, dataset: str) -> dict[str, set[str]]:
    """The columns that decide whether a row of a dataset is older, by dataset key."""
    used: dict[str, set[str]] = {dataset: {condition.column for condition in selection.also}}
    here = dataset
    for join in selection.path:
        used.setdefault(here, set()).update(join.columns)
        used.setdefault(join.to, set()).update(join.to_columns)
        here = join.to
    used.setdefault(here, set()).update({selection.column, *(condition.column for condition in selection.where)})
    return used
