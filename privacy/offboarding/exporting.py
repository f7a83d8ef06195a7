"""The complete export: everything that a cancelled organisation has here, in one ZIP file.

Danger: all personal data of an organisation in one file, in the clear for whoever opens it.
Rule: it is made only while the organisation is cancelled and only for officers with the permission; it is never on disk
in the clear; every asking and every download is in the ledger; it goes when the organisation goes or comes back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.template import Context, Engine
from django.utils import timezone

from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.sealing import seal_all
from privacy.ledger.services import record
from privacy.offboarding.archive import Archive, HashingWriter
from privacy.offboarding.errors import ExportGone, ExportUnderWay, NotAllowed, NotCancelled
from privacy.offboarding.files import all_files
from privacy.offboarding.models import ExportState, OrganisationExport
from privacy.offboarding.proof import add_proof
from privacy.offboarding.storage import context_of, new_part, path_of
from privacy.offboarding.tables import LEFT_OUT, lines_of, table_names
from privacy.officers.models import Officer
from privacy.register.selectors import profile
from privacy.subjects.files import EncryptedWriter, decrypted
from privacy.tenants.context import current_organisation

EXPORT_JOB = "offboarding.export"
PERMISSION = "offboarding.add_organisationexport"
_ALIVE_EVERY = 1000

KeepAlive = Callable[[], None]


@dataclass(frozen=True)
class Download:
    """`size` is in bytes. `chunks` can be read once."""

    name: str
    size: int
    chunks: Iterator[bytes]


@transaction.atomic
def ask_for_export(*, officer: Officer) -> OrganisationExport:
    """Have a complete export made.

    Raises:
        NotAllowed: the officer's role does not include it.
        NotCancelled: the organisation is active.
        ExportUnderWay: one is being made.
    """
    if not officer.has_perm(PERMISSION):
        raise NotAllowed
    if not current_organisation().is_cancelled:
        raise NotCancelled
    try:
        with transaction.atomic():
            export = OrganisationExport.objects.create(made_by=officer)
    except IntegrityError:
        raise ExportUnderWay from None
    record(action="organisation_export.asked", actor=Actor.officer(officer), target=export)
    enqueue(kind=EXPORT_JOB, slot=str(export.pk))
    return export


def build_export(*, export_id: str, keep_alive: KeepAlive) -> None:
    """Make the file of an export that was asked for; does nothing for one that is made, failed or gone.

    Args:
        keep_alive: called every thousand rows or so; raises when somebody else does this work now.

    Raises:
        CannotDecrypt: a value was altered, or its key is not in the environment any more.
    """
    export = OrganisationExport.objects.filter(pk=export_id, state=ExportState.QUEUED).first()
    if export is None:
        return
    seal_all()
    part = new_part(export.pk)
    try:
        rows, size, digest = _write(part, export, keep_alive)
        keep_alive()
        part.replace(path_of(export.pk))
    finally:
        part.unlink(missing_ok=True)
    _note_ready(export, rows, size, digest)


def note_failure(*, export_id: str) -> None:
    """Say on the export that it could not be made, so that another can be asked for."""
    OrganisationExport.objects.filter(pk=export_id, state=ExportState.QUEUED).update(state=ExportState.FAILED)


@transaction.atomic
def take_export(*, export: OrganisationExport, officer: Officer) -> Download:
    """Open an export for an officer, and write down who took it.

    Raises:
        NotAllowed: the officer's role does not include it.
        NotCancelled: the organisation is active again.
        ExportGone: it is not ready, or its file is not there.
    """
    if not officer.has_perm(PERMISSION):
        raise NotAllowed
    if not current_organisation().is_cancelled:
        raise NotCancelled
    path = path_of(export.pk)
    if export.state != ExportState.READY or not path.exists():
        raise ExportGone
    record(action="organisation_export.downloaded", actor=Actor.officer(officer), target=export)
    name = f"{current_organisation().slug}-complete-export.zip"
    return Download(name, export.size, _open(path, context_of(export.pk)))


def _open(path: Path, context: str) -> Iterator[bytes]:
    with path.open("rb") as stored:
        yield from decrypted(stored, context=context)


def _write(part: Path, export: OrganisationExport, keep_alive: KeepAlive) -> tuple[int, int, str]:
    part.touch(mode=0o600)
    with part.open("wb") as target, EncryptedWriter(target, context=context_of(export.pk)) as writer:
        hashing = HashingWriter(writer)
        archive = Archive(hashing)
        add_proof(archive)
        tables = {name: _add_table(archive, name, keep_alive) for name in table_names()}
        files = _add_files(archive, keep_alive)
        archive.add_text("README.txt", _read_me(tables, files))
        archive.close({"tables": tables})
    return sum(tables.values()), writer.size, hashing.digest.hexdigest()


def _add_table(archive: Archive, name: str, keep_alive: KeepAlive) -> int:
    rows = 0
    keep_alive()
    with archive.member(f"tables/{name}.jsonl") as write:
        for line in lines_of(name):
            write(line)
            rows += 1
            if rows % _ALIVE_EVERY == 0:
                keep_alive()
    return rows


def _add_files(archive: Archive, keep_alive: KeepAlive) -> int:
    count = 0
    for each in all_files():
        with archive.member(f"files/{each.name}") as write:
            for number, piece in enumerate(each.content):
                write(piece)
                if number % _ALIVE_EVERY == 0:
                    keep_alive()
        count += 1
    return count


def _read_me(tables: dict[str, int], files: int) -> str:
    context = {
        "organisation": profile(),
        "now": timezone.now(),
        "tables": tables.items(),
        "files": files,
        "left_out": [f"{table}: {', '.join(sorted(names))}" for table, names in sorted(LEFT_OUT.items())],
    }
    template = Engine.get_default().get_template("offboarding/README.txt")
    return template.render(Context(context, autoescape=False))


@transaction.atomic
def _note_ready(export: OrganisationExport, rows: int, size: int, digest: str) -> None:
    ready = OrganisationExport.objects.filter(pk=export.pk, state=ExportState.QUEUED).update(
        state=ExportState.READY, rows=rows, size=size, digest=digest, completed_at=timezone.now()
    )
    if ready:
        data = {"rows": rows, "bytes": size, "sha256": digest}
        record(action="organisation_export.made", actor=SYSTEM, target=export, data=data)
