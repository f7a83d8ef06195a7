"""Whether a source would take what masks write, asked before a plan is made of them.

Rule: what is found here is found by the checks of the plan itself, so that nobody is told two different things.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.checks import Fits, of_mask, unfit_constant
from privacy.datamap.engine.errors import Problem
from privacy.datamap.engine.introspect import known_datasets
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
    source: Source, datasets: Sequence[DatasetSpec], masks: Mapping[str, Sequence[ColumnMask]], catalog: Catalog
) -> list[Unfit]:
    """What is wrong with masks, whatever rows they are for. No row is read.

    datasets: all of the source; those that it has no more are passed over, unless they are masked. masks: by dataset.
    catalog: of this source, read just now.
    Raises EngineError when the source cannot tell, or a masked dataset does not fit it.
    """
    with source.connect() as connection:
        plan, fits = Plan(known_datasets(datasets, catalog, masks), ()), Fits(connection)
        return [
            Unfit(key, mask, problem)
            for key, each in masks.items()
            for mask in each
            for problem in _of(plan, key, mask, catalog, fits)
        ]


def _of(plan: Plan, key: str, mask: ColumnMask, catalog: Catalog, fits: Fits) -> Iterator[Problem]:
    dataset = plan.dataset(key)
    yield from of_mask(plan, mask, dataset, catalog.table(dataset.schema, dataset.table), catalog)
    yield from unfit_constant(mask, dataset, fits)
