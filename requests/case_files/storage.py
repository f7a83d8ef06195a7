"""Where the files of cases lie, see `privacy.documents.keeping`. Imports no service: deciding a case leads here."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from privacy.documents.keeping import Kept, keep_file, kept_content
from privacy.offboarding.files import ExportedFile
from privacy.tenants.files import folder_for
from requests.models import CaseFile


def folder() -> Path:
    """The current organisation's folder; made when it is missing."""
    return folder_for("cases")


def path_of(file: CaseFile) -> Path:
    return folder() / f"{file.pk}.sealed"


def write_content(file: CaseFile, chunks: Iterable[bytes]) -> Kept:
    """Encrypt the content of a row that was written already; whatever the chunks raise leaves no file."""
    return keep_file(path_of(file), context=_context(file), chunks=chunks)


def read_content(file: CaseFile) -> Iterator[bytes]:
    """The content, for nobody in particular: see `opening` for officers.

    Raises:
        CannotDecrypt: altered, cut, or another row's; throw away what was read.
        FileNotFoundError: it was deleted.
    """
    return kept_content(path_of(file), context=_context(file))


def case_files_in_the_clear() -> Iterator[ExportedFile]:
    """Every file that is still there, for the complete export of the organisation. Names on disk, for names tell."""
    rows = CaseFile.objects.exclude(digest="").filter(deletion_asked_at__isnull=True).select_related("case")
    for row in rows.order_by("pk"):
        if path_of(row).exists():
            yield ExportedFile(f"cases/{row.case.reference}/{row.role}-{row.pk}.{row.kind}", read_content(row))


def _context(file: CaseFile) -> str:
    return f"requests.casefile.{file.pk}"
