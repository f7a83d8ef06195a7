"""Files whose rows a retention rule has deleted.

Danger: the row is gone, and its file stays for ever. A file cannot be deleted in the transaction that deletes its row,
because that transaction is the engine's.
Rule: after every run over the portal's own tables, and every day, each file whose row is gone is deleted; what could
not be deleted is tried again. Only files that bear the name of a row are looked at, and none that is so young that its
row may not be committed yet.
"""

import time
import uuid
from collections.abc import Iterable
from pathlib import Path

from consent.documents import folder as folder_of_consents
from consent.models import ConsentDocument
from privacy.datamap.models import SourceKind
from privacy.errands.files import folder as folder_of_errands
from privacy.errands.models import ErrandFile
from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from requests.case_files.storage import folder as folder_of_cases
from requests.fulfilment.storage import folder as folder_of_packages
from requests.models import CaseFile, SubjectRequest
from retention.models import Run

Named = type[SubjectRequest] | type[ErrandFile] | type[CaseFile] | type[ConsentDocument]
"""Rows after which files are named."""

LEFT_OVER_JOB = "requests.delete_left_over_files"
SETTLED_AFTER = 3600  # seconds: no transaction that stores a file takes so long
_AT_ONCE = 500


def after_run(run: Run) -> None:
    """Told when a retention run has ended, in whatever way: what it has deleted is deleted."""
    if run.source.kind == SourceKind.PORTAL:
        enqueue(kind=LEFT_OVER_JOB, slot=str(run.pk))


def delete_left_over_files() -> int:
    """Delete files whose rows are gone; how many. May be repeated.

    Raises:
        OSError: one could not be deleted; the others of its folder that come later are still there.
    """
    packages = _left_over(folder_of_packages().iterdir(), SubjectRequest)
    proofs = _left_over(folder_of_errands().iterdir(), ErrandFile)
    files = _left_over(folder_of_cases().iterdir(), CaseFile)
    scans = _left_over(folder_of_consents().iterdir(), ConsentDocument)
    number = 0
    for path in (*packages, *proofs, *files, *scans):
        path.unlink(missing_ok=True)
        number += 1
    if number:
        record(action="files.left_over_deleted", actor=SYSTEM, data={"files": number})
    return number


def _left_over(paths: Iterable[Path], model: Named) -> list[Path]:
    """Those named after a row that is not there. The row is always written before its file."""
    newest = time.time() - SETTLED_AFTER
    named = {path: key for path in paths if (key := _key(path)) is not None and path.stat().st_mtime < newest}
    keys, there = sorted(set(named.values())), set()
    for start in range(0, len(keys), _AT_ONCE):
        there |= set(model.objects.filter(pk__in=keys[start : start + _AT_ONCE]).values_list("pk", flat=True))
    return sorted(path for path, key in named.items() if key not in there)


def _key(path: Path) -> uuid.UUID | None:
    """The row that a file is named after: its id, whatever comes after the first dot."""
    try:
        return uuid.UUID(path.name.partition(".")[0])
    except ValueError:
        return None
