"""Which rows come next: windows in key order, and those that have to be done once more."""

from collections import deque
from dataclasses import dataclass, replace

from privacy.datamap.engine.pace import Pace
from privacy.datamap.engine.selection import NOBODY_HELD, Held
from privacy.datamap.engine.source import SourceConnection
from privacy.datamap.engine.spec import Key
from privacy.datamap.engine.statements import StepStatements


@dataclass(frozen=True)
class Span:
    """Rows with lower < key <= upper (None: open). rows: as many matched when it was measured.

    attempt: the how-manieth try. to_be_measured: too much for one transaction, to be cut into windows.
    """

    lower: Key | None
    upper: Key | None
    rows: int
    attempt: int = 1
    skips_locked: bool = False
    to_be_measured: bool = False


class Windows:
    """Hands out spans until none are left. Measures the next one while the source is busy with the present one.

    lower, upper: only rows with lower < key <= upper (None: open).
    """

    def __init__(
        self,
        statements: StepStatements,
        connection: SourceConnection,
        pace: Pace,
        *,
        lower: Key | None = None,
        upper: Key | None = None,
    ) -> None:
        self._lower = lower
        self._upper = upper
        self._statements = statements
        self._connection = connection
        self._pace = pace
        self._again: deque[Span] = deque()
        self._next: Span | None = None
        self._held: Held = NOBODY_HELD
        self._at_end = False
        self._all_in_one: int | None = None
        self.reached: Key | None = lower

    @property
    def exhausted(self) -> bool:
        return self._at_end and not self._again and self._next is None

    def expect(self, rows: int) -> None:
        """The step is fresh and should have this many rows: if they fit one window, nothing needs measuring."""
        if rows < self._pace.window:
            self._all_in_one = rows

    def go_on_after(self, reached: Key | None) -> None:
        """Earlier windows reached as far as this; None: to the end."""
        self.reached = reached
        self._at_end = reached is None

    def put_back(self, span: Span) -> None:
        """Do this one again."""
        self._again.append(span)

    def take(self, held: Held) -> Span | None:
        """The next span, None when there are no more rows."""
        self._held = held
        while self._again:
            span = self._again.popleft()
            if not span.to_be_measured:
                return span
            if (cut := self._cut(span)) is not None:
                return cut
        if self._all_in_one is not None:
            span = Span(self._lower, self._upper, self._all_in_one)
            self._all_in_one, self._at_end, self.reached = None, True, None
            return span
        self._measure_anew_if_too_large()
        self.look_ahead()
        following, self._next = self._next, None
        if following is not None:
            self.reached = following.upper
        return following

    def look_ahead(self) -> None:
        """Measure the next window, if that is not done yet."""
        if self._next is not None or self._at_end or self._all_in_one is not None:
            return
        size = self._pace.window
        window = self._statements.next_window(self._connection, self.reached, self._upper, size, self._held)
        self._at_end = window is None or window.rows < size
        self._next = None if window is None else Span(window.lower, window.upper, window.rows)

    def _measure_anew_if_too_large(self) -> None:
        """The source has turned out to be slower than it was when the next window was measured."""
        if self._next is not None and self._next.rows * 2 > self._pace.window * 3:
            self._next, self._at_end = None, False

    def _cut(self, span: Span) -> Span | None:
        size = self._pace.window
        window = self._statements.next_window(self._connection, span.lower, span.upper, size, self._held)
        if window is None:
            return None
        if window.rows == size:
            self._again.appendleft(replace(span, lower=window.upper))
        return Span(window.lower, window.upper, window.rows)
