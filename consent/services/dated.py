"""When a decision was made, by a system's time and by the evidence.

Danger: somebody withdraws, a system tells a month later of a call from before that, and only its evidence says when the
call was; the withdrawal is gone, and the consent holds for longer than it should. Or the system states as its time when
it sent the call.
Rule: where nobody states a time, a consent is of the day that its evidence gives, as on the officers' form. A stated
time is of that day as well (`consent.guards`), and where its clock is ahead, it overtakes no decision of the next day.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from consent.evidence import PAST_DAYS, read_evidence
from consent.guards import DATED, FIRST_YEAR, Today, day_in_evidence
from consent.models import Decision
from consent.register_reading import Past
from consent.statement import Statement


def dated(said: Statement, today: Today) -> Statement:
    """The statement with the time at which the person decided, as far as it says.

    A day that cannot be is left for the guards to refuse; of today nobody knows more than that it was before now.
    """
    if said.occurred_at is not None:
        return said
    day = _day_of(said, today)
    return replace(said, occurred_at=today.start_of(day)) if day is not None and day < today.day else said


def at_latest(said: Statement, today: Today) -> datetime | None:
    """The stated time, and no later than the end of the day that the evidence gives; None where no time is stated."""
    if said.occurred_at is None:
        return None
    day = _day_of(said, today)
    if day is None:
        return said.occurred_at
    return min(said.occurred_at, today.start_of(day + timedelta(days=1)) - timedelta(microseconds=1))


def past_of(said: Statement, today: Today) -> Past | None:
    """When a decision was made that is told on a later day: the notice of then was shown; None of one of today."""
    if said.occurred_at is None or today.day_of(said.occurred_at) >= today.day:
        return None
    day_ends = today.start_of(today.day_of(said.occurred_at) + timedelta(days=1)) - timedelta(microseconds=1)
    return Past(said.occurred_at, day_ends)


def _day_of(said: Statement, today: Today) -> date | None:
    """The day that the evidence of a consent gives; None where it gives none that can be."""
    if said.decision != Decision.GIVEN or said.method not in DATED:
        return None
    read = read_evidence(said.method, said.evidence)
    days = [read.values[name] for name in PAST_DAYS if name in read.values]
    if read.errors or any(each.year < FIRST_YEAR or each > today.day for each in days):
        return None
    return day_in_evidence(said.method, read.values)
