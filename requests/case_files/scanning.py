"""Scanning files of cases, by a job, because a scanner may be slow or away.

Danger: a file that is opened because nobody has said yet that it is bad.
Rule: with a scanner configured only a file that was found clean is opened. What is infected is deleted; its row stays.
"""

import re

from django.db import transaction
from django.utils import timezone

from privacy.documents import scanning
from privacy.documents.enums import ScanResult
from privacy.jobs.services import requeue
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from requests.case_files.deleting import ask_to_delete
from requests.case_files.storage import read_content
from requests.models import CaseFile

SCAN_JOB = "requests.scan_file"
_UNKNOWN = (ScanResult.QUARANTINED, ScanResult.UNSCANNED)


def is_known_to_be_safe(file: CaseFile) -> bool:
    """Whether it may be opened as far as malware is concerned."""
    if file.scan in (ScanResult.CLEAN, ScanResult.MADE_HERE):
        return True
    return file.scan == ScanResult.UNSCANNED and not scanning.is_configured()


def scan_file(*, file_id: str) -> None:
    """Ask the scanner about a file. One that is gone, or known, is left as it is.

    Raises:
        ScannerAway: nothing is known about it yet.
    """
    file = CaseFile.objects.filter(pk=file_id, deletion_asked_at__isnull=True, scan__in=_UNKNOWN).first()
    if file is None or not file.digest:
        return
    if not scanning.is_configured():
        _note(file, ScanResult.UNSCANNED, "")
        return
    found = scanning.scan(read_content(file))
    _note(file, ScanResult.CLEAN if found is None else ScanResult.INFECTED, found or "")


def scan_what_is_unknown() -> int:
    """Have every file scanned of which nothing is known, also those from before there was a scanner; how many."""
    if not scanning.is_configured():
        return 0
    files = CaseFile.objects.filter(scan__in=_UNKNOWN, deletion_asked_at__isnull=True).exclude(digest="")
    keys = list(files.values_list("pk", flat=True))
    for key in keys:
        requeue(kind=SCAN_JOB, slot=str(key))
    return len(keys)


@transaction.atomic
def _note(file: CaseFile, result: ScanResult, finding: str) -> None:
    locked = CaseFile.objects.select_for_update().get(pk=file.pk)
    if locked.scan not in _UNKNOWN:
        return
    locked.scan, locked.finding = result, re.sub(r"[^\w.:/-]", "_", finding, flags=re.ASCII)[:200]
    locked.scanned_at = None if result == ScanResult.UNSCANNED else timezone.now()
    locked.save(update_fields=["scan", "finding", "scanned_at"])
    if result == ScanResult.UNSCANNED:
        return
    data = {"file": str(file.pk), "result": result.value}
    record(action="subject_request.file_scanned", actor=SYSTEM, target=file.case, data=data)
    if result == ScanResult.INFECTED:
        ask_to_delete(locked, actor=SYSTEM, why="infected")
