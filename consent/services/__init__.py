"""What can be done with consent."""

from consent.services.bulk import Outcome, record_statements
from consent.services.by_officer import Entry, record_for_person
from consent.services.capture import record_consent, record_statement, withdraw, withdraw_everything
from consent.services.letters import send_receipt
from consent.services.links import ask_for_preferences_link
from consent.services.stopping import stop_everything
from consent.services.unsubscribing import unsubscribe
from consent.services.wordings import publish_wording

__all__ = [
    "Entry",
    "Outcome",
    "ask_for_preferences_link",
    "publish_wording",
    "record_consent",
    "record_for_person",
    "record_statement",
    "record_statements",
    "send_receipt",
    "stop_everything",
    "unsubscribe",
    "withdraw",
    "withdraw_everything",
]
