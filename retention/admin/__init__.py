"""Rules, statutory minimums, runs and holds on the officers' site."""

from retention.admin.holds import HoldAdmin
from retention.admin.minimums import MinimumAdmin
from retention.admin.rules import RuleAdmin
from retention.admin.runs import RunAdmin

__all__ = ["HoldAdmin", "MinimumAdmin", "RuleAdmin", "RunAdmin"]
