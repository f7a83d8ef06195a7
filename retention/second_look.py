"""Which runs of rules wait for a second officer: the first of each version of a rule, and large ones.

Danger: a slip in a rule deletes more than anybody meant, and nobody looked.
Rule: whoever wrote or started it does not look alone; what is approved is exactly the plan that was on the screen.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.register.selectors import profile
from retention.enums import RunState
from retention.models import Rule, Run
from retention.rule_plan import RulePlan


class ApprovalReason(models.TextChoices):
    FIRST = "first", _("It is the first run of this version of the rule.")
    MANY_ROWS = "many_rows", _("It changes more rows, or tells more people, than the organisation lets one officer.")
    LARGE_PART = "large_part", _("It changes a larger part of a table than the organisation lets one officer change.")


def why_approval(rule: Rule, planned: RulePlan) -> str:
    """The reason why a planned run waits for a second officer; empty when it does not.

    The limits are the organisation's: a number of rows, and a part of each table in per cent.
    """
    if not Run.objects.filter(rule=rule, rule_version=rule.version, state=RunState.COMPLETED).exists():
        return ApprovalReason.FIRST
    limits = profile()
    if planned.rows + planned.to_tell > limits.large_run_rows:
        return ApprovalReason.MANY_ROWS
    for step in planned.plan.steps:
        if planned.rows_of(step) * 100 > limits.large_run_percent * planned.sizes[step.dataset]:
            return ApprovalReason.LARGE_PART
    return ""
