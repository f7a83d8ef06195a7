"""What can go wrong between us and a source, in words that hold no row values.

Danger: a database quotes the offending row in its message ("Key (email)=(ama@...) already exists"). Rule: the driver's
message never leaves this package; only its SQLSTATE and the names of schema objects do.
"""

from dataclasses import dataclass
from enum import StrEnum


class EngineError(Exception):
    """Anything the engine raises. `retryable` tells a worker whether trying the same again later can help."""

    retryable = False


class InvalidSpec(EngineError):
    """A dataset, mask or selection contradicts itself; the message says which and what to write instead."""


class SourceUnreachable(EngineError):
    """No connection, or it broke. Nothing is known about the last statement until the source is asked."""

    retryable = True


class SourceBusy(EngineError):
    """Locks, deadlocks, timeouts: other work was in the way."""

    retryable = True


class SourceLocked(SourceBusy):
    """A row or table lock was not granted within the lock timeout."""


class SourceTooSlow(SourceBusy):
    """A statement ran into the statement timeout."""


class SourceRefused(EngineError):
    """The source said no: privilege, constraint, type. Trying again without a change there will fail again."""

    def __init__(self, message: str, *, sqlstate: str = "") -> None:
        super().__init__(message)
        self.sqlstate = sqlstate


class UnsupportedSource(EngineError):
    """The product or version of the source is one the engine cannot promise anything for."""


class Trouble(StrEnum):
    """What a column can have against a mask."""

    COMPUTED = "computed"
    TYPE = "type"
    TOO_SHORT = "too_short"
    NOT_NULL = "not_null"
    LOAD_BEARING = "load_bearing"
    UNIQUE = "unique"
    CONSTANT = "constant"
    CONSTANT_DAY = "constant day"


@dataclass(frozen=True)
class Problem:
    """One reason why a plan is refused: where (schema.table or schema.table.column), what, and what to do.

    trouble: what it is, where it is about a mask. instead: common masks that the column would take. widening: whether
    it would take more if it were longer. is_referred_to: rows that stay refer to some that would go.
    """

    where: str
    what: str
    remedy: str
    trouble: Trouble | None = None
    instead: tuple[str, ...] = ()
    widening: bool = False
    is_referred_to: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.remedy}"


class PlanRefused(EngineError):
    """The plan cannot be carried out as asked. Lists every problem, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Mismatch:
    """A step whose rows are no longer the rows that were approved."""

    step: str
    planned: int
    found: int

    def __str__(self) -> str:
        return f"{self.step}: {self.planned} rows planned, {self.found} found"


class PlanNoLongerMatches(EngineError):
    """The data changed between approval and execution. Plan again and have the new plan approved."""

    def __init__(self, mismatches: tuple[Mismatch, ...]) -> None:
        listed = "; ".join(str(mismatch) for mismatch in mismatches)
        super().__init__(f"The data changed since the plan was made ({listed}). Make a new plan and have it approved.")
        self.mismatches = mismatches


class LeaseLost(EngineError):
    """Another worker owns the run now. Stop at once: whatever is unfinished is theirs to resolve."""


class OutcomePending(SourceBusy):
    """A transaction of an earlier worker is still open in the source; what became of it cannot be told yet."""
