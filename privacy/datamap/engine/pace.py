"""How many rows at a time: large enough to be fast, small enough to be kind to the source's other users."""

import time
from dataclasses import dataclass

from privacy.datamap.engine.journal import Clock
from privacy.datamap.engine.plan import Action, Step


@dataclass(frozen=True)
class Limits:
    """Bounds of a run. Times in seconds unless the name says milliseconds; windows in rows.

    first_window: of a table whose pace nobody knows. It holds its locks for a second where each row costs 5 ms.
    together: rows of small steps that share a transaction, no more than the largest window. One person has few rows in
    many tables: each step on its own would cost more than its rows.
    rounds: passes over the plan in one call of run. attempts: tries of one chunk after locks and deadlocks. lanes: how
    many transactions may be under way in the source at once.
    """

    lanes: int = 2
    first_window: int = 200
    smallest_window: int = 10
    largest_window: int = 20_000
    together: int = 2_000
    target_seconds: float = 0.5
    lock_timeout_ms: int = 2_000
    statement_timeout_ms: int = 30_000
    rounds: int = 5
    attempts: int = 3
    pause_seconds: float = 0.5
    outcome_wait_seconds: float = 10.0

    @classmethod
    def fixed(cls, rows: int) -> "Limits":
        """Windows of exactly this many rows, one after the other."""
        return cls(lanes=1, first_window=rows, smallest_window=rows, largest_window=rows)


class Pace:
    """The window size, moved towards target_seconds per transaction: at once to fewer rows, in steps to more.

    Danger: a chunk of a table with a slow trigger holds its locks for long, and a hold or a pause that is placed
    meanwhile comes too late for it. Rule: nothing takes more than four times the rows that were done well within the
    time.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.window = limits.first_window

    def record(self, *, rows: int, of: int, seconds: float) -> None:
        """Learn from a chunk.

        Args:
            rows: changed by it. of: in its window; more than were changed where somebody let only some of them go.
        """
        target = self._limits.target_seconds
        fitting = int(rows * target / max(seconds, 0.001))
        if fitting >= self.window:
            steps = 4 if seconds <= target / 4 else 2
            self._set(max(self.window, min(fitting, of * steps)))
        elif rows * 2 >= self.window:
            self._set(fitting)
        elif seconds > target:  # few rows and long: perhaps it waited for something
            self._set(max(fitting, self.window // 2))

    def shrink(self) -> bool:
        """After a statement that ran into its timeout: to what fits by that, to half at least. False when the window is
        as small as allowed already.
        """
        if self.window <= self._limits.smallest_window:
            return False
        fitting = self.window * self._limits.target_seconds * 1_000 / self._limits.statement_timeout_ms
        self._set(min(self.window // 2, int(fitting)))
        return True

    def _set(self, rows: int) -> None:
        self.window = min(self._limits.largest_window, max(self._limits.smallest_window, rows))


class Paces:
    """What a run knows of the tables of a source: what is quick in one of them may be slow in the next."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: dict[tuple[str, Action], Pace] = {}

    def of(self, step: Step) -> Pace:
        """The pace of a step's table under its action, as earlier chunks left it."""
        return self._known.setdefault((step.dataset, step.action), Pace(self._limits))


class Allotment:
    """The time that one call of the engine has.

    Danger: before its first change a call reads the source, which may take longer than a slice; a call that then gives
    up, and is called again, never comes to an end. Rule: the time is not up before this call has begun something.
    """

    def __init__(self, clock: Clock, seconds: float | None) -> None:
        """seconds: from now on; None: no limit."""
        self._clock = clock
        self._deadline = None if seconds is None else clock.monotonic() + seconds
        self._has_begun = False

    def begin(self) -> None:
        """Something is done now that the next call will not have to do again."""
        self._has_begun = True

    @property
    def is_up(self) -> bool:
        return self._has_begun and self._deadline is not None and self._clock.monotonic() >= self._deadline


class SystemClock:
    """The machine's own clock."""

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
