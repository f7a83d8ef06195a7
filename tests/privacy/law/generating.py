"""Makes histories of subject requests by chance, the same ones on every run."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from privacy.law.catalogue import jurisdictions
from privacy.law.clock import due_date
from privacy.law.deadline import Deadline
from privacy.law.enums import Cause
from privacy.law.events import ClockEvent, Extended, WaitBegan, WaitEnded
from privacy.law.shapes import Rule

RULES = [rule for one in jurisdictions() for rule in one.rules]
AWKWARD = (
    (1, 31), (2, 28), (2, 29), (3, 31), (8, 31), (12, 25), (12, 31),
    (3, 8), (3, 29), (10, 25), (11, 1),  # clocks change in 2026
)  # fmt: skip
MOURNING = "Day of mourning"


@dataclass(frozen=True)
class Case:
    """A subject request under one rule and what happened to its clock."""

    rule: Rule
    calendar: str
    received_on: date
    overlay: dict[date, str]
    events: tuple[ClockEvent, ...]
    as_of: date | None

    def deadline(self, *, later: int = 0, events: tuple[ClockEvent, ...] | None = None) -> Deadline:
        """The deadline; `later` days after the true receipt, or with other events."""
        return due_date(
            self.rule,
            self.received_on + timedelta(days=later),
            events=self.events if events is None else events,
            calendar=self.calendar,
            overlay=self.overlay,
            as_of=self.as_of if events is None else None,
        )


def cases(number: int, *, seed: int) -> Iterator[Case]:
    """Yield cases of every rule in turn."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    for n in range(number):
        rule = RULES[n % len(RULES)]
        received_on = _day(chance)
        overlay = {
            received_on + timedelta(days=chance.randint(1, 80)): MOURNING for _ in range(chance.choice((0, 0, 2)))
        }
        calendar = chance.choice([name for name in (rule.period.calendar, *rule.period.calendar_may_be) if name])
        waits, as_of = _waits(chance, rule, received_on)
        case = Case(rule, calendar, received_on, overlay, tuple(waits), as_of)
        yield _extended(chance, case) if as_of is None and chance.random() < 0.4 else case


def _day(chance: random.Random) -> date:
    if chance.random() < 0.3:
        month, day = chance.choice(AWKWARD)
        year = chance.randint(2020, 2040)
        return date(year, month, day) if (month, day) != (2, 29) else date(year - year % 4, 2, 29)
    return date(2020, 1, 1) + timedelta(days=chance.randrange(20 * 365))


def _waits(chance: random.Random, rule: Rule, received_on: date) -> tuple[list[ClockEvent], date | None]:
    """Questions one after the other, answered or not, honoured by the rule or not, vouched for or not."""
    events: list[ClockEvent] = []
    day = received_on
    for cause in chance.sample(list(Cause), chance.choice((0, 0, 1, 1, 2, 3))):
        needed = [stop.needs for stop in rule.stops if stop.cause is cause]
        day += timedelta(days=chance.randint(0, 25))
        events.append(WaitBegan(day, cause, frozenset(needed[0]) if needed and chance.random() < 0.8 else frozenset()))
        day += timedelta(days=chance.randint(0, 40))
        if chance.random() < 0.15:
            return events, day
        events.append(WaitEnded(day, cause))
    return events, None


def _extended(chance: random.Random, case: Case) -> Case:
    """The same case with a notice of extension in time, where the rule knows one and the clock still runs."""
    extension, limit = case.rule.extension, case.deadline().due_on
    earliest = max([case.received_on, *(event.on for event in case.events)])
    if extension is None or earliest > limit:
        return case
    on = earliest + timedelta(days=chance.randint(0, (limit - earliest).days))
    ground = chance.choice(extension.grounds) if extension.grounds else None
    notice = Extended(on, under=case.rule.id, n=chance.randint(1, extension.span.n), ground=ground)
    return Case(case.rule, case.calendar, case.received_on, case.overlay, (*case.events, notice), None)
