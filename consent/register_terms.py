"""What the register said when a decision was recorded: written down with the record, and read by its receipts.

Danger: the register changes (another recipient, another time for which data is kept), and the receipt of an old consent
says that the person agreed to that.
Rule: each record holds the digest of the terms it was recorded under, under its seal; the terms are never changed, and
its receipts are made of them. Whom to write to in the organisation is no part of them: that is asked for today, and it
names people. Records from before there were terms have none; their receipts follow the register.
"""

from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db import models

from consent.models import ConsentRecord, RegisterTerms, terms_digest
from consent.register_reading import Sender
from privacy.ledger.canonical import canonical
from privacy.register.models import Notice, OrganisationProfile, Purpose, Recipient

_OF_PURPOSE = (
    "code", "title", "description", "lawful_basis", "is_prohibited", "data_categories", "special_categories",
    "retention", "withdrawal_consequences", "no_withdrawal_reason", "valid_days", "minimum_age",
)  # fmt: skip
_OF_RECIPIENT = ("name", "role", "country", "safeguard", "safeguard_note")
_OF_CONTROLLER = ("legal_name", "trading_name", "address", "country", "website", "laws")
_OF_NOTICE = ("version", "language", "digest")

_INSERT = f"INSERT INTO {RegisterTerms._meta.db_table} (digest, content) VALUES (%s, %s) ON CONFLICT DO NOTHING"  # noqa: S608


def register_terms(*, purpose: Purpose, notice: Notice | None, sender: Sender | None) -> RegisterTerms:
    """What the register says now, not yet written.

    Args:
        sender: None while the organisation has not said who it is; receipts then name it as it calls itself later.
    """
    content = {
        "purpose": _values(purpose, _OF_PURPOSE),
        "recipients": [_values(to, _OF_RECIPIENT) for to in sender.recipients] if sender else [],
        "controller": _values(sender.organisation, _OF_CONTROLLER) if sender else None,
        "notice": _values(notice, _OF_NOTICE) if notice else None,
    }
    return _made(content)


def controller_terms(organisation: OrganisationProfile) -> RegisterTerms:
    """Who the organisation is now, for what is decided in words that are kept elsewhere; not yet written."""
    return _made({"controller": _values(organisation, _OF_CONTROLLER)})


def insertion(terms: RegisterTerms) -> tuple[str, list[Any]]:
    """The INSERT of terms that were just made, and its parameters, for `at_once`; what is there already stays."""
    return _INSERT, [terms.digest, terms.text.decode()]


@dataclass(frozen=True)
class Said:
    """What was said of the purpose, the organisation and the notice; none of it is to be saved."""

    purpose: Purpose
    recipients: list[Recipient]
    organisation: OrganisationProfile
    notice_version: str


def said_to(record: ConsentRecord, sender: Sender) -> Said:
    """What the register said when a decision was recorded; what it says now where no terms were kept, or they were
    altered since.

    Args:
        sender: as it is now.
    """
    terms = record.terms if record.terms_stand else None
    if terms is None:
        return said_now(record, sender)
    content = terms.content
    return Said(
        Purpose(**content["purpose"]),
        [Recipient(**to) for to in content["recipients"]],
        controller_said(terms, sender.organisation),
        content["notice"]["version"] if content["notice"] else "",
    )


def controller_said(terms: RegisterTerms, organisation: OrganisationProfile) -> OrganisationProfile:
    """Who the organisation was; not to be saved.

    Args:
        organisation: as it is now, which says whom to write to.
    """
    found = copy(organisation)
    for name, value in (terms.content["controller"] or {}).items():
        setattr(found, name, value)
    return found


def said_now(record: ConsentRecord, sender: Sender) -> Said:
    """What the register says now; the same, for whoever has just recorded the decision under it."""
    version = record.notice.version if record.notice else ""
    return Said(record.purpose, sender.recipients, sender.organisation, version)


def _made(content: dict[str, Any]) -> RegisterTerms:
    text = canonical(content)
    made = RegisterTerms(digest=terms_digest(text), content=content)
    made.text = text
    return made


def _values(row: models.Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
