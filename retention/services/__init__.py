"""What can be done in retention."""

from retention.services.cancelling import cancel_run
from retention.services.erasure_runs import start_erasure_run
from retention.services.holds import hold_people, let_hold_go, place_hold, release_hold
from retention.services.kept_rows import plan_kept, start_kept
from retention.services.pausing import pause_run
from retention.services.ready_made import add_ready_made
from retention.services.releasing import approve_release, ask_for_release, keep_hold
from retention.services.replays import approve_replay, drop_replay, plan_replay, start_replay
from retention.services.resuming import resume_run
from retention.services.rule_runs import start_rule_run
from retention.services.rules import activate_rule, deactivate_rule, save_minimum, save_rule
from retention.services.run_approval import approve_run, decline_run
from retention.services.stopping import stop_erasure_runs

__all__ = [
    "activate_rule",
    "add_ready_made",
    "approve_release",
    "approve_replay",
    "approve_run",
    "ask_for_release",
    "cancel_run",
    "deactivate_rule",
    "decline_run",
    "drop_replay",
    "hold_people",
    "keep_hold",
    "let_hold_go",
    "pause_run",
    "place_hold",
    "plan_kept",
    "plan_replay",
    "release_hold",
    "resume_run",
    "save_minimum",
    "save_rule",
    "start_erasure_run",
    "start_kept",
    "start_replay",
    "start_rule_run",
    "stop_erasure_runs",
]
