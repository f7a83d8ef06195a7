"""How long a person can still turn to an authority: the one source of what letters say of it and of how long the data
is kept for it.
"""

from datetime import date
from typing import Any

from privacy.law.afterwards import recourse_ends_on
from privacy.law.counting import add_months
from privacy.law.enums import Origin
from privacy.law.shapes import Rule
from privacy.register.selectors import overlay_for, profile
from requests.clocks import rules_of
from requests.models import SubjectRequest

MONTHS_WHERE_NONE_ARE_KNOWN = 6
"""How long the data is kept after a refusal where a law names no period to complain: the longest that any of our laws
names (PIPEDA s. 11(3)). A lock of ours, not a period of that law, so no letter says it."""


def recourse_day(rule: Rule, answered_on: date, kept: dict[str, Any]) -> date | None:
    """The last day on which the authority can be asked, by the calendar that the clock of the case went by.

    Of several calendars that were tried the latest day is told: a person who comes on it is in time by one of them.
    """
    names = kept.get("calendars") or [rule.period.calendar or profile().country]
    days = [recourse_ends_on(rule, answered_on, calendar=name, overlay=overlay_for(name)) for name in names]
    return max(filter(None, days), default=None)


def kept_until(case: SubjectRequest, answered_on: date, *, refused: bool) -> date | None:
    """The last day on which the data of an answered case is kept for recourse; None where it need not be.

    Args:
        answered_on: local date of the answer.
        refused: whether the person did not get everything. After a refusal every law counts; what was granted in full
            is kept only where a law says so all the same (PIPEDA s. 8(8); Québec, s. 36).
    """
    ends = [
        recourse_day(rule, answered_on, kept) or _careful_day(answered_on)
        for kept, rule in zip(clocks_of_law(case), rules_of(case.deadlines), strict=True)
        if refused or rule.hold_until_recourse_exhausted
    ]
    if refused and not ends:  # a promise alone: no law of the case says whom to ask, and somebody may still be
        return _careful_day(answered_on)
    return max(ends, default=None)


def law_wants_it_kept(case: SubjectRequest) -> bool:
    """Whether a law itself, and not only our care, keeps the data of a case until recourse is exhausted."""
    return any(rule.hold_until_recourse_exhausted for rule in rules_of(case.deadlines))


def clocks_of_law(case: SubjectRequest) -> list[dict[str, Any]]:
    """The clocks that a case keeps of laws, in the order of `rules_of`."""
    return [kept for kept in case.deadlines if kept["origin"] == Origin.LAW]


def _careful_day(answered_on: date) -> date:
    return add_months(answered_on, MONTHS_WHERE_NONE_ARE_KNOWN)
