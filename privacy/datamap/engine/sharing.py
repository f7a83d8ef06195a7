"""One large step for several workers: ranges of the primary key, each with an owner of its own.

Danger: a row that lies in two ranges, or in none. Rule: the source itself compares keys; a range is lower < key <=
upper, the next one begins where it ends, and the first and the last are open. Rows that come while the parts are at
work are nobody's concern but the whole step's, which is passed over once more when all parts are done.
"""

from dataclasses import dataclass
from typing import Protocol

from privacy.datamap.engine.plan import Step
from privacy.datamap.engine.selection import Held
from privacy.datamap.engine.source import SourceConnection
from privacy.datamap.engine.spec import Key
from privacy.datamap.engine.statements import StepStatements
from privacy.datamap.engine.values import portable


@portable
@dataclass(frozen=True)
class Part:
    """Rows of a step with lower < key <= upper (None: open). number: from one. expected: rows when it was cut."""

    number: int
    lower: Key | None
    upper: Key | None
    expected: int


WHOLE = Part(0, None, None, 0)


class Sharing(Protocol):
    """Other workers. Asked for a step in its first round only, before anything of it is done."""

    def parts_for(self, step: Step) -> int:
        """Into how many parts the step should be cut; one or less leaves it whole."""

    def hand_out(self, step: Step, parts: tuple[Part, ...]) -> None:
        """Store the parts, and have somebody work on each. Survives a crash as a whole or not at all."""

    def is_under_way(self, step: Step) -> bool:
        """Whether a part is not at its end yet; sees to it that somebody works on each that is not."""


def cut(
    connection: SourceConnection, statements: StepStatements, step: Step, *, into: int, held: Held
) -> tuple[Part, ...]:
    """Ranges with about as many matching rows each; together they are every key there is, and no key twice.

    into: how many at most; fewer where the rows have become fewer.
    """
    size = max(1, -(-step.expected_count // into))
    lower: Key | None = None
    parts: list[Part] = []
    while len(parts) < into - 1:
        window = statements.next_window(connection, lower, None, size, held)
        if window is None or window.rows < size:
            break
        parts.append(Part(len(parts) + 1, lower, window.upper, window.rows))
        lower = window.upper
    left = max(0, step.expected_count - sum(part.expected for part in parts))
    return (*parts, Part(len(parts) + 1, lower, None, left))
