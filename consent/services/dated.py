"""When a decision was made that a system states without a time of its own.

Danger: somebody withdraws, a system tells a month later of a call from before that, and only its evidence says when the
call was; the withdrawal is gone, and the consent holds for longer than it should.
Rule: where nobody states a time, a consent is of the day that its evidence gives, as on the officers' form.
"""

from dataclasses import replace
from datetime import timedelta

from consent.evidence import PAST_DAYS, read_evidence
from consent.guards import FIRST_YEAR, Today, last_day_to_object
from consent.models import Decision, Method
from consent.statement import Statement


def dated(said: Statement, today: Today) -> Statement:
    """The statement with the time at which the person decided, as far as it says.

    A day that cannot be is left for the guards to refuse; of today nobody knows more than that it was before now.
    """
    by_its_evidence = said.decision == Decision.GIVEN and said.method in (Method.ORAL, Method.OPT_OUT)
    if said.occurred_at is not None or not by_its_evidence:
        return said
    read = read_evidence(said.method, said.evidence)
    days = [read.values[name] for name in PAST_DAYS if name in read.values]
    if read.errors or any(each.year < FIRST_YEAR or each > today.day for each in days):
        return said
    is_oral = said.method == Method.ORAL
    day = read.values["spoken_on"] if is_oral else last_day_to_object(read.values) + timedelta(days=1)
    return replace(said, occurred_at=today.start_of(day)) if day < today.day else said
