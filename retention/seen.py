"""What an officer saw of a rule before they started it, as one hash that their form brings back.

Danger: a page shows forty rows, and the button destroys four thousand that became due meanwhile.
Rule: who looks starts what they saw. A cutoff is a day, so the hash is the same all day long while nothing changes.
"""

from dataclasses import asdict
from typing import Any

from privacy.datamap.engine.values import json_digest
from retention.models import Rule
from retention.rule_plan import RulePlan
from retention.second_look import why_approval


def mark_of(rule: Rule, planned: RulePlan) -> str:
    """SHA-256 (hex) over everything that the look before a run shows and a run depends on.

    That is the plan with its counts, cutoff and conditions; the rule with its version and data map; who is told and
    what waits for it; and whether a second officer looks first.
    """
    shown: dict[str, Any] = {
        "plan": planned.plan.hash,
        "rule": planned.definition,
        "version": rule.version,
        "notices": asdict(planned.notices) if planned.notices else None,
        "waits": why_approval(rule, planned),
    }
    return json_digest(shown)
