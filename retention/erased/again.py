"""Rows in which something that was erased came back, by what the original erasures left of their people."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from privacy.datamap.engine.plan import Action, Plan, Step
from privacy.datamap.engine.selection import RootKeys, SubjectKeys
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.engine.spec import Key
from privacy.datamap.models import Source
from privacy.datamap.sparing import SparedOfSource
from retention.erased.extents import Left, left_in
from retention.erased.fingerprints import ErasedSet
from retention.erased.looking import FoundRow, look_through, watched_datasets
from retention.erased.returned import keys_back
from retention.erased.sparing import keys_spared


@dataclass(frozen=True)
class Alike:
    """Rows of people of whom the same was left.

    left: None where it is not known. is_back: whether some of the rows should not be there at all; the others name
    their person lawfully, and only what was erased of them may have come back.
    """

    left: Left | None
    keys: SubjectKeys
    is_back: bool

    @property
    def rows(self) -> int:
        return sum(len(root.keys) for root in self.keys.roots)


def rows_alike(source: Source, engine: EngineSource) -> Iterator[Alike]:
    """The rows that the last look found and that still name somebody erased.

    Raises:
        DatamapIncomplete: a statutory minimum does not fit the data map.
        EngineError: the source cannot be read.
    """
    datasets = [each.dataset for each in watched_datasets(source, engine)]
    back = {each.key: keys_back(each) for each in datasets}
    found = found_now(source, engine, {each.key: (*back[each.key], *keys_spared(each)) for each in datasets})
    of_person = left_in(source, {(row.kind, row.fingerprint) for rows in found.values() for row in rows})
    groups: dict[str, dict[str, list[Key]]] = {}
    lefts: dict[str, Left | None] = {}
    for dataset, rows in found.items():
        for row in rows:
            left = of_person[row.kind, row.fingerprint]
            mark = _mark(left)
            lefts[mark] = left
            groups.setdefault(mark, {}).setdefault(dataset, []).append(row.key)
    for mark, by_dataset in sorted(groups.items()):
        keys = SubjectKeys(tuple(RootKeys(dataset, tuple(keys)) for dataset, keys in by_dataset.items()))
        is_back = any(set(keys) & set(back[dataset]) for dataset, keys in by_dataset.items())
        yield Alike(lefts[mark], keys, is_back)


def _mark(left: Left | None) -> str:
    """The same for what leaves the same."""
    return json.dumps(left and [left.spared, left.received_on and left.received_on.isoformat()], sort_keys=True)


def found_now(source: Source, engine: EngineSource, keys: Mapping[str, Collection[Key]]) -> dict[str, list[FoundRow]]:
    """Those of the keys whose rows name somebody erased now, by dataset; none without any.

    Raises:
        EngineError: the source cannot be read.
    """
    erased, rows = ErasedSet(), {}
    for watched in watched_datasets(source, engine):
        if only := keys.get(watched.dataset.key):
            rows[watched.dataset.key] = look_through(engine, watched, erased, only=tuple(dict.fromkeys(only))).found
    return {dataset: found for dataset, found in rows.items() if found}


def rows_to_change(plan: Plan) -> int:
    """How many rows a plan changes or deletes; those that a hold spares are in `rows_held`."""
    return sum(step.expected_count for step in _changing(plan))


def rows_held(plan: Plan) -> int:
    return sum(step.held_count for step in _changing(plan))


def touches(plan: Plan, spared: SparedOfSource) -> bool:
    """Whether a plan would change a column that is to be left."""
    return any(_columns(step, set(spared[step.dataset])) for step in _changing(plan) if spared.get(step.dataset))


def _columns(step: Step, spared: set[str]) -> bool:
    return step.action is Action.DELETE or any(mask.column in spared for mask in step.all_masks)


def _changing(plan: Plan) -> list[Step]:
    return [step for step in plan.steps if step.action is not Action.KEEP]
