"""Scans of what people signed: encrypted on disk, in quarantine until the scanner found them clean.

Danger: malware that an officer opens, and a paper full of personal data that lies about.
Rule: kind, size and first bytes are checked where the file comes in; with a scanner configured it opens only once it
was found clean. What is infected is deleted; its hash stays, as the record of the consent names it.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.errors import DocumentClosed, DocumentRefused
from consent.models import ConsentDocument, ConsentRecord
from privacy.documents import scanning
from privacy.documents.enums import ScanResult
from privacy.documents.errors import DocumentUnreadable, FileRefused
from privacy.documents.keeping import keep_file, kept_content
from privacy.documents.taking import take_upload
from privacy.jobs.services import requeue
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.offboarding.files import ExportedFile
from privacy.tenants.files import folder_for

KINDS = ("pdf", "jpg", "jpeg", "png")
SCAN_JOB = "consent.scan_document"
_NEVER_COUNTED = timedelta(hours=1)
_UNKNOWN = (ScanResult.QUARANTINED, ScanResult.UNSCANNED)


def folder() -> Path:
    """The current organisation's folder; made when it is missing."""
    return folder_for("consents")


def store_document(upload: UploadedFile) -> ConsentDocument:
    """Encrypt an uploaded scan. It does not count before a record has it as its evidence.

    Raises:
        DocumentRefused: empty, too large, of a kind that is not taken, or not what its name says.
    """
    try:
        checked = take_upload(upload, kinds=KINDS)
    except (FileRefused, DocumentUnreadable) as error:
        raise DocumentRefused(str(error)) from None
    document = ConsentDocument.objects.create(kind=checked.kind, name=checked.name)
    try:
        kept = keep_file(_path(document), context=_context(document), chunks=checked.chunks)
    except BaseException:
        drop_document(document)
        raise
    document.size, document.digest = kept.size, kept.digest
    document.save(update_fields=["size", "digest"])
    return document


def count_in(document: ConsentDocument, written: ConsentRecord) -> None:
    """The scan is evidence of a record from here on, and goes to the scanner. In the transaction of the record."""
    document.evidence = written.evidence
    document.save(update_fields=["evidence"])
    requeue(kind=SCAN_JOB, slot=str(document.pk))


def drop_document(document: ConsentDocument) -> None:
    """Remove a scan that never counted, and its row."""
    _path(document).unlink(missing_ok=True)
    ConsentDocument.objects.filter(pk=document.pk, evidence__isnull=True).delete()


def drop_what_never_counted() -> None:
    """Scans of somebody who uploaded them and died before the consent was recorded."""
    old = timezone.now() - _NEVER_COUNTED
    for document in ConsentDocument.objects.filter(evidence__isnull=True, created_at__lt=old):
        drop_document(document)


def document_of(row: ConsentRecord) -> ConsentDocument | None:
    """The scan that is evidence of a record."""
    try:
        return row.evidence.document
    except ObjectDoesNotExist:
        return None


def open_document(document: ConsentDocument, *, actor: Actor) -> Iterator[bytes]:
    """The content for an officer who downloads it; that they do is written down first.

    Raises:
        DocumentClosed: it is not scanned yet, was infected, or is gone.
        CannotDecrypt: while it is read: it was altered; throw away what was read.
    """
    if document.scan == ScanResult.INFECTED:
        raise DocumentClosed(_("Malware was found in this file, so it was deleted. Ask for it again."))
    if document.scan in _UNKNOWN and (scanning.is_configured() or document.scan == ScanResult.QUARANTINED):
        raise DocumentClosed(_("This file waits for the virus scanner. It can be opened once it was found clean."))
    if not _path(document).exists():
        raise DocumentClosed(_("The file is gone."))
    record(action="consent.document_opened", actor=actor, target=document)
    return _content(document)


def scan_document(*, document_id: str) -> None:
    """Ask the scanner about a scan that counts. One that is gone, or known, is left as it is.

    Raises:
        ScannerAway: nothing is known about it yet.
    """
    document = ConsentDocument.objects.filter(pk=document_id, evidence__isnull=False, scan__in=_UNKNOWN).first()
    if document is None:
        return
    if not scanning.is_configured():
        ConsentDocument.objects.filter(pk=document.pk, scan__in=_UNKNOWN).update(scan=ScanResult.UNSCANNED)
        return
    found = scanning.scan(_content(document))
    _note(document, ScanResult.CLEAN if found is None else ScanResult.INFECTED)


def scan_what_is_unknown() -> None:
    """Have every scan looked at of which nothing is known, also those from before there was a scanner."""
    if not scanning.is_configured():
        return
    for key in ConsentDocument.objects.filter(evidence__isnull=False, scan__in=_UNKNOWN).values_list("pk", flat=True):
        requeue(kind=SCAN_JOB, slot=str(key))


def documents_in_the_clear() -> Iterator[ExportedFile]:
    """Every scan that is still there, for the complete export of the organisation. Names on disk, for names tell."""
    counting = ConsentDocument.objects.filter(evidence__isnull=False).exclude(scan=ScanResult.INFECTED)
    for row in counting.order_by("pk"):
        if _path(row).exists():
            yield ExportedFile(f"consents/{row.pk}.{row.kind}", _content(row))


@transaction.atomic
def _note(document: ConsentDocument, result: ScanResult) -> None:
    if not ConsentDocument.objects.filter(pk=document.pk, scan__in=_UNKNOWN).update(scan=result):
        return
    record(action="consent.document_scanned", actor=SYSTEM, target=document, data={"result": result.value})
    if result == ScanResult.INFECTED:
        path = _path(document)
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _content(document: ConsentDocument) -> Iterator[bytes]:
    return kept_content(_path(document), context=_context(document))


def _path(document: ConsentDocument) -> Path:
    return folder() / f"{document.pk}.sealed"


def _context(document: ConsentDocument) -> str:
    return f"consent.consentdocument.{document.pk}"
