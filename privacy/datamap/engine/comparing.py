"""Whether a table can be asked what conditions ask of it, before anybody relies on them.

Danger: `id = abc` is stored and every plan fails, or a source that compares kindly finds no row, or the wrong ones.
Rule: each value is tried as what its column is, and each condition is put to the source as a plan would put it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import literal_column

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.errors import SourceRefused
from privacy.datamap.engine.introspect import complete
from privacy.datamap.engine.scoped import ScopedTable
from privacy.datamap.engine.source import Source, SourceConnection
from privacy.datamap.engine.spec import Column, Condition, DatasetSpec, Operator

_NO_VALUE, _NO_OPERATOR = "22", "42883"  # classes and codes of SQLSTATE


@dataclass(frozen=True)
class Incomparable:
    """A value of a condition that its column cannot be compared with. value: None where no value would do."""

    column: Column
    value: Any = field(repr=False)


def incomparable(
    source: Source, dataset: DatasetSpec, asked: Sequence[Condition], *, catalog: Catalog | None = None
) -> list[Incomparable]:
    """The values of conditions on a dataset that no row of it can be compared with. No row is read.

    catalog: of this source, read just now; None reads it.
    Raises EngineError when the source cannot tell, or has no such table or column.
    """
    with source.connect() as connection:
        completed = complete(dataset, catalog or connection.catalog())
        table = ScopedTable(completed, source.dialect)
        return [each for condition in asked for each in _of_condition(connection, table, condition)]


def is_no_comparison(error: SourceRefused) -> bool:
    """Whether a source refused a statement because the types in it cannot be compared."""
    return error.sqlstate[:2] == _NO_VALUE or error.sqlstate == _NO_OPERATOR


def _of_condition(connection: SourceConnection, table: ScopedTable, condition: Condition) -> Iterable[Incomparable]:
    column = table.dataset.column(condition.column)
    if unfit := [value for value in _values(condition) if not connection.comparable(value, column)]:
        return [Incomparable(column, value) for value in unfit]
    try:
        connection.rows(table.select(literal_column("1"), where=[table.meets(condition)]).limit(0))
    except SourceRefused as error:
        if not is_no_comparison(error):
            raise
        return [Incomparable(column, None)]
    return []


def _values(condition: Condition) -> Sequence[Any]:
    if condition.operator in (Operator.IS_NULL, Operator.IS_NOT_NULL):
        return ()
    return condition.value if condition.operator is Operator.IN else (condition.value,)
