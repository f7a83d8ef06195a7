"""Whether the rule of a run still is what the run was planned for."""

from django.utils import timezone

from privacy.register.selectors import local_date
from retention.models import Rule, Run
from retention.rule_plan import definition_of


def rule_problem(run: Run) -> str:
    """The code of what is wrong with the rule of a retention run as it is stored now; empty when it may go on."""
    rule = Rule.objects.select_related("dataset__source", "start_dataset").filter(runs=run).first()
    if rule is None or not rule.is_followed(local_date(timezone.now())):
        return "rule_inactive"
    same = rule.version == run.rule_version and definition_of(rule) == run.plan["rule"]
    return "" if same else "rule_changed"
