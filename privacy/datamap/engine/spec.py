"""What the engine is told about a source: datasets, their scope, and how a row belongs to a person. Pure data."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.values import came_later, portable

Key = tuple[str, ...]
"""A primary key as the source itself writes it in text, one item per column. Opaque: never parsed, only handed back."""


class Operator(StrEnum):
    """How a column is compared with the fixed value of a condition."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    IN = "in"
    IS_NULL = "is null"
    IS_NOT_NULL = "is not null"


@portable
@dataclass(frozen=True)
class Condition:
    """A fixed comparison. A NULL in the column never satisfies one that compares with a value: unknown is not a match.

    Raises InvalidSpec when value and operator do not go together.
    """

    column: str
    operator: Operator
    value: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "operator", Operator(self.operator))
        if self.operator in (Operator.IS_NULL, Operator.IS_NOT_NULL):
            if self.value is not None:
                raise InvalidSpec(f"The condition on {self.column!r} ({self.operator}) takes no value.")
        elif self.operator is Operator.IN:
            object.__setattr__(self, "value", tuple(self.value or ()))
            if not self.value or None in self.value:
                raise InvalidSpec(f"The condition on {self.column!r} needs a list of one or more values, none NULL.")
        elif self.value is None:
            raise InvalidSpec(f"The condition on {self.column!r} compares with nothing; use 'is null'.")


ScopeCondition = Condition
"""Part of a dataset's scope: the rows of a shared table that are this organisation's to touch."""


@portable
@dataclass(frozen=True)
class Column:
    """A column as the source describes it. Callers give the name; introspection fills in the rest.

    type is the bare type, declared_type has its length or precision; max_length counts characters. set_on_update: the
    source writes the present time into it with every change of the row that does not name it. affinity: of SQLite, what
    it makes of values that are compared with the column: NUMERIC, TEXT or BLOB. collation: by which the source compares
    its texts, as statements name it; empty where two of them are equal only when they are the same. out_of_path: the
    schema of the operators by which the type compares, where our login does not look for any.
    """

    name: str
    type: str = ""
    declared_type: str = ""
    family: Family = Family.OTHER
    nullable: bool = True
    max_length: int | None = None
    generated: bool = False
    set_on_update: bool = False
    affinity: str = came_later("")
    collation: str = came_later("")
    out_of_path: str = came_later("")

    def __post_init__(self) -> None:
        object.__setattr__(self, "family", Family(self.family))


@portable
@dataclass(frozen=True)
class Identity:
    """A column that names the person. kind: email, phone, customer_id or any word the portal uses for identifiers."""

    column: str
    kind: str


@portable
@dataclass(frozen=True)
class Join:
    """One hop towards the person: columns of this dataset equal to_columns of the dataset named `to`."""

    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.columns or len(self.columns) != len(self.to_columns):
            raise InvalidSpec(f"The join to {self.to!r} pairs {len(self.columns)} with {len(self.to_columns)} columns.")


Path = tuple[Join, ...]
"""Hops from a dataset to another, in order."""


@portable
@dataclass(frozen=True)
class DatasetSpec:
    """One table of a source.

    key: the name by which joins, steps and results refer to it.
    scope: fixed conditions, part of every statement the engine ever sends about this table.
    identities: columns that name the person. paths: the other ways to a person, each ending at a dataset that has
    identities. A dataset may have both; a row belongs to a person when any of them says so.
    columns: as introspected; empty before (see introspect.complete).
    Raises InvalidSpec when there is no primary key or a name comes twice.
    """

    key: str
    schema: str
    table: str
    primary_key: tuple[str, ...]
    scope: tuple[Condition, ...] = ()
    identities: tuple[Identity, ...] = ()
    paths: tuple[Path, ...] = ()
    columns: tuple[Column, ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.primary_key:
            raise InvalidSpec(f"{self.name} has no primary key; rows without one cannot be processed in safe portions.")
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names) or len(set(self.primary_key)) != len(self.primary_key):
            raise InvalidSpec(f"{self.name} names a column twice.")
        if any(not path for path in self.paths):
            raise InvalidSpec(f"{self.name} has an empty path; leave it out.")

    @property
    def name(self) -> str:
        """schema.table, for messages."""
        return f"{self.schema}.{self.table}"

    def column(self, name: str) -> Column:
        """The column of that name. Raises InvalidSpec, naming table and column, when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise InvalidSpec(f"{self.name} has no column {name!r}; read the source's tables again or correct the name.")
