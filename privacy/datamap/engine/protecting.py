"""Rows that stay whatever else a plan would do to them: the law wants them kept, or they are too new to be meant.

Danger: a protected row outlives the row that it refers to, or the one whose date protects it, and is then neither whole
nor protected any more.
Rule: what a protected row leads to is protected with it, wherever a plan deletes rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from sqlalchemy import and_, not_

from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.moments import Moment
from privacy.datamap.engine.plan import Action, Plan, Step
from privacy.datamap.engine.selection import Protection
from privacy.datamap.engine.source import Source
from privacy.datamap.engine.spec import DatasetSpec, Join, Path


def spread(steps: Sequence[Step], datasets: Iterable[DatasetSpec]) -> list[Step]:
    """Protect, in every step that deletes, the rows to which protected rows of other steps lead.

    A row is led to by a foreign key of a row that would otherwise be deleted, and by the way to the date that protects.
    """
    names = {(dataset.schema, dataset.table): dataset.key for dataset in datasets}
    by_dataset = {step.dataset: step for step in steps}
    own = {step.dataset: step.unless for step in steps}
    waiting = [step.dataset for step in steps if step.unless and step.action is not Action.KEEP]
    while waiting:
        child = by_dataset[waiting.pop()]
        for step in list(by_dataset.values()):
            if step.action is not Action.DELETE or step.dataset == child.dataset:
                continue
            more = [
                _led_from(way, child.dataset, each) for way, each in _ways_to(step, child, own[child.dataset], names)
            ]
            if added := [each for each in dict.fromkeys(more) if each not in step.unless]:
                by_dataset[step.dataset] = replace(step, unless=(*step.unless, *added))
                waiting.append(step.dataset)
    return [by_dataset[step.dataset] for step in steps]


@dataclass(frozen=True)
class Protected:
    """Rows that a protection keeps. newest: their latest known event; None when a row of them has none."""

    rows: int
    newest: Moment


def protected_by(source: Source, plan: Plan, step: Step, protection: Protection) -> Protected:
    """How many rows of a step a protection keeps, and since when at the latest; less those too new to be meant.

    Raises EngineError when the source cannot tell.
    """
    predicates = predicates_of(plan, source)
    table = predicates.table(step.dataset)
    which = predicates.protected_rows(table, step, (protection,))
    if step.newer and not protection.newer:
        which = and_(which, not_(predicates.is_protected(table, step.newer)))
    with source.connect() as connection:
        found: Any = connection.rows(predicates.newest_event(table, protection.since, which))[0]
    rows, dated, newest = found
    if dated != rows:
        return Protected(int(rows), None)
    column = predicates.event_column(table.dataset, protection.since)
    return Protected(int(rows), source.dialect.moment(newest, column))


def _ways_to(
    step: Step, child: Step, own: Sequence[Protection], names: dict[tuple[str, str], str]
) -> Iterable[tuple[Path, Protection]]:
    """Ways from a row of the child to one of the step, each with what protects the child.

    own: protections that the child did not get from others; the dates of those it got are protected where they are.
    """
    keys = [
        (Join(key.columns, step.dataset, key.to_columns),)
        for key in step.referrers
        if child.action is Action.DELETE and names.get((key.schema, key.table)) == child.dataset
    ]
    for each in child.unless:
        if len(each.since.path) <= len(names):  # else a ring of tables, gone round already
            yield from ((way, each) for way in keys)
    for each in own:
        path = each.since.path
        yield from ((path[: place + 1], each) for place, join in enumerate(path) if join.to == step.dataset)


def _led_from(way: Path, start: str, protection: Protection) -> Protection:
    """The same protection, seen from the end of a way: go back to where it started, then on to the date."""
    stops = [start, *(join.to for join in way)]
    back = [
        Join(join.to_columns, before, join.columns) for (before, _to), join in zip(pairwise(stops), way, strict=True)
    ]
    return replace(protection, since=replace(protection.since, path=(*reversed(back), *protection.since.path)))
