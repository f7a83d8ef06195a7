"""Children before parents: the order in which steps can run without a row losing the way to its person."""

from collections.abc import Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from privacy.datamap.engine.catalog import ForeignKey
from privacy.datamap.engine.errors import PlanRefused, Problem
from privacy.datamap.engine.selection import OlderThan, Selection
from privacy.datamap.engine.spec import DatasetSpec

Edge = tuple[str, str]
"""Child dataset, parent dataset."""


def edges_between(
    datasets: Collection[DatasetSpec], foreign_keys: Iterable[ForeignKey], selections: Mapping[str, Selection]
) -> set[Edge]:
    """Who refers to whom, by real foreign keys, by declared paths and by the selections' paths."""
    of_table: dict[tuple[str, str], list[str]] = {}
    for dataset in datasets:
        of_table.setdefault((dataset.schema, dataset.table), []).append(dataset.key)
    edges = {
        (child, parent)
        for key in foreign_keys
        for child in of_table.get((key.schema, key.table), ())
        for parent in of_table.get((key.to_schema, key.to_table), ())
        if (key.schema, key.table) != (key.to_schema, key.to_table)
    }
    paths = [(dataset.key, path) for dataset in datasets for path in dataset.paths]
    paths += [(key, selection.path) for key, selection in selections.items() if isinstance(selection, OlderThan)]
    for start, path in paths:
        stops = [start, *(join.to for join in path)]
        edges |= {(child, parent) for child, parent in pairwise(stops) if child != parent}
    return edges


def children_first(names: Collection[str], edges: Collection[Edge], deleted: Collection[str]) -> list[str]:
    """All names, every child before its parents.

    Where tables refer to each other in a ring, only the edges that lead to a dataset being deleted must be honoured.
    Raises PlanRefused, naming the ring, when even those cannot be.
    """
    try:
        return _sorted(names, edges)
    except CycleError:
        pass
    try:
        return _sorted(names, {edge for edge in edges if edge[1] in deleted})
    except CycleError as error:
        ring = " -> ".join(reversed(error.args[1]))
        raise PlanRefused(
            (Problem(ring, "These tables refer to each other in a ring and cannot be deleted one after the other.",
                     "Mask one of them instead of deleting it."),)
        ) from None  # fmt: skip


def _sorted(names: Collection[str], edges: Collection[Edge]) -> list[str]:
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(sorted(names), ()))
    for child, parent in sorted(edges):
        sorter.add(parent, child)
    return [name for name in sorter.static_order() if name in names]
