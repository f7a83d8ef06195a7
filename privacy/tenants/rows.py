"""Questions written in SQL, for what every call asks: one by one, or several in one round trip.

The ORM composes a statement anew each time it is asked; for one row by its key that takes several times as long as the
answer. What comes is what the ORM would bring: the same instances, read by the same fields.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import models

from privacy.tenants.db import connection

AnyModel = TypeVar("AnyModel", bound=models.Model)
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Question(Generic[A]):
    """A statement that returns rows, and how they are read.

    Args:
        sql: written in the code and never made from what somebody sent.
        values: of its placeholders.
    """

    sql: str
    values: Sequence[Any]
    read: Callable[[list[tuple[Any, ...]]], A]


def ask(question: Question[A]) -> A:
    """The answer to one question."""
    (found,) = connection.at_once((question.sql, question.values))
    return question.read(found)


def ask_together(
    first: Question[A],
    second: Question[B],
    third: Question[C],
    fourth: Question[D],
    fifth: Question[E] | None = None,
) -> tuple[A, B, C, D, E | None]:
    """The answers to several questions in one round trip, asked in this order; see `DatabaseWrapper.at_once`.

    fifth: None where nobody needs to ask it; its answer is None then.
    """
    questions = [each for each in (first, second, third, fourth, fifth) if each is not None]
    found = connection.at_once(*((question.sql, question.values) for question in questions))
    last = fifth.read(found[4]) if fifth is not None else None
    return first.read(found[0]), second.read(found[1]), third.read(found[2]), fourth.read(found[3]), last


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
    return ask(rows_of(model, condition, values))


def rows_of(model: type[AnyModel], condition: str, values: Iterable[Any] = ()) -> Question[list[AnyModel]]:
    """The same, as a question to be asked together with others."""
    shape = _shape(model)

    def read(found: list[tuple[Any, ...]]) -> list[AnyModel]:
        return [model.from_db("default", shape.names, _read(row, shape)) for row in found]

    return Question(f"{shape.select} {condition}", list(values), read)


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
