"""What can be done in retention."""

from retention.services.erasure_runs import start_erasure_run
from retention.services.holds import place_hold, release_hold
from retention.services.replays import approve_replay, drop_replay, plan_replay, start_replay
from retention.services.resuming import resume_run
from retention.services.rule_runs import start_rule_run
from retention.services.rules import activate_rule, deactivate_rule, save_rule
from retention.services.stopping import stop_erasure_runs

__all__ = [
    "activate_rule",
    "approve_replay",
    "deactivate_rule",
    "drop_replay",
    "place_hold",
    "plan_replay",
    "release_hold",
    "resume_run",
    "save_rule",
    "start_erasure_run",
    "start_replay",
    "start_rule_run",
    "stop_erasure_runs",
]
