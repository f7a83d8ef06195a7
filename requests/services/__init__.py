"""Everything that can be done with a case. Acts lock, check, change and write the ledger in one transaction."""

from requests.services.approval import approve_erasure, check_may_approve, return_to_decision
from requests.services.assignment import assign
from requests.services.closing import withdraw_request
from requests.services.correcting import add_change, decide_corrections
from requests.services.decisions import grant, refusal_grounds, refuse
from requests.services.identity import confirm_identity, reject_identity
from requests.services.intake import ask_for_tracking_link, confirm_request, submit_request
from requests.services.narrowing import decide_scopes, note_purposes
from requests.services.packaging import rebuild_package
from requests.services.planning import replan

__all__ = [
    "add_change",
    "approve_erasure",
    "ask_for_tracking_link",
    "assign",
    "check_may_approve",
    "confirm_identity",
    "confirm_request",
    "decide_corrections",
    "decide_scopes",
    "grant",
    "note_purposes",
    "rebuild_package",
    "refusal_grounds",
    "refuse",
    "reject_identity",
    "replan",
    "return_to_decision",
    "submit_request",
    "withdraw_request",
]
