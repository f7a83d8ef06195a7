"""Rows of a model by a condition written in SQL, for the few questions that every call asks.

The ORM composes a statement anew each time it is asked; for one row by its key that takes several times as long as the
answer. What comes is what the ORM would bring: the same instances, read by the same fields.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from django.db import models

from privacy.tenants.db import connection

AnyModel = TypeVar("AnyModel", bound=models.Model)


class _Shape(NamedTuple):
    """How a model's rows are asked for and read."""

    select: str
    names: list[str]
    readers: list[tuple[int, Any, Any]]  # place of a column, its expression, what makes its value


def rows(model: type[AnyModel], condition: str, values: Iterable[Any] = ()) -> list[AnyModel]:
    """The rows for which a condition holds.

    Args:
        condition: what follows FROM and the table's name: `WHERE ...` or `JOIN ...`; written in the code and never made
            from what somebody sent.
        values: of its placeholders.
    """
    shape = _shape(model)
    with connection.cursor() as cursor:
        cursor.execute(f"{shape.select} {condition}", list(values))
        return [model.from_db("default", shape.names, _read(row, shape)) for row in cursor.fetchall()]


def _read(row: Sequence[Any], shape: _Shape) -> list[Any]:
    values = list(row)
    for place, expression, reader in shape.readers:
        values[place] = reader(values[place], expression, connection)
    return values


@lru_cache(maxsize=64)
def _shape(model: type[models.Model]) -> _Shape:
    fields, table = model._meta.concrete_fields, model._meta.db_table
    columns = ", ".join(f'"{table}"."{field.column}"' for field in fields)
    readers = [
        (place, field.cached_col, reader)
        for place, field in enumerate(fields)
        for reader in field.get_db_converters(connection)
    ]
    select = f'SELECT {columns} FROM "{table}"'  # noqa: S608
    return _Shape(select, [field.attname for field in fields], readers)
