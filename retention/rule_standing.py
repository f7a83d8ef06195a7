"""Whether the rule of a run still is what the run was planned for."""

from django.utils import timezone

from privacy.register.selectors import local_date
from retention.models import Rule, Run
from retention.rule_plan import definition_of

OUTDATED = frozenset({"rule_changed", "minimum_changed", "map_changed"})
"""Codes of a run whose plan is no longer what its rule would ask for."""


def rule_problem(run: Run) -> str:
    """The code of what is wrong with the rule of a retention run as it is stored now; empty when it may go on."""
    rule = Rule.objects.select_related("dataset__source", "start_dataset").filter(runs=run).first()
    if rule is None or not rule.is_followed(local_date(timezone.now())):
        return "rule_inactive"
    return what_changed(rule, run)


def what_changed(rule: Rule, run: Run) -> str:
    """What the run was planned by and is not the same any more: rule, minimums or data map; empty for nothing."""
    now, planned = definition_of(rule), run.plan["rule"]
    if rule.version != run.rule_version:
        return "rule_changed"
    if now == planned:
        return ""
    return "minimum_changed" if now.get("minimums") != planned.get("minimums") else "map_changed"
