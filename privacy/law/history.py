"""Reads a history of events under one rule: when the clock starts, where it stood, how far it was extended.

The danger: a wait that the law does not honour would move a deadline past its legal end. The rule: a wait counts only
if the rule gives it an effect, its conditions were confirmed, and it began while the clock still ran. Whatever does not
count is said in the explanation.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from privacy.law import words
from privacy.law.enums import Cause, Effect
from privacy.law.events import Extended, WaitBegan, WaitEnded
from privacy.law.sentences import Step
from privacy.law.shapes import Clocked, Stop


@dataclass(slots=True)
class Wait:
    """A wait that counts. `ended_on` None: it still goes on."""

    cause: Cause
    effect: Effect
    began_on: date
    ended_on: date | None = None


@dataclass(slots=True)
class History:
    """What one rule makes of the events so far."""

    rule: Clocked
    received_on: date
    waits: list[Wait] = field(default_factory=list)
    extensions: list[Extended] = field(default_factory=list)
    ignored: list[Step] = field(default_factory=list)

    def begin_wait(self, event: WaitBegan, *, running_until: date) -> None:
        """Count the wait if the rule honours it, else note why not. `running_until`: the limit as it stands now."""
        stop = self._stop(event.cause)
        if stop.effect is Effect.NONE:
            self._ignore(event, words.NOT_STOPPED)
        elif not event.confirmed.issuperset(stop.needs):
            self._ignore(event, words.UNCONFIRMED)
        elif event.on > running_until:
            self._ignore(event, words.TOO_LATE)
        else:
            self.waits.append(Wait(event.cause, stop.effect, event.on))

    def end_wait(self, event: WaitEnded) -> None:
        for wait in self.open_waits():
            if wait.cause is event.cause:
                wait.ended_on = event.on

    def open_waits(self) -> list[Wait]:
        return [wait for wait in self.waits if wait.ended_on is None]

    def restarts(self, as_of: date) -> Iterator[tuple[date, Wait]]:
        """Each (day the clock starts anew, wait), in order; an open wait as if it ended on `as_of`."""
        ends = [(wait.ended_on or as_of, wait) for wait in self.waits if wait.effect is Effect.RESTART]
        yield from sorted(((max(end, wait.began_on), wait) for end, wait in ends), key=lambda pair: pair[0])

    def starts_on(self, as_of: date) -> date:
        """The latest of receipt and restarts."""
        return max([self.received_on, *(day for day, _ in self.restarts(as_of))])

    def standstills(self, as_of: date) -> list[tuple[date, date]]:
        """The stretches since the start in which the clock stood, merged so that no day is given twice."""
        start = self.starts_on(as_of)
        stretches = sorted(
            (max(wait.began_on, start), wait.ended_on or as_of) for wait in self.waits if wait.effect is Effect.PAUSE
        )
        merged: list[tuple[date, date]] = []
        for begin, end in stretches:
            if end <= begin:
                continue
            if merged and begin <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((begin, end))
        return merged

    def as_if_restarts_were_pauses(self) -> "History":
        """The cautious reading where sources disagree whether a wait restarts the clock or only pauses it."""
        waits = [Wait(wait.cause, Effect.PAUSE, wait.began_on, wait.ended_on) for wait in self.waits]
        return History(self.rule, self.received_on, waits, self.extensions)

    def _stop(self, cause: Cause) -> Stop:
        return next((stop for stop in self.rule.stops if stop.cause is cause), Stop(cause, Effect.NONE))

    def _ignore(self, event: WaitBegan, why: str) -> None:
        values = (("cause", words.cause_word(event.cause)), ("day", event.on))
        self.ignored.append(Step(why, values))
