"""Columns that a decision refused, as the package names them among what does not go along.

Danger: a ground that must stay secret shows by the column that it kept (PIPEDA s. 9(2.4)).
Rule: only what the letter may tell is named, and only where the person had data when it was decided.
"""

from collections.abc import Iterator

from privacy.datamap.asking import databases
from privacy.datamap.models import Dataset, Field, SourceKind
from privacy.datamap.specs import datasets_of
from requests.deciding.cut import Cut
from requests.deciding.found import place_of
from requests.deciding.grounds import may_be_told


def refused_columns(cut: Cut) -> Iterator[Field]:
    """Each with its dataset and source at hand, source by source."""
    if not cut:
        return
    for source in databases():
        if source.kind == SourceKind.PORTAL:  # named as a whole
            continue
        for dataset in datasets_of(source):
            yield from (field for field in dataset.fields.all() if _is_named(cut, dataset, field))


def _is_named(cut: Cut, dataset: Dataset, field: Field) -> bool:
    line = cut.line_of(dataset.source_id, dataset.key, field.category)
    if line is None or not cut.leaves_out(dataset, field) or not may_be_told(line.ground):
        return False
    return field.column in line.seen.get(place_of(dataset.source_id, dataset.key), ())
