"""Everything a source holds about a person, streamed: memory does not grow with the number of rows."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.dialects.base import Dialect
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.introspect import complete
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.scoped import ScopedTable
from privacy.datamap.engine.selection import SubjectKeys
from privacy.datamap.engine.source import Source, SourceConnection
from privacy.datamap.engine.spec import DatasetSpec
from privacy.datamap.engine.twins import mistaken

AS_THEY_ARE = frozenset({Family.TEXT, Family.NUMBER, Family.BOOLEAN})


@dataclass(frozen=True)
class Batch:
    """Some rows of one dataset, in key order. columns name the items of each row."""

    dataset: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


def export_subject(
    source: Source,
    datasets: Sequence[DatasetSpec],
    selection: SubjectKeys,
    *,
    columns: Mapping[str, Sequence[str]] | None = None,
    only: Container[str] | None = None,
    catalog: Catalog | None = None,
    batch_rows: int = 2_000,
) -> Iterator[Batch]:
    """All rows of the person, dataset after dataset in the order given.

    columns: by dataset key, which columns and in which order; a dataset not named gives all of them. Text, numbers and
    booleans come as they are, everything else as text in ISO notation (a date may lie beyond what Python can hold).
    only: keys of the datasets to read; the others show the way to them. catalog: of this source, read just now.
    Consume or close the iterator: it holds a connection. Raises InvalidSpec (also where rows of others would be given),
    SourceUnreachable, SourceRefused.
    """
    chosen = columns or {}
    with source.connect() as connection:
        described = catalog or connection.catalog()
        completed = [complete(dataset, described) for dataset in datasets]
        predicates = Predicates(completed, source.dialect, source.mask_key)
        _check_own(completed, selection, connection, predicates, only)
        for dataset in completed:
            if only is not None and dataset.key not in only:
                continue
            wanted = chosen.get(dataset.key) or [column.name for column in dataset.columns]
            table = predicates.table(dataset.key)
            what = [_readable(table, name, source.dialect) for name in wanted]
            statement = table.select(*what, where=[predicates.selected(table, selection)]).order_by(*table.key)
            for rows in connection.stream(statement, batch=batch_rows):
                yield Batch(dataset.key, tuple(wanted), rows)


def _check_own(
    datasets: Sequence[DatasetSpec],
    selection: SubjectKeys,
    connection: SourceConnection,
    predicates: Predicates,
    only: Container[str] | None,
) -> None:
    read = [each for each in datasets if only is None or each.key in only]
    for problem in mistaken(read, selection, connection, predicates):
        raise InvalidSpec(str(problem))


def _readable(table: ScopedTable, name: str, dialect: Dialect) -> ColumnElement[Any]:
    element, column = table.element(name), table.dataset.column(name)
    return element if column.family in AS_THEY_ARE else dialect.readable(element, column).label(name)
