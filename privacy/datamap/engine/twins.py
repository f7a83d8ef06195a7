"""Whether a way by a column that is no key leads from a person's rows to those of somebody else.

Danger: a column that compares kindly ('c-AbC' equals 'c-aBc') and may repeat holds both values, of two people. The
source links the rows of each with both, so one of them would be given or erased the rows of the other. Rule: where
that is so for a person, nothing is done; which rows are whose, only the source's people can say. A key holds a value
once, and an address in other capitals names the same person, so neither is a trouble.
"""

from collections.abc import Iterable, Iterator

from privacy.datamap.engine.errors import Problem
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.selection import SubjectKeys
from privacy.datamap.engine.source import SourceConnection
from privacy.datamap.engine.spec import DatasetSpec, Join


def mistaken(
    datasets: Iterable[DatasetSpec], selection: SubjectKeys, connection: SourceConnection, predicates: Predicates
) -> Iterator[Problem]:
    """Columns by which ways of these datasets would lead from the people to rows of others."""
    ways = dict.fromkeys(join for dataset in datasets for path in dataset.paths for join in path)
    for join in {(each.to, each.to_columns): each for each in ways}.values():
        end = predicates.dataset(join.to)
        if _may_repeat(end, join) and connection.number(predicates.taken_for(selection, join)):
            where = f"{end.name}.{', '.join(join.to_columns)}"
            what = (
                "For the source a value of the person equals one of somebody else, written otherwise (as in other "
                "capitals): rows of that person would be taken as well."
            )
            yield Problem(where, what, "Link by the primary key, or have the values made different in the source.")


def _may_repeat(end: DatasetSpec, join: Join) -> bool:
    """Whether it is no key, and holds texts: numbers and times are equal only when they are the same."""
    texts = any(end.column(name).family in (Family.TEXT, Family.OTHER) for name in join.to_columns)
    return texts and not set(end.primary_key) <= set(join.to_columns)
