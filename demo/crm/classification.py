"""The words in which a sample database is described to the data map: tables, columns, masks, paths.

Plain data without behaviour of its own. `demo/crm/catalogue.py` holds the two descriptions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from retention.ready_made.described import Action, Join, RetentionRule

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
class Table:
    """A table. A person is found in it by an identifying column or, where it has none, along `subject_path`.

    Erasing a person does `on_erasure` to their rows. `scope` names column and value of the only rows that may be
    touched. `time_columns` can start or bound a period; `created_column` says when a row came about.
    """

    name: str
    label: str
    primary_key: tuple[str, ...]
    on_erasure: Action
    columns: tuple[Column, ...]
    scope: tuple[tuple[str, str], ...] = ()
    subject_path: tuple[Join, ...] = ()
    time_columns: tuple[str, ...] = ()
    created_column: str = ""

    def column(self, name: str) -> Column:
        """Give the column of this name, or raise KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


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
