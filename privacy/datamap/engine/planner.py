"""Making a plan: find the person's rows, count, put in order, refuse what cannot be done. Changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from privacy.datamap.engine import checks
from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.coarser import Coarser
from privacy.datamap.engine.counting import counted, predicates_of
from privacy.datamap.engine.errors import InvalidSpec, PlanRefused
from privacy.datamap.engine.introspect import complete
from privacy.datamap.engine.masks import ColumnMask
from privacy.datamap.engine.order import children_first, edges_between
from privacy.datamap.engine.plan import Action, KeptField, Plan, Step
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.protecting import spread
from privacy.datamap.engine.selection import (
    NOBODY_HELD,
    Held,
    Identifier,
    OlderThan,
    Protection,
    Referrer,
    RootKeys,
    Selection,
    SubjectKeys,
)
from privacy.datamap.engine.source import Source, SourceConnection
from privacy.datamap.engine.spec import DatasetSpec

MOST_ROOT_ROWS = 100_000


@dataclass(frozen=True)
class Instruction:
    """What the data map, or the officer, wants done with a dataset.

    selection: when it differs from the plan's. unless: what keeps rows that are selected. coarser: what is done about
    masked rows in small groups. unreferred: only rows, of the dataset with the date, to which nothing refers but rows
    that are deleted by the same plan: by any foreign key that the source declares, also of tables nobody described.
    """

    dataset: str
    action: Action
    masks: tuple[ColumnMask, ...] = ()
    kept: tuple[KeptField, ...] = ()
    selection: Selection | None = None
    unless: tuple[Protection, ...] = ()
    coarser: Coarser | None = None
    unreferred: bool = False


def resolve_subject(
    source: Source,
    datasets: Iterable[DatasetSpec],
    identifiers: Sequence[Identifier],
    *,
    catalog: Catalog | None = None,
    only: Mapping[str, Sequence[Protection]] | None = None,
) -> SubjectKeys:
    """Find the rows that name the person (or people) by any of the identifiers, in every dataset with identities.

    Answers their primary keys; datasets without a match are left out. catalog: of this source, read just now; None
    reads it. only: by dataset, protections of which one must keep the row; None: any row counts.
    Raises InvalidSpec for a wrong data map or when
    more than MOST_ROOT_ROWS rows match: then an identifier does not identify.
    """
    with source.connect() as connection:
        described = catalog or connection.catalog()
        completed = [complete(dataset, described) for dataset in datasets]
        predicates = Predicates(completed, source.dialect, source.mask_key)
        roots = [
            RootKeys(dataset.key, _root_keys(connection, source, predicates, dataset, identifiers, only))
            for dataset in completed
            if dataset.identities and (only is None or only.get(dataset.key))
        ]
    return SubjectKeys(tuple(root for root in roots if root.keys))


def _root_keys(
    connection: SourceConnection,
    source: Source,
    predicates: Predicates,
    dataset: DatasetSpec,
    identifiers: Sequence[Identifier],
    only: Mapping[str, Sequence[Protection]] | None,
) -> tuple[tuple[str, ...], ...]:
    table = predicates.table(dataset.key)
    where = [predicates.named_by(table, identifiers)]
    if only is not None:
        where.append(predicates.is_protected(table, only[dataset.key]))
    what = [source.dialect.key_as_text(*each) for each in zip(table.key, table.key_columns, strict=True)]
    found = connection.rows(table.select(*what, where=where).limit(MOST_ROOT_ROWS + 1))
    if len(found) > MOST_ROOT_ROWS:
        raise InvalidSpec(f"More than {MOST_ROOT_ROWS} rows of {dataset.name} match; the identifier is not one.")
    return tuple(tuple(row) for row in found)


def make_plan(
    source: Source,
    datasets: Sequence[DatasetSpec],
    instructions: Sequence[Instruction],
    *,
    selection: Selection | None = None,
    held: Held = NOBODY_HELD,
    catalog: Catalog | None = None,
) -> Plan:
    """Turn instructions into ordered, counted steps.

    selection: which rows, for every instruction that has none of its own. held: people spared; counted apart.
    catalog: of this source, read just now; None reads it.
    Raises PlanRefused with every problem found, InvalidSpec when the data map does not fit the source.
    """
    with source.connect() as connection:
        catalog = catalog or connection.catalog()
        plan = _drafted(catalog, datasets, instructions, selection)
        predicates = predicates_of(plan, source)
        if problems := checks.of_data(plan, connection, predicates):
            raise PlanRefused(tuple(problems))
        return plan.with_steps(counted(connection, predicates, plan.steps, held))


def protections_of(
    source: Source, datasets: Sequence[DatasetSpec], instructions: Sequence[Instruction]
) -> dict[str, tuple[Protection, ...]]:
    """What keeps rows of each dataset from these instructions, also because protected rows lead to them.

    Raises InvalidSpec when the data map does not fit the source.
    """
    if not any(each.unless for each in instructions):
        return {}
    with source.connect() as connection:
        catalog = connection.catalog()
    completed = tuple(complete(dataset, catalog) for dataset in datasets)
    steps = [_step(each, SubjectKeys(()), completed, catalog) for each in instructions]
    return {step.dataset: step.unless for step in spread(steps, completed)}


def draft_plan(source: Source, datasets: Sequence[DatasetSpec], instructions: Sequence[Instruction]) -> Plan:
    """The same steps with the same conditions as `make_plan`, of which no row was looked at yet: every count is zero.

    Raises PlanRefused and InvalidSpec as `make_plan` does, for everything that the rows themselves do not tell.
    """
    with source.connect() as connection:
        return _drafted(connection.catalog(), datasets, instructions, None)


def _drafted(
    catalog: Catalog, datasets: Sequence[DatasetSpec], instructions: Sequence[Instruction], selection: Selection | None
) -> Plan:
    completed = tuple(complete(dataset, catalog) for dataset in datasets)
    steps = _ordered(completed, [_step(each, selection, completed, catalog) for each in instructions], catalog)
    wanted = {each.dataset for each in instructions if each.unreferred}
    steps = [_unreferred(step, steps, completed, catalog) if step.dataset in wanted else step for step in steps]
    plan = Plan(datasets=completed, steps=tuple(spread(steps, completed)))
    if problems := checks.of_structure(plan, catalog):
        raise PlanRefused(tuple(problems))
    return plan


def _step(each: Instruction, selection: Selection | None, datasets: Sequence[DatasetSpec], catalog: Catalog) -> Step:
    chosen = each.selection or selection
    if chosen is None:
        raise InvalidSpec(f"Nothing says which rows of dataset {each.dataset!r} are meant; give a selection.")
    dataset = next((dataset for dataset in datasets if dataset.key == each.dataset), None)
    if dataset is None:
        raise InvalidSpec(f"The instruction names the dataset {each.dataset!r}, which is not declared.")
    table = catalog.table(dataset.schema, dataset.table)
    unique = {column for index in table.indexes if index.unique for column in index.columns}
    # Rows of a step that keeps them all are counted apart only where they are not meant at all.
    unless = each.unless if each.action is not Action.KEEP else tuple(one for one in each.unless if one.newer)
    step = Step(
        each.dataset, each.dataset, each.action, chosen, masks=each.masks, kept=each.kept, unless=unless,
        coarser=each.coarser,
    )  # fmt: skip
    if step.action is not Action.DELETE:
        return replace(step, locks_key=any(mask.column in unique for mask in step.all_masks))
    return replace(step, referrers=_referrers(dataset, catalog))


def _referrers(dataset: DatasetSpec, catalog: Catalog) -> tuple[Referrer, ...]:
    pointing = catalog.pointing_at(dataset.schema, dataset.table)
    return tuple(
        Referrer(key.name, key.schema, key.table, key.columns, key.to_columns, key.on_delete) for key in pointing
    )


def _unreferred(step: Step, steps: Sequence[Step], datasets: Sequence[DatasetSpec], catalog: Catalog) -> Step:
    if not isinstance(step.selection, OlderThan):
        raise InvalidSpec(f"Only rows that are older than a date can be left while something refers to {step.dataset}.")
    by_key = {dataset.key: dataset for dataset in datasets}
    end = by_key[step.selection.path[-1].to if step.selection.path else step.dataset]
    deleted = [by_key[each.dataset] for each in steps if each.action is Action.DELETE]
    going = {(each.schema, each.table) for each in deleted}
    staying = tuple(each for each in _referrers(end, catalog) if (each.schema, each.table) not in going)
    return replace(step, selection=replace(step.selection, unreferred_by=staying))


def _ordered(datasets: Sequence[DatasetSpec], steps: Sequence[Step], catalog: Catalog) -> list[Step]:
    by_dataset = {step.dataset: step for step in steps}
    if len(by_dataset) != len(steps):
        raise InvalidSpec("A dataset has more than one instruction; make one instruction, or two plans.")
    selections = {step.dataset: step.selection for step in steps}
    edges = edges_between(datasets, catalog.foreign_keys, selections)
    deleted = {step.dataset for step in steps if step.action is Action.DELETE}
    order = children_first([dataset.key for dataset in datasets], edges, deleted)
    return [by_dataset[name] for name in order if name in by_dataset]
