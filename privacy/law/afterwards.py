"""Dates that follow from an answer or a letter: how long recourse is open, when an unanswered fee estimate lapses, and
from when a refusal that has to wait may be decided."""

from collections.abc import Mapping
from datetime import date

from privacy.law.calendars import NO_OVERLAY, DayBook
from privacy.law.clock import calendar_for
from privacy.law.counting import last_day
from privacy.law.enums import FirstDay
from privacy.law.errors import FeeNotAllowed
from privacy.law.shapes import RefusalGround, Rule


def recourse_ends_on(
    rule: Rule, decided_on: date, *, calendar: str | None = None, overlay: Mapping[date, str] = NO_OVERLAY
) -> date | None:
    """Return the last day on which the authority can be asked for review, None when the law's period is unknown.

    None never means that recourse is over: a hold that waits for it stays until an officer releases it.
    """
    if rule.recourse.within is None:
        return None
    book = DayBook(calendar_for(rule.period, calendar), overlay)
    return last_day(decided_on, rule.recourse.within, FirstDay.EXCLUDED, book)


def fee_lapses_on(
    rule: Rule, estimated_on: date, *, calendar: str | None = None, overlay: Mapping[date, str] = NO_OVERLAY
) -> date | None:
    """Return the last day to accept a fee estimate before the subject request lapses, None if it never does.

    Raises FeeNotAllowed when the rule knows no fee.
    """
    if rule.fee is None:
        raise FeeNotAllowed(f"{rule.citation} names no fee, so none can be estimated.")
    if rule.fee.lapse_after is None:
        return None
    book = DayBook(calendar_for(rule.period, calendar), overlay)
    return last_day(estimated_on, rule.fee.lapse_after, FirstDay.EXCLUDED, book)


def wait_ends_on(
    ground: RefusalGround, began_on: date, *, calendar: str, overlay: Mapping[date, str] = NO_OVERLAY
) -> date | None:
    """Return the first day on which a refusal on this ground may be decided, None where the law wants no wait.

    The day on which those who may object were told is not counted (PIPEDA s. 9(2.3): thirty days after it).
    """
    if ground.wait is None:
        return None
    return last_day(began_on, ground.wait, FirstDay.EXCLUDED, DayBook(calendar, overlay))
