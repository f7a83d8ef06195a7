"""The answer to an access request: one ZIP file, made as a stream, encrypted at rest, kept for a while.

Danger: the whole of a person's data in one file.
Rule: it is never on disk in the clear, its name says nothing, it is bound to its case, it expires and is deleted, and
every download is counted and written down.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction
from django.template import Context, Engine
from django.utils import timezone, translation

from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM
from privacy.letters.addresses import portal_url
from privacy.offboarding.files import ExportedFile
from privacy.register.models import Purpose, Recipient
from privacy.register.selectors import local_date, profile
from privacy.subjects.files import EncryptedWriter, decrypted
from privacy.subjects.models import LinkPurpose
from requests.enums import RequestState
from requests.fulfilment.archive import Archive, KeepAlive
from requests.fulfilment.contents import add_everything
from requests.fulfilment.copies import add_copies
from requests.fulfilment.disclosed import disclosed_by_recipient
from requests.fulfilment.storage import context_of, file_name_for, folder, new_part, path_of
from requests.letters import authorities_of, write_case_letter
from requests.models import AccessPackage, SubjectRequest
from requests.services.locks import unlock_after_recourse
from requests.services.moves import locked, move
from requests.services.packaging import DOWNLOADS, EXPIRE_JOB, KEPT_FOR
from requests.traits import Answer, traits_of

READ_ME = "access_package/index.html"


def build_package(*, case: SubjectRequest, keep_alive: KeepAlive) -> AccessPackage | None:
    """Make the package of a granted access request, complete the case and tell the person.

    Args:
        keep_alive: called every thousand rows or so; raises when somebody else does this work now.

    Returns:
        None when the case does not wait for a package (any more).

    Raises:
        DatamapIncomplete: nobody can say yet where the person's data is.
        EngineError: a source cannot be reached or read.
    """
    if case.state != RequestState.EXECUTING or traits_of(case.kind).answer is not Answer.PACKAGE:
        return None
    part = new_part(case.pk)
    try:
        with translation.override(case.language):
            rows, size, digest = _write(part, case, keep_alive)
        keep_alive()
        part.replace(folder() / file_name_for(case.pk))
    finally:
        part.unlink(missing_ok=True)
    return _complete(case, rows=rows, size=size, digest=digest)


def open_package(package: AccessPackage) -> Iterator[bytes]:
    """The ZIP file, piece by piece. Does not count as a download; see `downloads.take_download`.

    Raises:
        CannotDecrypt: the file was altered or cut; throw away what was read.
        FileNotFoundError: it was deleted.
    """
    with path_of(package).open("rb") as stored:
        yield from decrypted(stored, context=context_of(package.case_id))


def packages_in_the_clear() -> Iterator[ExportedFile]:
    """Every package whose file is still there, for the complete export of the organisation."""
    for package in AccessPackage.objects.filter(deleted_at__isnull=True).select_related("case").order_by("pk"):
        if path_of(package).exists():
            yield ExportedFile(f"access/{package.case.reference}.zip", open_package(package))


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


def _write(part: Path, case: SubjectRequest, keep_alive: KeepAlive) -> tuple[int, int, str]:
    """Rows found in the sources, bytes of the ZIP file, and its SHA-256."""
    part.touch(mode=0o600)
    with part.open("wb") as target, EncryptedWriter(target, context=context_of(case.pk)) as writer:
        counting = _Counting(writer)
        archive = Archive(counting, folder=folder(), zone=ZoneInfo(profile().time_zone), keep_alive=keep_alive)
        rows = add_everything(archive, subject=case.subject)
        add_copies(archive, case=case)
        archive.add_text("index.html", _read_me(case, archive))
        archive.close()
    return rows, writer.size, counting.digest.hexdigest()


def _read_me(case: SubjectRequest, archive: Archive) -> str:
    context = {
        "case": case,
        "organisation": profile(),
        "portal": portal_url(),
        "made_on": local_date(timezone.now()),
        "sections": archive.sections,
        "files": archive.files,
        "purposes": Purpose.objects.filter(is_prohibited=False),
        "recipients": Recipient.objects.filter(inactive_since__isnull=True),
        "disclosed": disclosed_by_recipient(case.subject),
        "authorities": authorities_of(case),
        "language": case.language,
    }
    return Engine.get_default().get_template(READ_ME).render(Context(context))


@transaction.atomic
def _complete(case: SubjectRequest, *, rows: int, size: int, digest: str) -> AccessPackage | None:
    case = locked(case)
    if case.state != RequestState.EXECUTING:
        return None
    now = timezone.now()
    package = AccessPackage.objects.create(
        case=case,
        file_name=file_name_for(case.pk),
        size=size,
        rows=rows,
        digest=digest,
        expires_at=now + KEPT_FOR,
        downloads_left=DOWNLOADS,
    )
    move(
        case=case, to=RequestState.COMPLETED, action="package_made", actor=SYSTEM,
        data={"rows": rows, "bytes": size, "sha256": digest}, problem="",
    )  # fmt: skip
    unlock_after_recourse(case=case, decided_on=local_date(now))
    enqueue(kind=EXPIRE_JOB, slot=str(package.pk), due_at=package.expires_at)
    write_case_letter(
        kind="package_ready", case=case, actor=SYSTEM, link=LinkPurpose.DOWNLOAD, package=package, rows=rows
    )
    return package
