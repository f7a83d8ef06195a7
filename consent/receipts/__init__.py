"""Consent receipts: what was decided, by whom, in which words, in forms that people keep and programs read."""

from consent.receipts.facts import NOT_STATED, UNTIL_WITHDRAWN, Facts, facts_of, facts_of_each
from consent.receipts.iso27560 import party
from consent.receipts.making import KIND, Form, Receipt, receipt, receipt_fields, receipt_of, receipts

__all__ = [
    "KIND", "NOT_STATED", "UNTIL_WITHDRAWN", "Facts", "Form", "Receipt", "facts_of", "facts_of_each", "party",
    "receipt", "receipt_fields", "receipt_of", "receipts",
]  # fmt: skip
