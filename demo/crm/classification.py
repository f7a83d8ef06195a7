"""The words in which a sample database is described to the data map: tables, columns, masks, paths, retention rules.

Plain data without behaviour of its own. `demo/crm/catalogue.py` holds the two descriptions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

Category = Literal[
    "identity",
    "contact",
    "financial",
    "communication",
    "technical",
    "employment",
    "decision",
    "free text",
    "business",
    "key",
]
Strategy = Literal[
    "keep", "null", "constant", "token", "random", "generalise_date", "generalise_ip", "generalise_number",
    "generalise_postcode", "email", "phone", "delete_row",
]  # fmt: skip
IdentifierKind = Literal["email", "phone", "customer_id"]
Action = Literal["mask", "delete", "keep"]


@dataclass(frozen=True, slots=True)
class Mask:
    """What becomes of a value. `reason` says why it may stay, and is given exactly when the strategy is keep."""

    strategy: Strategy
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is, whose business it serves, what erasure and retention do to it.

    `identifies` is set when a person may be looked up by this column.
    """

    name: str
    label: str
    category: Category
    purpose: str
    on_erasure: Mask
    on_retention: Mask
    identifies: IdentifierKind | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """One step from a table to the table that tells whose row it is; the columns pair up in order."""

    from_columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table. A person is found in it by an identifying column or, where it has none, along `subject_path`.

    Erasing a person does `on_erasure` to their rows. `scope` names column and value of the only rows that may be
    touched. `time_columns` can start or bound a period.
    """

    name: str
    label: str
    primary_key: tuple[str, ...]
    on_erasure: Action
    columns: tuple[Column, ...]
    scope: tuple[tuple[str, str], ...] = ()
    subject_path: tuple[Join, ...] = ()
    time_columns: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Give the column of this name, or raise KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time; with `from_end_of_year` it is counted from the end of the year in which it starts."""

    amount: int
    unit: Literal["days", "months", "years"]
    from_end_of_year: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What a rule does to a table, and the way from its rows to the row that starts the period."""

    table: str
    action: Action
    path: tuple[Join, ...] = ()


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long rows stay. A minimum protects them until it is over; a maximum acts on them once it is over.

    A minimum that protects rows forbids to delete them but lets them be masked; one that protects values forbids both;
    the targets of either have the action keep. The period starts at `start_column` of `start_table`, for rows in which
    `conditions` (column, value) hold; `event` says what that date is (`retention.enums.StartEvent`). Targets stand
    children first, the order in which rows can be deleted.
    """

    key: str
    label: str
    basis: str
    kind: Literal["minimum", "maximum"]
    start_table: str
    start_column: str
    period: Period
    targets: tuple[Target, ...]
    conditions: tuple[tuple[str, str | bool], ...] = ()
    protects: Literal["rows", "values"] | None = None
    event: str = "other"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the data map has to know about one sample database."""

    name: str
    schema: str
    purposes: tuple[str, ...]
    tables: tuple[Table, ...]
    rules: tuple[RetentionRule, ...]

    def table(self, name: str) -> Table:
        """Give the table of this name, or raise KeyError."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(f"{self.name} has no table {name}")
