"""Whether a source would take what masks write, asked before a plan is made of them.

Rule: what is found here is found by the checks of the plan itself, so that nobody is told two different things.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.checks import Fits, of_mask, unfit_constant
from privacy.datamap.engine.errors import InvalidSpec, Problem
from privacy.datamap.engine.introspect import complete
from privacy.datamap.engine.masks import ColumnMask
from privacy.datamap.engine.plan import Plan
from privacy.datamap.engine.source import Source
from privacy.datamap.engine.spec import DatasetSpec


@dataclass(frozen=True)
class Unfit:
    """A mask that a column does not take, and why."""

    dataset: str
    mask: ColumnMask
    problem: Problem


def unfit_masks(
    source: Source, datasets: Sequence[DatasetSpec], masks: Mapping[str, Sequence[ColumnMask]]
) -> list[Unfit]:
    """What is wrong with masks, whatever rows they are for. No row is read.

    datasets: all of the source; those that it has no more are passed over, unless they are masked. masks: by dataset.
    Raises EngineError when the source cannot tell, or a masked dataset does not fit it.
    """
    with source.connect() as connection:
        catalog, fits = connection.catalog(), Fits(connection)
        plan = Plan(tuple(_known(datasets, catalog, masks)), ())
        return [
            Unfit(key, mask, problem)
            for key, each in masks.items()
            for mask in each
            for problem in _of(plan, key, mask, catalog, fits)
        ]


def _known(datasets: Iterable[DatasetSpec], catalog: Catalog, masks: Mapping[str, object]) -> Iterator[DatasetSpec]:
    for dataset in datasets:
        try:
            yield complete(dataset, catalog)
        except InvalidSpec:
            if dataset.key in masks:
                raise


def _of(plan: Plan, key: str, mask: ColumnMask, catalog: Catalog, fits: Fits) -> Iterator[Problem]:
    dataset = plan.dataset(key)
    yield from of_mask(plan, mask, dataset, catalog.table(dataset.schema, dataset.table), catalog)
    yield from unfit_constant(mask, dataset, fits)
