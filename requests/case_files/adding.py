"""Adding files to cases.

Danger: malware that an officer opens, a disk that strangers fill, a photo that says where somebody lives.
Rule: kind, size and number are limited; images lose what lies beside their pixels; with a scanner configured a file
stays in quarantine until it was found clean.
"""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.documents import scanning
from privacy.documents.enums import ScanResult
from privacy.documents.errors import DocumentUnreadable, FileRefused
from privacy.documents.keeping import Kept
from privacy.documents.taking import take_upload
from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from requests.case_files.errors import FileNotTaken
from requests.case_files.scanning import SCAN_JOB
from requests.case_files.storage import path_of, write_content
from requests.enums import RequestKind, RequestState
from requests.models import CaseFile, CaseFileRole, FileAsk, SubjectRequest
from requests.models.files import SENSITIVE_ROLES
from requests.services.asking_back import identity_answered
from requests.services.moves import check_may_handle, locked

KINDS_OF_PEOPLE = ("pdf", "jpg", "jpeg", "png")
KINDS_OF_OFFICERS = (*KINDS_OF_PEOPLE, "docx", "xlsx", "csv", "eml", "html", "json", "txt")
ROLES_OF_OFFICERS = tuple(role for role in CaseFileRole if role != CaseFileRole.REDACTED)
MOST_FILES, MOST_FILES_OF_THE_PERSON = 300, 20
LONGEST_COMMENT = 1000
_NOT_DECIDED = frozenset({RequestState.RECEIVED, RequestState.PLANNING, RequestState.DECIDING})


def add_file(
    *, case: SubjectRequest, officer: Officer, role: CaseFileRole, upload: UploadedFile, comment: str = ""
) -> CaseFile:
    """Add a file to a case in the name of an officer.

    Raises:
        NotAllowed: the case is not this officer's.
        FileNotTaken: the file, its kind, or one more file is not taken; the message says why.
    """
    check_may_handle(officer, case)
    if role not in ROLES_OF_OFFICERS:
        raise FileNotTaken(_("Choose what the file is."))
    _check_room(case, role, most=MOST_FILES)
    kinds = KINDS_OF_PEOPLE if role in SENSITIVE_ROLES else KINDS_OF_OFFICERS
    file = CaseFile(case=case, role=role, officer=officer, comment=comment.strip()[:LONGEST_COMMENT] or None)
    return _take(file, upload, kinds=kinds, actor=Actor.officer(officer))


def answer_ask(*, ask: FileAsk, upload: UploadedFile) -> CaseFile:
    """Take the file that the person of the case sends because they were asked for it.

    Raises:
        FileNotTaken: the file, its kind, or one more file is not taken; or it is not asked for any more.
    """
    case = ask.case
    if ask.ended_at is not None:
        raise FileNotTaken(_("This document is not needed any more. You need not do anything."))
    _check_room(case, ask.role, most=MOST_FILES_OF_THE_PERSON, is_from_person=True)
    file = CaseFile(case=case, role=ask.role, is_from_person=True)
    return _take(file, upload, kinds=KINDS_OF_PEOPLE, actor=Actor.subject(case.subject), ask=ask)


def takes_evidence(case: SubjectRequest) -> bool:
    """Whether the person can send what shows that their correction is right, without being asked for it."""
    return case.kind == RequestKind.RECTIFICATION and case.state in _NOT_DECIDED


def send_evidence(*, case: SubjectRequest, upload: UploadedFile) -> CaseFile:
    """Take a file by which the person of a case shows that their correction is right.

    Raises:
        FileNotTaken: the file, its kind, or one more file is not taken; or the corrections are decided by now.
    """
    if not takes_evidence(case):
        raise FileNotTaken(_("Your request is decided. Write to us if we should look at something again."))
    _check_room(case, CaseFileRole.EVIDENCE, most=MOST_FILES_OF_THE_PERSON, is_from_person=True)
    file = CaseFile(case=case, role=CaseFileRole.EVIDENCE, is_from_person=True)
    return _take(file, upload, kinds=KINDS_OF_PEOPLE, actor=Actor.subject(case.subject))


def add_made_here(file: CaseFile, chunks: Iterable[bytes]) -> Kept:
    """Keep a file that the portal made itself. It has no digest, and does not count, before the caller says so."""
    file.save(force_insert=True)
    return _write(file, chunks)


def _check_room(case: SubjectRequest, role: str, *, most: int, **which: bool) -> None:
    if role in SENSITIVE_ROLES and case.closed_at is not None:
        raise FileNotTaken(_("The case is closed: nobody's identity has to be shown any more."))
    if CaseFile.objects.filter(case=case, **which).count() >= most:
        raise FileNotTaken(_("This case has as many files as it may have. Put several pages into one PDF file."))


def _take(
    file: CaseFile, upload: UploadedFile, *, kinds: tuple[str, ...], actor: Actor, ask: FileAsk | None = None
) -> CaseFile:
    try:
        checked = take_upload(upload, kinds=kinds)
    except (FileRefused, DocumentUnreadable) as error:
        raise FileNotTaken(str(error)) from None
    file.kind, file.name = checked.kind, checked.name
    file.save(force_insert=True)
    kept = _write(file, checked.chunks)
    try:
        _count_in(file, kept, actor, ask)
    except BaseException:
        drop(file)
        raise
    return file


def _write(file: CaseFile, chunks: Iterable[bytes]) -> Kept:
    try:
        return write_content(file, chunks)
    except BaseException:
        drop(file)
        raise


@transaction.atomic
def _count_in(file: CaseFile, kept: Kept, actor: Actor, ask: FileAsk | None) -> None:
    """From here on it is a file of the case; what the person sends answers our question who they are."""
    if ask is not None:
        _note_answer(ask, actor)
    if ask is not None and not FileAsk.objects.filter(pk=ask.pk, ended_at__isnull=True).update(
        file=file, ended_at=timezone.now()
    ):
        raise FileNotTaken(_("This document is not needed any more. You need not do anything."))
    file.size, file.digest = kept.size, kept.digest
    file.released_at = file.added_at if file.role == CaseFileRole.ANSWER else None  # its role says so
    file.scan = ScanResult.QUARANTINED if scanning.is_configured() else ScanResult.UNSCANNED
    file.save(update_fields=["size", "digest", "scan", "released_at"])
    data = {"file": str(file.pk), "role": file.role, "kind": file.kind, "digest": file.digest}
    if file.released_at is not None:
        data["is_released"] = "yes"
    record(action="subject_request.file_added", actor=actor, target=file.case, data=data)
    if scanning.is_configured():
        enqueue(kind=SCAN_JOB, slot=str(file.pk))


def _note_answer(ask: FileAsk, actor: Actor) -> None:
    case = locked(ask.case)
    if case.closed_at is None:
        identity_answered(case=case, actor=actor)
    elif ask.role in SENSITIVE_ROLES:
        raise FileNotTaken(_("The case is closed: nobody's identity has to be shown any more."))


def drop(file: CaseFile) -> None:
    """Remove a file that never counted, and its row."""
    path_of(file).unlink(missing_ok=True)
    CaseFile.objects.filter(pk=file.pk, digest="").delete()
