"""Everything that can be done with a case. Acts lock, check, change and write the ledger in one transaction."""

from requests.services.answering import AnswerGiven, answer_case
from requests.services.approval import approve_erasure, check_may_approve, return_to_decision
from requests.services.assignment import assign
from requests.services.closing import withdraw_request
from requests.services.complaints import (
    acknowledge_complaint,
    add_note,
    link_complaint,
    record_measure,
    write_progress,
)
from requests.services.correcting import add_change, decide_corrections
from requests.services.decisions import decide_case, grant, note_authority_notified, refusal_grounds, refuse
from requests.services.escalating import escalate
from requests.services.identity import confirm_identity, reject_identity
from requests.services.identity_asking import ask_identity, document_seen
from requests.services.intake import ask_for_tracking_link, confirm_request, submit_request
from requests.services.joining import close_as_spam, join
from requests.services.minors import note_minor
from requests.services.packaging import rebuild_package
from requests.services.planning import replan
from requests.services.representing import (
    accept_authority,
    add_representation,
    ask_for_authority,
    end_representation,
    record_representation,
    reject_authority,
)
from requests.services.restricting import decide_scopes, note_purposes
from requests.services.staff_intake import enter_case

__all__ = [
    "AnswerGiven",
    "accept_authority",
    "acknowledge_complaint",
    "add_change",
    "add_note",
    "add_representation",
    "answer_case",
    "approve_erasure",
    "ask_for_authority",
    "ask_for_tracking_link",
    "ask_identity",
    "assign",
    "check_may_approve",
    "close_as_spam",
    "confirm_identity",
    "confirm_request",
    "decide_case",
    "decide_corrections",
    "decide_scopes",
    "document_seen",
    "end_representation",
    "enter_case",
    "escalate",
    "grant",
    "join",
    "link_complaint",
    "note_authority_notified",
    "note_minor",
    "note_purposes",
    "rebuild_package",
    "record_measure",
    "record_representation",
    "refusal_grounds",
    "refuse",
    "reject_authority",
    "reject_identity",
    "replan",
    "return_to_decision",
    "submit_request",
    "withdraw_request",
    "write_progress",
]
