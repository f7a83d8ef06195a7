"""What a person decided by another way than the preference centre, entered by an officer.

Danger: a second press, or the back button, records the decision a second time and writes a second receipt.
Rule: what came of a page is kept under its number in the transaction that records; see `consent.services.idempotency`.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.documents import count_in, drop_document, store_document
from consent.errors import LaterDecisionStands
from consent.guards import Age
from consent.models import ConsentDocument, ConsentRecord, Decision, Method, Wording
from consent.services import idempotency
from consent.services.capture import record_consent
from consent.services.letters import send_receipt
from privacy.ledger.actors import Actor
from privacy.officers.models import Officer
from privacy.register.models import Purpose
from privacy.register.selectors import local_date, local_midnight, zone
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.services import find_or_add_subject
from privacy.tenants.sent_pages import Page, wait_for_the_first


@dataclass(frozen=True)
class NothingShown:
    """In place of words: somebody said no of their own accord. language: of the receipt."""

    purpose: Purpose
    language: str


@dataclass(frozen=True)
class Entry:
    """What an officer enters.

    Args:
        wording: the words that were said, shown or signed; an older version where the paper is older.
        evidence: the pieces of the method, as JSON holds them; of a paper they are made from the upload.
        decided_on: the day on which the person decided; kept beside the time of the record. Today is now.
        decided_at: the time of that day where the organisation is, if it is known; without it the day's beginning.
    """

    email: str
    wording: Wording | NothingShown
    decision: str
    method: str
    evidence: dict[str, Any]
    age: Age
    name: str = ""
    decided_on: date | None = None
    decided_at: time | None = None
    upload: UploadedFile | None = None


@dataclass(frozen=True)
class Recorded:
    """The record of what was entered; `before`: its page was sent before, and nothing was recorded a second time."""

    record: ConsentRecord
    before: bool


def record_for_person(*, entry: Entry, officer: Officer, page: Page) -> Recorded:
    """Record it and write the person a receipt, once for each page. A person not known yet is added.

    Args:
        page: which was filled in and sent; without a number each is recorded.

    Raises:
        ConsentRefused: it does not stand; the error names the field. A scan that came with it is deleted again.
        KeyReused: the page was sent before with other words or another scan, and that was recorded.
    """
    document = store_document(entry.upload) if entry.upload is not None and entry.method == Method.WRITTEN else None
    counts = False
    try:
        recorded = _record_once(entry, document, officer, page)
        counts = not recorded.before
    finally:
        if document is not None and not counts:
            drop_document(document)
    return recorded


def is_recorded(officer: Officer, number: uuid.UUID) -> bool:
    """Whether something was recorded from the page with this number."""
    return idempotency.is_remembered(caller=_caller(officer), key=str(number))


@transaction.atomic
def _record_once(entry: Entry, document: ConsentDocument | None, officer: Officer, page: Page) -> Recorded:
    if page.number is None:
        return Recorded(_record(entry, document, Actor.officer(officer)), before=False)
    written: list[ConsentRecord] = []

    def act() -> ConsentRecord:
        written.append(_record(entry, document, Actor.officer(officer)))
        return written[0]

    wait_for_the_first(page.number)
    body = [entry.method, page.said, document.digest if document is not None else ""]
    record = idempotency.once(caller=_caller(officer), key=str(page.number), body=body, act=act)
    return Recorded(record, before=not written)


def _caller(officer: Officer) -> str:
    """Unlike any prefix of an API key."""
    return f"officer {officer.pk}"


def _record(entry: Entry, document: ConsentDocument | None, actor: Actor) -> ConsentRecord:
    evidence = dict(entry.evidence)
    if document is not None:
        evidence |= {"document_sha256": document.digest, "kept_at": f"privacy-desk:{document.pk}"}
    written = _record_consent(
        subject=find_or_add_subject(kind=IdentifierKind.EMAIL, value=entry.email, name=entry.name or None),
        purpose=entry.wording.purpose,
        decision=entry.decision,
        method=entry.method,
        language=entry.wording.language,
        wording=entry.wording if isinstance(entry.wording, Wording) else None,
        nothing_shown=isinstance(entry.wording, NothingShown),
        evidence=evidence or None,
        age=entry.age,
        occurred_at=_moment(entry.decided_on, entry.decided_at),
        actor=actor,
    )
    if document is not None:
        count_in(document, written)
    send_receipt(record=written, actor=actor)
    return written


def _record_consent(**said: Any) -> ConsentRecord:
    """The same as `record_consent`, refused in words that fit what officers can enter."""
    try:
        return record_consent(**said)
    except LaterDecisionStands:
        raise LaterDecisionStands(
            _(
                "The person decided again on this day or later, and that decision stands, so this one is not recorded. "
                "If they agreed since then, write the day on which they did; today counts as now. If it was later on "
                "the same day, write the time too."
            )
        ) from None


def _moment(day: date | None, at: time | None) -> datetime | None:
    """When a day began, or a time of it. Its notice is the one in force then, and a consent's days count from there.

    Of today it is now: whoever said no in the morning can agree on the phone in the afternoon.
    """
    if day is None:
        return None
    if at is not None:
        return datetime.combine(day, at, tzinfo=zone())
    return local_midnight(day) if day != local_date(timezone.now()) else None


DECISIONS = (Decision.GIVEN, Decision.REFUSED, Decision.WITHDRAWN)
METHODS = (Method.ORAL, Method.WRITTEN, Method.REPRESENTATIVE, Method.IMPLIED, Method.OPT_OUT)
"""What officers enter. What is decided electronically is decided by the person, or stated by a system."""
