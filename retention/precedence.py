"""A statutory minimum comes before a policy's maximum: no rule begins before the minimum over the same event ends."""

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from retention.errors import PeriodInvalid
from retention.periods import Period

if TYPE_CHECKING:
    from retention.models import Minimum, Rule

FOUR_YEARS = [dt.date(2024, 1, 1) + dt.timedelta(days=day) for day in range(4 * 365 + 1)]
"""Every day of the year with and without a leap day: what holds on these holds on all."""


def check_order(*, rule: "Rule", minimum: "Minimum") -> None:
    """See that a rule does not begin before a minimum is over, where both count from the same event of the same rows.

    Where the events differ nothing can be said beforehand: the minimum then keeps its rows when the rule runs.

    Raises:
        ValidationError: it begins earlier; names the minimum and the law.
    """
    if not minimum.forbids(rule.action) or not _same_event(rule, minimum):
        return
    try:
        too_early = ends_before(rule.period, minimum.period)
    except PeriodInvalid:
        return  # said elsewhere
    if too_early:
        words = _("The rule “%(rule)s” would begin before the minimum “%(minimum)s” is over (%(law)s). Make it longer.")
        raise ValidationError(words % {"rule": rule.name, "minimum": minimum.name, "law": minimum.citation})


def check_notice(*, notice_days: int, period: Period) -> None:
    """See that a person can be told so many days before the period is over, and not before it has begun.

    Raises:
        ValidationError: the notice is as long as the period or longer.
    """
    shortest = min((period.last_day(day) - day).days for day in FOUR_YEARS)
    if notice_days >= shortest:
        words = _(
            "The notice must be shorter than the period, which is %(period)d days where it is shortest: make the "
            "notice shorter, or the period longer."
        )
        raise ValidationError({"notice_days": words % {"period": shortest}})


def ends_before(one: Period, other: Period) -> bool:
    """Whether the first period is over before the second for an event on any day."""
    return any(one.last_day(day) < other.last_day(day) for day in FOUR_YEARS)


def _same_event(rule: "Rule", minimum: "Minimum") -> bool:
    if (rule.start_dataset_id, rule.start_column) != (minimum.start_dataset_id, minimum.start_column):
        return False
    return all(each in rule.conditions for each in minimum.conditions)
