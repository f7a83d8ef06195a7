"""The words in which rules are described before anybody knows in which source their tables are: names, no keys."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

Action = Literal["mask", "delete", "keep"]


@dataclass(frozen=True, slots=True)
class Join:
    """One step from a table to the table that tells whose row it is; the columns pair up in order."""

    from_columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]


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


@dataclass(frozen=True)
class RuleTemplate:
    """Rules that belong together, as organisations of one kind need them. `name` and `words` are for officers."""

    key: str
    name: str | Promise
    words: str | Promise
    rules: tuple[RetentionRule, ...]
