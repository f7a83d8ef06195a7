"""Documents of the person's cases that an officer released, in the access package.

Danger: a file that nobody has scanned travels to the person. Rule: the package waits for the scanner.
"""

from django.utils.translation import gettext as _

from requests.case_files.releasing import released_to
from requests.case_files.scanning import is_known_to_be_safe
from requests.case_files.storage import read_content
from requests.fulfilment.archive import Archive, file_name
from requests.models import CaseFile, CaseFileRole, SubjectRequest

FOLDER = "documents"


def waits_for_scanner(case: SubjectRequest) -> bool:
    """Whether something that is to go with the package was not found clean yet."""
    return not all(is_known_to_be_safe(file) for file in released_to(case))


def add_documents(archive: Archive, *, case: SubjectRequest) -> None:
    """Put what was released into the package, the oldest first."""
    for number, file in enumerate(released_to(case), start=1):
        archive.add_file(_member(file, number), source=_source(file), chunks=read_content(file))


def _source(file: CaseFile) -> str:
    words = _("redacted copy") if file.role == CaseFileRole.REDACTED else _("document on file about you")
    return f"{words}, {file.case.reference}"


def _member(file: CaseFile, number: int) -> str:
    stem = (file.name or "").rpartition(".")[0]
    return f"{FOLDER}/{number:02d}-{file_name(stem)}.{file.kind}"
