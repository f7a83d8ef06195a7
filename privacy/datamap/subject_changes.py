"""Whether the plan for erasing a person still covers everything about them, as the data and the data map are now.

Danger: a row that came after the plan was made, or a table that the map has named since, outlives an erasure that
counts only what it had planned.
Rule: the person is looked for again before the first row is changed, and once more after the last one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from privacy.datamap.engine.errors import Mismatch, PlanNoLongerMatches
from privacy.datamap.engine.introspect import complete, read_catalog
from privacy.datamap.engine.plan import KeptField, Plan
from privacy.datamap.engine.planner import Instruction, resolve_subject
from privacy.datamap.engine.selection import Protection, SubjectKeys
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.engine.spec import DatasetSpec, Key
from privacy.datamap.errors import DatamapChanged, DatamapIncomplete
from privacy.datamap.minimums import are_respected, minimums_of
from privacy.datamap.models import Dataset, Source
from privacy.datamap.newer import newer_rows, tells_newer
from privacy.datamap.sparing import SparedOfSource, spared_by, sparing
from privacy.datamap.specs import datasets_of, erasure_instruction, is_about_people, specs_of
from privacy.datamap.subject_plan import identifiers_of
from privacy.subjects.models import Subject

RootRow = tuple[str, Key]
"""A row that names the person: the key of its dataset, and its primary key."""


def check_map(source: Source, engine: EngineSource, plan: Plan, *, received_on: date | None = None) -> None:
    """See that the data map, and what the law wants kept, still say of this source what they said to the plan.

    Args:
        received_on: the day after which rows came too late to be meant by the plan; None where all are.

    Raises:
        DatamapChanged: it does not.
        EngineError: the source cannot be read, or the map does not fit it any more.
    """
    datasets = datasets_of(source)
    _check_specs(datasets, engine, plan)
    if _instructions(datasets, spared_by(plan)) != _instructions_of(plan):
        raise DatamapChanged
    try:
        respected = are_respected(plan, minimums_of(source, datasets)) and tells_newer(
            plan, newer_rows(datasets, received_on)
        )
    except DatamapIncomplete:
        respected = False  # planning anew tells the officer what does not fit
    if not respected:
        raise DatamapChanged


def check_map_of_steps(
    source: Source, engine: EngineSource, plan: Plan, unless: Mapping[str, Sequence[Protection]]
) -> None:
    """The same of a plan that has steps for some of the datasets only.

    Args:
        unless: what keeps rows of each dataset now.

    Raises:
        DatamapChanged: the data map, or what keeps rows, says something else.
        EngineError: the source cannot be read, or the map does not fit it any more.
    """
    datasets = datasets_of(source)
    _check_specs(datasets, engine, plan)
    now, planned = _instructions(datasets, spared_by(plan)), _instructions_of(plan)
    kept = {step.dataset: {each.name for each in step.unless} for step in plan.steps}
    if any(now.get(name) != planned[name] for name in planned):
        raise DatamapChanged
    if any({each.name for each in unless.get(name, ())} != kept[name] for name in planned):
        raise DatamapChanged


def _check_specs(datasets: list[Dataset], engine: EngineSource, plan: Plan) -> None:
    catalog = read_catalog(engine)
    planned = {spec.key: spec for spec in plan.datasets}
    now = {spec.key: _as_planned(complete(spec, catalog), planned) for spec in specs_of(datasets)}
    if now != planned:
        raise DatamapChanged


def check_same_rows(
    source: Source, engine: EngineSource, plan: Plan, subject: Subject, *, received_on: date | None = None
) -> None:
    """See that exactly the planned rows name the person now. How many hang from them is counted by the engine.

    Args:
        received_on: the day after which rows came too late to be meant: more of those change nothing.

    Raises:
        PlanNoLongerMatches: others do as well, or some do no more; lists how many in which dataset.
        DatamapChanged: the data map does not say any more what is too late.
        EngineError: the source cannot be read.
    """
    planned, found = _planned_rows(plan), _rows_now(source, engine, subject)
    if found != planned:
        found -= _newer_now(source, engine, subject, received_on) - planned
    if found != planned:
        was, are = _by_dataset(planned), _by_dataset(found)
        names = sorted({dataset for dataset, _key in found ^ planned})
        raise PlanNoLongerMatches(tuple(Mismatch(name, was[name], are[name]) for name in names))


def rows_not_planned(
    source: Source, engine: EngineSource, plan: Plan, subject: Subject, *, received_on: date | None = None
) -> dict[str, int]:
    """How many rows name the person that the plan knows nothing of, by dataset; empty when there is none.

    Args:
        received_on: the day after which rows came too late to be meant: those are not counted.

    Raises:
        EngineError: the source cannot tell; not known is not zero.
        DatamapChanged: the data map does not say any more what is too late.
    """
    more = _rows_now(source, engine, subject) - _planned_rows(plan)
    return dict(_by_dataset(more - _newer_now(source, engine, subject, received_on))) if more else {}


def _as_planned(spec: DatasetSpec, planned: Mapping[str, DatasetSpec]) -> DatasetSpec:
    """Without columns that the source has added since: nobody has classified them, so no plan says anything of them."""
    if spec.key not in planned:
        return spec
    names = {column.name for column in planned[spec.key].columns}
    return replace(spec, columns=tuple(column for column in spec.columns if column.name in names))


def _instructions(datasets: Iterable[Dataset], spared: SparedOfSource) -> dict[str, Instruction]:
    found = [sparing(erasure_instruction(each), spared.get(each.key, {})) for each in datasets if is_about_people(each)]
    return {each.dataset: replace(each, kept=_with_reason(each.kept)) for each in found}


def _instructions_of(plan: Plan) -> dict[str, Instruction]:
    return {
        step.dataset: Instruction(step.dataset, step.action, step.masks, _with_reason(step.kept)) for step in plan.steps
    }


def _with_reason(kept: Iterable[KeptField]) -> tuple[KeptField, ...]:
    """Without columns that nobody has classified: they change nothing, and block nothing."""
    return tuple(each for each in kept if each.reason)


def _planned_rows(plan: Plan) -> set[RootRow]:
    selections = [step.selection for step in plan.steps if isinstance(step.selection, SubjectKeys)]
    return {row for selection in selections for row in _rows_of(selection)}


def _rows_now(source: Source, engine: EngineSource, subject: Subject) -> set[RootRow]:
    return _rows_of(resolve_subject(engine, specs_of(datasets_of(source)), identifiers_of(subject)))


def _newer_now(source: Source, engine: EngineSource, subject: Subject, received_on: date | None) -> set[RootRow]:
    """Rows that name the person and came about after a day."""
    datasets = datasets_of(source)
    try:
        only = {dataset: (protection,) for dataset, protection in newer_rows(datasets, received_on).items()}
    except DatamapIncomplete:
        raise DatamapChanged from None
    return _rows_of(resolve_subject(engine, specs_of(datasets), identifiers_of(subject), only=only))


def _rows_of(selection: SubjectKeys) -> set[RootRow]:
    return {(root.dataset, key) for root in selection.roots for key in root.keys}


def _by_dataset(rows: Iterable[RootRow]) -> Counter[str]:
    return Counter(dataset for dataset, _key in rows)
