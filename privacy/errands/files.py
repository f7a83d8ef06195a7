"""Files of errands: a folder for each organisation, encrypted, readable by our account only.

Danger: a proof or a copy is full of personal data. Rule: never on disk in the clear, its name on disk says nothing, and
it opens only as the file of its own row. The row is written before the file: a file without its row is never found.

Danger: malware that an officer opens, or that travels to the person in their package. Rule: with a scanner configured
a file is taken, and handed out, only when it was found clean. Nobody waits for it in between: what is declared with a
file must be able to count on it.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from privacy.documents import scanning
from privacy.documents.enums import ScanResult
from privacy.documents.errors import ScannerAway
from privacy.documents.keeping import keep_file, kept_content
from privacy.errands.errors import FileInfected, FileNotScanned
from privacy.errands.models import Errand, ErrandFile, FileRole
from privacy.tenants.files import folder_for

_LEFT_OVER = timedelta(hours=1)


def folder() -> Path:
    """The current organisation's folder; made when it is missing."""
    return folder_for("errands")


def store_file(*, errand: Errand, role: FileRole, name: str, chunks: Iterable[bytes]) -> ErrandFile:
    """Encrypt a file next to an errand. It does not count before the errand is closed with it.

    Args:
        name: under which people see it.
        chunks: its content, read once; what they raise removes the file again.

    Raises:
        FileInfected: the scanner found malware in it.
        FileNotScanned: there is a scanner, and it did not answer.
    """
    _drop_what_never_counted(errand)
    row = ErrandFile.objects.create(errand=errand, role=role, name=name[:200])
    try:
        kept = keep_file(_path(row), context=_context(row), chunks=chunks)
        row.scan = _scanned(row)
    except BaseException:
        drop_file(row)
        raise
    row.size, row.digest = kept.size, kept.digest
    row.save(update_fields=["size", "digest", "scan"])
    return row


def read_file(row: ErrandFile) -> Iterator[bytes]:
    """The content, piece by piece; each is authenticated before it is handed out.

    One from before there was a scanner is scanned now.

    Raises:
        FileInfected: malware was found in it, and it is deleted.
        FileNotScanned: there is a scanner, and it did not answer.
        CannotDecrypt: altered, cut, or another row's; throw away what was read.
        FileNotFoundError: it was deleted.
    """
    if row.scan == ScanResult.UNSCANNED and scanning.is_configured():
        _scan_now(row)
    return kept_content(_path(row), context=_context(row))


def kept_files() -> Iterator[tuple[ErrandFile, Iterator[bytes]]]:
    """Every proof and copy whose file is still there, with its content, read once."""
    rows = ErrandFile.objects.filter(is_kept=True, deleted_at__isnull=True).select_related("errand").order_by("pk")
    for row in rows:
        if _path(row).exists():
            yield row, kept_content(_path(row), context=_context(row))


def drop_file(row: ErrandFile) -> None:
    """Remove a file that never counted, and its row."""
    _path(row).unlink(missing_ok=True)
    ErrandFile.objects.filter(pk=row.pk).delete()


def delete_copies(*, case_id: uuid.UUID) -> int:
    """Delete the copies that were gathered for a case; what was declared stays. How many there were."""
    return _delete(ErrandFile.objects.filter(errand__case_id=case_id, role=FileRole.COPY, deleted_at__isnull=True))


def _scanned(row: ErrandFile) -> ScanResult:
    if not scanning.is_configured():
        return ScanResult.UNSCANNED
    try:
        found = scanning.scan(kept_content(_path(row), context=_context(row)))
    except ScannerAway:
        raise FileNotScanned from None
    if found is not None:
        raise FileInfected
    return ScanResult.CLEAN


def _scan_now(row: ErrandFile) -> None:
    try:
        row.scan = _scanned(row)
    except FileInfected:
        row.scan = ScanResult.INFECTED
        _delete([row])
        raise
    finally:
        row.save(update_fields=["scan"])


def _drop_what_never_counted(errand: Errand) -> None:
    """Files of somebody who died before declaring anything."""
    for row in ErrandFile.objects.filter(errand=errand, is_kept=False, created_at__lt=timezone.now() - _LEFT_OVER):
        drop_file(row)


def _delete(rows: Iterable[ErrandFile]) -> int:
    number = 0
    for row in rows:
        _path(row).unlink(missing_ok=True)
        ErrandFile.objects.filter(pk=row.pk).update(deleted_at=timezone.now())
        number += 1
    return number


def _path(row: ErrandFile) -> Path:
    return folder() / f"{row.pk}.sealed"


def _context(row: ErrandFile) -> str:
    return f"errands.errandfile.{row.pk}"
