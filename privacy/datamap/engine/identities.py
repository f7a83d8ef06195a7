"""Streaming the columns that name people, for comparison with fingerprints that only the portal can compute.

Danger: a table of millions of people read into memory. Rule: a cursor of the server, batch by batch; the caller keeps
nothing but the keys of rows that matched.
"""

from collections.abc import Generator, Sequence
from typing import Any

from sqlalchemy import not_, or_
from sqlalchemy.engine import Row

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.introspect import complete
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.selection import Protection
from privacy.datamap.engine.source import Source
from privacy.datamap.engine.spec import DatasetSpec, Key

BATCH_ROWS = 5_000


def stream_identities(
    source: Source,
    datasets: Sequence[DatasetSpec],
    dataset: str,
    columns: Sequence[str],
    *,
    unless: Sequence[Protection] = (),
    only: Sequence[Key] | None = None,
    in_order: bool = False,
    after: Key | None = None,
    batch_rows: int = BATCH_ROWS,
) -> Generator[Sequence[Row[Any]], None, None]:
    """Rows of a dataset in batches: the primary key first, then the columns, all as text; NULL stays None.

    datasets: all that paths may lead through. columns: names of identity columns; rows in which all of them are NULL
    are left out. unless: what keeps rows lawfully; these are left out too. only: keys of the rows to read; None reads
    all. in_order: by primary key. after: only rows beyond this key, so that a look can be taken up again.
    Consume or close the iterator: it holds a connection.
    Raises InvalidSpec when the data map does not fit, SourceUnreachable, SourceRefused.
    """
    with source.connect() as connection:
        predicates = Predicates(
            _completed(datasets, dataset, unless, connection.catalog()), source.dialect, source.mask_key
        )
        table, completed = predicates.table(dataset), predicates.dataset(dataset)
        elements = [table.element(name) for name in columns]
        what = [source.dialect.key_as_text(*each) for each in zip(table.key, table.key_columns, strict=True)]
        what += [source.dialect.readable(table.element(name), completed.column(name)) for name in columns]
        where = [or_(*(element.is_not(None) for element in elements))]
        if unless:
            where.append(not_(predicates.is_protected(table, unless)))
        if only is not None:
            where.append(source.dialect.is_one_of(table.key, table.key_columns, only))
        where += source.dialect.between(table.key, table.key_columns, after, None)
        rows = table.select(*what, where=where)
        yield from connection.stream(rows.order_by(*table.key) if in_order else rows, batch=batch_rows)


def _completed(
    datasets: Sequence[DatasetSpec], dataset: str, unless: Sequence[Protection], catalog: Catalog
) -> list[DatasetSpec]:
    """Only what the statement names: another table that does not fit any more is no reason not to read this one."""
    named = {dataset, *(join.to for protection in unless for join in protection.since.path)}
    return [complete(each, catalog) for each in datasets if each.key in named]
