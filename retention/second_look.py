"""Which runs of rules wait for a second officer: the first of a rule as it stands or by higher limits, and large ones.

Danger: a slip in a rule deletes more than anybody meant, and nobody looked.
Rule: whoever wrote or started it does not look alone; what is approved is exactly the plan that was on the screen.
Danger: the same rule means other rows, because the data map was changed, or because more became due since it was looked
at. Rule: a run is one of the first until a completed one went by the same map, and is measured anew when it is counted
anew.
Danger: one officer raises the limits, starts alone what was too large, and lowers them again. Rule: after one was
raised, the next run of each rule waits, however small it is.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import models
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from privacy.register.selectors import profile
from retention.enums import RunState
from retention.models import Rule, Run
from retention.rule_plan import RulePlan


class ApprovalReason(models.TextChoices):
    FIRST = "first", _("It is the first run of this version of the rule.")
    NEW_MAP = "new_map", _("It is the first run since the data map was changed where this rule goes by it.")
    NEW_LIMITS = "new_limits", _("It is the first run since the limits of what one officer may start were raised.")
    MANY_ROWS = "many_rows", _("It changes more rows, or tells more people, than the organisation lets one officer.")
    LARGE_PART = "large_part", _("It changes a larger part of a table than the organisation lets one officer change.")


def why_approval(rule: Rule, planned: RulePlan) -> str:
    """The reason why a planned run waits for a second officer; empty when it does not.

    The limits are the organisation's: a number of rows, and a part of each table in per cent.
    """
    done = Run.objects.filter(rule=rule, rule_version=rule.version, state=RunState.COMPLETED)
    if not done.exists():
        return ApprovalReason.FIRST
    if not done.filter(plan__rule=planned.definition).exists():
        return ApprovalReason.NEW_MAP
    if were_limits_raised_since(done.aggregate(last=Max("created_at"))["last"]):
        return ApprovalReason.NEW_LIMITS
    rows = {step.dataset: planned.rows_of(step) for step in planned.plan.steps}
    return why_large(rows, planned.sizes, to_tell=planned.to_tell)


def were_limits_raised_since(moment: datetime) -> bool:
    """Whether a limit of the organisation was raised after this moment."""
    raised = profile().limits_raised_at
    return raised is not None and raised >= moment


def why_large(rows: Mapping[str, int], sizes: Mapping[str, int], *, to_tell: int) -> str:
    """The reason why so many rows need a second officer; empty when they do not.

    Args:
        rows: to be changed, by dataset.
        sizes: rows of the whole table in its scope, by dataset.
        to_tell: people to whom a letter is written.
    """
    limits = profile()
    if sum(rows.values()) + to_tell > limits.large_run_rows:
        return ApprovalReason.MANY_ROWS
    if any(number * 100 > limits.large_run_percent * sizes[dataset] for dataset, number in rows.items()):
        return ApprovalReason.LARGE_PART
    return ""
