"""Reading everything about one person, for the access package: streamed, so that memory stays flat."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.export import export_subject
from privacy.datamap.engine.introspect import complete, read_catalog
from privacy.datamap.engine.planner import resolve_subject
from privacy.datamap.engine.reviving import revived
from privacy.datamap.engine.selection import SubjectKeys
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.engine.spec import DatasetSpec
from privacy.datamap.models import DataCategory, Dataset, Field
from privacy.datamap.opening import open_for_engine
from privacy.datamap.specs import is_about_people, specs_of
from privacy.datamap.subject_plan import active_sources, identifiers_of
from privacy.subjects.models import Subject

BATCH_ROWS = 500

Wanted = Callable[[Dataset, Field], bool]


@dataclass(frozen=True)
class SubjectDataset:
    """The person's rows in one dataset. Read `rows` to the end, or not at all, before asking for the next dataset.

    fields: in the order of the values in each row.
    """

    dataset: Dataset
    fields: tuple[Field, ...]
    rows: Generator[Sequence[Any], None, None]

    @property
    def labels(self) -> list[str]:
        return [each.label or each.column for each in self.fields]


def everything(_dataset: Dataset, _field: Field) -> bool:
    """Every column is read."""
    return True


def subject_rows(*, subject: Subject, wanted: Wanted = everything) -> Generator[SubjectDataset, None, None]:
    """Everything about a person in every active source that is a database, dataset by dataset.

    Args:
        wanted: which columns are read. The others are not asked for, and a dataset of which nothing but keys would be
            left is not read at all.

    Raises:
        DatamapIncomplete: nobody can say yet where the person's data is.
        EngineError: a source cannot be reached or read.
    """
    identifiers = identifiers_of(subject)
    for source, datasets in active_sources():
        specs = specs_of(datasets)
        with open_for_engine(source) as engine:
            catalog = read_catalog(engine)
            keys = resolve_subject(engine, specs, identifiers, catalog=catalog)
            for dataset in filter(is_about_people, datasets):
                fields = tuple(each for each in dataset.fields.all() if wanted(dataset, each))
                if wanted is not everything and all(each.category == DataCategory.KEY for each in fields):
                    continue
                yield SubjectDataset(dataset, fields, _rows(engine, specs, dataset.key, fields, keys, catalog))


def _rows(
    engine: EngineSource,
    specs: Sequence[DatasetSpec],
    key: str,
    fields: Sequence[Field],
    keys: SubjectKeys,
    catalog: Catalog,
) -> Generator[Sequence[Any], None, None]:
    described = complete(next(spec for spec in specs if spec.key == key), catalog)
    columns = [described.column(each.column) for each in fields]
    names = {key: [each.column for each in fields]}
    for batch in export_subject(engine, specs, keys, columns=names, only=[key], catalog=catalog, batch_rows=BATCH_ROWS):
        for row in batch.rows:
            yield tuple(revived(value, column) for value, column in zip(row, columns, strict=True))
