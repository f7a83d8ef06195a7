"""What is on file for a case besides letters, each with its SHA-256: proofs, copies, packages, certificates.

Each kind of evidence has a function of its own in EVIDENCE; a further kind is one more.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from privacy.errands.models import ErrandFile
from requests.models import AccessPackage, CaseFile, SubjectRequest
from retention.models import Certificate


@dataclass(frozen=True)
class Piece:
    """One file. `kept` is false when the file itself is gone and its digest is what is left.

    is_known_to_the_person: they sent it, or were given it. What others put on file can show why something is secret.
    """

    what: str
    name: str
    size: int
    sha256: str
    at: datetime
    kept: bool
    is_known_to_the_person: bool


def evidence_of(case: SubjectRequest, *, only_known_to_the_person: bool = False) -> list[Piece]:
    """All that is on file, in order of time."""
    found = [piece for source in EVIDENCE for piece in source(case)]
    if only_known_to_the_person:
        found = [piece for piece in found if piece.is_known_to_the_person]
    return sorted(found, key=lambda piece: (piece.at, piece.sha256))


def _files_of_tasks(case: SubjectRequest) -> Iterator[Piece]:
    files = ErrandFile.objects.filter(errand__case_id=case.pk, is_kept=True).select_related("errand__source")
    for file in files:
        what = _("%(role)s of a task in “%(source)s”") % {
            "role": file.get_role_display(), "source": file.errand.source.name,
        }  # fmt: skip
        yield Piece(what, file.name, file.size, file.digest, file.created_at, file.deleted_at is None, False)


def _packages(case: SubjectRequest) -> Iterator[Piece]:
    for package in AccessPackage.objects.filter(case=case).exclude(digest=""):
        kept = package.deleted_at is None
        yield Piece(_("access package"), "", package.size, package.digest, package.created_at, kept, True)


def _certificates(case: SubjectRequest) -> Iterator[Piece]:
    for certificate in Certificate.objects.filter(run__case_id=case.pk):
        document = certificate.document.encode()
        digest = hashlib.sha256(document).hexdigest()
        name = f"certificate-{certificate.pk}"
        yield Piece(_("signed certificate of a run"), name, len(document), digest, certificate.recorded_at, True, True)


def _files(case: SubjectRequest) -> Iterator[Piece]:
    """Also those that were deleted: their digests show what there was."""
    for file in CaseFile.objects.filter(case=case).exclude(digest=""):
        what = str(file.get_role_display())
        kept, theirs = file.deleted_at is None, file.is_from_person
        yield Piece(what, file.name or "", file.size, file.digest, file.added_at, kept, theirs)


EVIDENCE: tuple[Callable[[SubjectRequest], Iterator[Piece]], ...] = (
    _files, _files_of_tasks, _packages, _certificates,
)  # fmt: skip
