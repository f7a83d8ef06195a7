"""What a person decided by another way than the preference centre, entered by an officer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from consent.documents import count_in, drop_document, store_document
from consent.guards import Age
from consent.models import ConsentDocument, ConsentRecord, Decision, Method, Wording
from consent.services.capture import record_consent
from consent.services.letters import send_receipt
from privacy.ledger.actors import Actor
from privacy.officers.models import Officer
from privacy.register.selectors import local_midnight
from privacy.subjects.identifiers import IdentifierKind
from privacy.subjects.services import find_or_add_subject


@dataclass(frozen=True)
class Entry:
    """What an officer enters.

    Args:
        wording: the words that were said, shown or signed; an older version where the paper is older.
        evidence: the pieces of the method, as JSON holds them; of a paper they are made from the upload.
        decided_on: the day on which the person decided; kept beside the time of the record.
    """

    email: str
    wording: Wording
    decision: str
    method: str
    evidence: dict[str, Any]
    age: Age
    name: str = ""
    decided_on: date | None = None
    upload: UploadedFile | None = None


def record_for_person(*, entry: Entry, officer: Officer) -> ConsentRecord:
    """Record it and write the person a receipt. A person not known yet is added.

    Raises:
        ConsentRefused: it does not stand; the error names the field. A scan that came with it is deleted again.
    """
    document = store_document(entry.upload) if entry.upload is not None and entry.method == Method.WRITTEN else None
    try:
        return _record(entry, document, Actor.officer(officer))
    except BaseException:
        if document is not None:
            drop_document(document)
        raise


@transaction.atomic
def _record(entry: Entry, document: ConsentDocument | None, actor: Actor) -> ConsentRecord:
    evidence = dict(entry.evidence)
    if document is not None:
        evidence |= {"document_sha256": document.digest, "kept_at": f"privacy-desk:{document.pk}"}
    written = record_consent(
        subject=find_or_add_subject(kind=IdentifierKind.EMAIL, value=entry.email, name=entry.name or None),
        purpose=entry.wording.purpose,
        decision=entry.decision,
        method=entry.method,
        language=entry.wording.language,
        wording=entry.wording,
        evidence=evidence or None,
        age=entry.age,
        occurred_at=_moment(entry.decided_on),
        actor=actor,
    )
    if document is not None:
        count_in(document, written)
    send_receipt(record=written, actor=actor)
    return written


def _moment(day: date | None) -> datetime | None:
    """When a day began. Its notice is the one in force then, and a consent's days count from there."""
    return min(local_midnight(day), timezone.now()) if day is not None else None


DECISIONS = (Decision.GIVEN, Decision.REFUSED, Decision.WITHDRAWN)
METHODS = (Method.ORAL, Method.WRITTEN, Method.REPRESENTATIVE, Method.IMPLIED, Method.OPT_OUT)
"""What officers enter. What is decided electronically is decided by the person, or stated by a system."""
