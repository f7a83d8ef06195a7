"""Reading everything about one person, for the access package: streamed, so that memory stays flat."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.introspect import complete
from privacy.datamap.engine.plan import Plan
from privacy.datamap.engine.planner import resolve_subject
from privacy.datamap.engine.selection import SubjectKeys
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.engine.spec import DatasetSpec
from privacy.datamap.models import Dataset, Field
from privacy.datamap.opening import open_for_engine
from privacy.datamap.specs import is_about_people, specs_of
from privacy.datamap.subject_plan import active_sources, identifiers_of
from privacy.subjects.models import Subject

BATCH_ROWS = 500


@dataclass(frozen=True)
class SubjectDataset:
    """The person's rows in one dataset. Read `rows` to the end, or not at all, before asking for the next dataset.

    fields: in the order of the values in each row.
    """

    dataset: Dataset
    fields: tuple[Field, ...]
    rows: Iterator[Sequence[Any]]

    @property
    def labels(self) -> list[str]:
        return [each.label or each.column for each in self.fields]


def subject_rows(*, subject: Subject) -> Iterator[SubjectDataset]:
    """Everything about a person in every active source that is a database, dataset by dataset.

    Raises:
        DatamapIncomplete: nobody can say yet where the person's data is.
        EngineError: a source cannot be reached or read.
    """
    identifiers = identifiers_of(subject)
    for source, datasets in active_sources():
        specs = specs_of(datasets)
        with open_for_engine(source) as engine:
            keys = resolve_subject(engine, specs, identifiers)
            for dataset in filter(is_about_people, datasets):
                fields = tuple(dataset.fields.all())
                yield SubjectDataset(dataset, fields, _rows(engine, specs, dataset.key, fields, keys))


def _rows(
    engine: EngineSource, specs: list[DatasetSpec], key: str, fields: tuple[Field, ...], keys: SubjectKeys
) -> Iterator[Sequence[Any]]:
    with engine.connect() as connection:
        catalog = connection.catalog()
        plan = Plan(tuple(complete(spec, catalog) for spec in specs), ())
        predicates = predicates_of(plan, engine)
        table = predicates.table(key)
        what = [table.element(each.column) for each in fields]
        statement = table.select(*what, where=[predicates.selected(table, keys)]).order_by(*table.key)
        for batch in connection.stream(statement, batch=BATCH_ROWS):
            yield from (tuple(row) for row in batch)
