"""Streaming the columns that name people, for comparison with fingerprints that only the portal can compute.

Danger: a table of millions of people read into memory. Rule: a cursor of the server, batch by batch; the caller keeps
nothing but the keys of rows that matched.
"""

from collections.abc import Generator, Sequence
from typing import Any

from sqlalchemy import or_
from sqlalchemy.engine import Row

from privacy.datamap.engine.introspect import complete
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.source import Source
from privacy.datamap.engine.spec import DatasetSpec, Key

BATCH_ROWS = 5_000


def stream_identities(
    source: Source,
    dataset: DatasetSpec,
    columns: Sequence[str],
    *,
    only: Sequence[Key] | None = None,
    in_order: bool = False,
    after: Key | None = None,
    batch_rows: int = BATCH_ROWS,
) -> Generator[Sequence[Row[Any]], None, None]:
    """Rows of a dataset in batches: the primary key first, then the columns, all as text; NULL stays None.

    columns: names of identity columns; rows in which all of them are NULL are left out. only: keys of the rows to read;
    None reads all. in_order: by primary key. after: only rows beyond this key, so that a look can be taken up again.
    Consume or close the iterator: it holds a connection.
    Raises InvalidSpec when the data map does not fit, SourceUnreachable, SourceRefused.
    """
    as_text = source.dialect.key_as_text
    with source.connect() as connection:
        completed = complete(dataset, connection.catalog())
        table = Predicates([completed], source.dialect, source.mask_key).table(completed.key)
        elements = [table.element(name) for name in columns]
        described = (*table.key_columns, *(completed.column(name) for name in columns))
        what = [as_text(*each) for each in zip((*table.key, *elements), described, strict=True)]
        where = [or_(*(element.is_not(None) for element in elements))]
        if only is not None:
            where.append(source.dialect.is_one_of(table.key, table.key_columns, only))
        where += source.dialect.between(table.key, table.key_columns, after, None)
        rows = table.select(*what, where=where)
        yield from connection.stream(rows.order_by(*table.key) if in_order else rows, batch=batch_rows)
