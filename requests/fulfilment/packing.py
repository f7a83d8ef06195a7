"""What all packages have in common: one ZIP file made as a stream, encrypted at rest, and the case that ends with it.

Danger: the whole of a person's data in one file.
Rule: it is never on disk in the clear, its name says nothing, it is bound to its case, it expires and is deleted, and
every download is counted and written down.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone, translation

from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.register.selectors import local_date
from privacy.subjects.files import EncryptedWriter
from privacy.subjects.models import LinkPurpose
from requests.addressees import is_reached_by_post
from requests.deciding.cut import cut_of
from requests.deciding.letters import granted, partly_granted
from requests.enums import Outcome, RequestState
from requests.fulfilment.archive import KeepAlive, Writable
from requests.fulfilment.storage import context_of, file_name_for, folder, new_part
from requests.letters import write_case_letter
from requests.models import AccessPackage, SubjectRequest
from requests.services.locks import unlock_after_recourse
from requests.services.moves import locked, move
from requests.services.packaging import DOWNLOADS, EXPIRE_JOB, KEPT_FOR

Fill = Callable[[Writable], int]
"""Writes the ZIP file and says how many rows of sources are in it."""


@dataclass(frozen=True)
class Packed:
    """rows: of sources. size: bytes of the ZIP file. digest: its SHA-256 (hex)."""

    rows: int
    size: int
    digest: str


def pack(*, case: SubjectRequest, fill: Fill, keep_alive: KeepAlive) -> Packed:
    """Have the file of a case written, in the person's language. It takes the place of an earlier one once complete.

    Args:
        keep_alive: called before the file takes its place; raises when somebody else does this work now.
    """
    part = new_part(case.pk)
    try:
        with translation.override(case.language):
            packed = _write(part, case, fill)
        keep_alive()
        part.replace(folder() / file_name_for(case.pk))
    finally:
        part.unlink(missing_ok=True)
    return packed


@transaction.atomic
def complete(*, case: SubjectRequest, packed: Packed, letter: str) -> AccessPackage | None:
    """Complete the case of a package that was made and tell the person; None when it does not wait for one any more.

    Where the person has no e-mail address the case stays open until an officer has posted the package.

    Args:
        letter: kind of the letter with the link (`requests.letters`); where a part was refused there is another.
    """
    case = locked(case)
    if case.state != RequestState.EXECUTING:
        return None
    now, for_post = timezone.now(), is_reached_by_post(case)
    package = AccessPackage.objects.create(
        case=case,
        file_name=file_name_for(case.pk),
        size=packed.size,
        rows=packed.rows,
        digest=packed.digest,
        expires_at=now + KEPT_FOR,
        downloads_left=1 if for_post else DOWNLOADS,
        for_post=for_post,
    )
    data = {"rows": packed.rows, "bytes": packed.size, "sha256": packed.digest}
    if for_post:
        case.problem = ""
        case.save(update_fields=["problem"])
        record(action="subject_request.package_made_for_post", actor=SYSTEM, target=case, data=data)
        return package
    move(case=case, to=RequestState.COMPLETED, action="package_made", actor=SYSTEM, data=data, problem="")
    unlock_after_recourse(case=case, decided_on=local_date(now))
    enqueue(kind=EXPIRE_JOB, slot=str(package.pk), due_at=package.expires_at)
    lines = cut_of(case).lines
    if case.outcome == Outcome.PARTIAL:
        write_case_letter(
            kind="partly_granted", case=case, actor=SYSTEM, link=LinkPurpose.DOWNLOAD, package=package,
            **partly_granted(case, lines),
        )  # fmt: skip
    else:
        write_case_letter(
            kind=letter, case=case, actor=SYSTEM, link=LinkPurpose.DOWNLOAD, package=package, rows=packed.rows,
            **granted(case, lines),
        )  # fmt: skip
    return package


class _Counting:
    """Passes plaintext on to the encrypting writer and keeps its digest."""

    def __init__(self, target: EncryptedWriter) -> None:
        self._target = target
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._target.write(bytes(data))

    def flush(self) -> None:
        self._target.flush()


def _write(part: Path, case: SubjectRequest, fill: Fill) -> Packed:
    part.touch(mode=0o600)
    with part.open("wb") as target, EncryptedWriter(target, context=context_of(case.pk)) as writer:
        counting = _Counting(writer)
        rows = fill(counting)
    return Packed(rows, writer.size, counting.digest.hexdigest())
