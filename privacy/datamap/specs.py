"""From the data map to what the engine is told: datasets with scope, identities and paths, masks, instructions."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from privacy.datamap.chains import chain
from privacy.datamap.engine.coarser import Coarser, coarser
from privacy.datamap.engine.masks import ColumnMask
from privacy.datamap.engine.masks import Strategy as EngineStrategy
from privacy.datamap.engine.plan import Action as EngineAction
from privacy.datamap.engine.plan import KeptField
from privacy.datamap.engine.planner import Instruction
from privacy.datamap.engine.selection import Selection
from privacy.datamap.engine.spec import Condition, DatasetSpec, Identity, Join, Path
from privacy.datamap.errors import ChainBroken
from privacy.datamap.models import IMPERSONAL, Action, Dataset, Field, Source, Strategy

_PARAMS: Mapping[str, frozenset[str]] = {
    Strategy.CONSTANT: frozenset({"value"}),
    Strategy.TOKEN: frozenset({"domain"}),
    Strategy.GENERALISE_DATE: frozenset({"to"}),
    Strategy.GENERALISE_IP: frozenset({"keep"}),
    Strategy.GENERALISE_NUMBER: frozenset({"size"}),
    Strategy.GENERALISE_POSTCODE: frozenset({"keep"}),
}


def datasets_of(source: Source) -> list[Dataset]:
    """Every dataset of a source with its fields, ready for `specs_of`.

    Without the fields' purposes: runs read this before each chunk, and those would be the larger half of it.
    """
    return list(source.datasets.select_related("parent").prefetch_related("fields"))


def specs_of(datasets: Iterable[Dataset]) -> list[DatasetSpec]:
    """The engine's description of datasets that belong together; parents must be among them.

    Raises:
        InvalidSpec: one has no primary key.
        ChainBroken: one is reached in a circle, or by no columns; both DatamapIncomplete and InvalidSpec.
    """
    by_id = {dataset.pk: dataset for dataset in datasets}
    return [_spec(dataset, by_id) for dataset in by_id.values()]


def conditions(stored: list[dict[str, Any]]) -> tuple[Condition, ...]:
    """Stored conditions ({"column", "op", "value"}) as the engine's.

    Raises:
        InvalidSpec: operator and value do not go together, or the operator is unknown.
    """
    return tuple(Condition(each["column"], each.get("op", "="), each.get("value")) for each in stored)


def link(dataset: Dataset, parent: Dataset) -> Join:
    """The hop from a dataset to the one it is reached from.

    Raises:
        ChainBroken: nothing says by which columns.
    """
    if not dataset.link_columns:
        words = _("Nothing says by which columns %(table)s is reached from %(parent)s; give them under “Datasets”.")
        raise ChainBroken(words % {"table": dataset.key, "parent": parent.key}, datasets=[dataset.key])
    ours, theirs = zip(*dataset.link_columns, strict=True)
    return Join(tuple(ours), parent.key, tuple(theirs))


def field_mask(field: Field, strategy: str) -> ColumnMask:
    """The mask of a column under a strategy, with the particulars that this strategy knows.

    Raises:
        InvalidSpec: the particulars do not fit.
    """
    known = _PARAMS.get(strategy, frozenset())
    params = {name: value for name, value in field.mask_params.items() if name in known}
    return ColumnMask(field.column, EngineStrategy(strategy), params)


def erasure_instruction(dataset: Dataset) -> Instruction:
    """What erasing a person does to a dataset."""
    if dataset.on_erasure != Action.MASK:
        return Instruction(dataset.key, EngineAction(dataset.on_erasure))
    masks = [field_mask(each, each.on_erasure) for each in dataset.fields.all() if each.on_erasure != Strategy.KEEP]
    return Instruction(dataset.key, EngineAction.MASK, tuple(masks), _kept(dataset, masks))


def retention_instruction(dataset: Dataset, action: str, selection: Selection, *, category: str = "") -> Instruction:
    """What the end of a period does to a dataset, or to its columns of one category only."""
    if action != Action.MASK:
        return Instruction(dataset.key, EngineAction(action), selection=selection)
    meant = [each for each in dataset.fields.all() if not category or each.category == category]
    masks = [field_mask(each, each.on_retention) for each in meant if each.on_retention != Strategy.KEEP]
    return Instruction(dataset.key, EngineAction.MASK, tuple(masks), _kept(dataset, masks), selection)


def coarser_of(dataset: Dataset, *, smallest: int) -> Coarser | None:
    """What is done about small groups of a dataset's masked rows. None: nothing was declared for it.

    Args:
        smallest: rows that a group should have at least.

    Raises:
        InvalidSpec: a further step is not coarser than the one before.
    """
    quasi = [each for each in dataset.fields.all() if each.is_quasi_identifier]
    steps = {each.column: further_steps(each) for each in quasi}
    return coarser([each.column for each in quasi], smallest, [retention_mask(each) for each in quasi], steps)


def further_steps(field: Field) -> list[ColumnMask]:
    """The column's further steps of generalisation, in their order.

    Raises:
        InvalidSpec: one is no mask.
    """
    return [ColumnMask(field.column, EngineStrategy(each["strategy"]), each["params"]) for each in field.coarser]


def retention_mask(field: Field) -> ColumnMask:
    """What the end of a period makes of a column.

    Raises:
        InvalidSpec: the particulars do not fit.
    """
    return field_mask(field, field.on_retention)


def names_people(dataset: Dataset) -> bool:
    """Whether a column of the dataset names the person."""
    return any(each.identifier_kind for each in dataset.fields.all())


def is_about_people(dataset: Dataset) -> bool:
    """Whether a person can be found in it: by a column of its own, or by the way to another dataset."""
    return names_people(dataset) or dataset.parent_id is not None


def holds_personal_data(dataset: Dataset) -> bool:
    """Whether a column of the dataset is about people, or may be, because nobody has classified it."""
    return any(each.category not in IMPERSONAL for each in dataset.fields.all() if each.vanished_at is None)


def impersonal_columns(dataset: Dataset) -> set[str]:
    """The columns that may stay in rows that are called anonymous."""
    return {each.column for each in dataset.fields.all() if each.category in IMPERSONAL}


def _kept(dataset: Dataset, masks: Iterable[ColumnMask]) -> tuple[KeptField, ...]:
    """The columns left as they are that are about a person, or may be, or are kept for a reason; without one: ""."""
    masked = {mask.column for mask in masks}
    left = [each for each in dataset.fields.all() if each.column not in masked]
    return tuple(
        KeptField(each.column, each.keep_reason) for each in left if each.keep_reason or each.category not in IMPERSONAL
    )


def _spec(dataset: Dataset, by_id: Mapping[int, Dataset]) -> DatasetSpec:
    identities = [Identity(each.column, each.identifier_kind) for each in dataset.fields.all() if each.identifier_kind]
    return DatasetSpec(
        key=dataset.key,
        schema=dataset.table_schema,
        table=dataset.table_name,
        primary_key=tuple(dataset.primary_key),
        scope=conditions(dataset.scope),
        identities=tuple(identities),
        paths=tuple(_paths(dataset, by_id)),
    )


def _paths(dataset: Dataset, by_id: Mapping[int, Dataset]) -> Iterable[Path]:
    """Every way up to a dataset that names people."""
    way: Path = ()
    for each, parent in pairwise(chain(dataset, lambda each: by_id.get(each.parent_id) if each.parent_id else None)):
        way = (*way, link(each, parent))
        if names_people(parent):
            yield way
