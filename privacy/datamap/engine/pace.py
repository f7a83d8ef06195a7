"""How many rows at a time: large enough to be fast, small enough to be kind to the source's other users."""

import time
from dataclasses import dataclass

from privacy.datamap.engine.journal import Clock


@dataclass(frozen=True)
class Limits:
    """Bounds of a run. Times in seconds unless the name says milliseconds; windows in rows.

    rounds: passes over the plan in one call of run. attempts: tries of one chunk after locks and deadlocks. lanes: how
    many transactions may be under way in the source at once.
    """

    lanes: int = 2
    first_window: int = 5_000
    smallest_window: int = 100
    largest_window: int = 20_000
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
    """The window size, moved towards target_seconds per transaction: to twice the rows of a chunk at most, or half."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.window = limits.first_window

    def record(self, *, rows: int, seconds: float) -> None:
        """Learn from a chunk. One that was not half full teaches nothing about the next."""
        if rows * 2 < self.window:
            return
        factor = min(2.0, max(0.5, self._limits.target_seconds / max(seconds, 0.001)))
        self._set(int(rows * factor))

    def halve(self) -> bool:
        """After a statement that took too long. False when the window is as small as allowed already."""
        if self.window <= self._limits.smallest_window:
            return False
        self._set(self.window // 2)
        return True

    def _set(self, rows: int) -> None:
        self.window = min(self._limits.largest_window, max(self._limits.smallest_window, rows))


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
