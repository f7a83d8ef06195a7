"""Who may open a file of a case, and that they did.

Danger: a colleague looks at a stranger's passport. Rule: whoever may handle the case opens its files; what shows who
somebody is needs a permission besides. Each opening is in the ledger before a byte leaves.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.documents.enums import ScanResult
from privacy.ledger.actors import Actor
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.officers.access import may
from privacy.officers.models import Officer
from requests.case_files.errors import FileClosed, FileNotForYou
from requests.case_files.scanning import is_known_to_be_safe
from requests.case_files.storage import path_of, read_content
from requests.models import CaseFile, SubjectRequest
from requests.services.moves import check_may_handle

OPENED = "subject_request.file_opened"
SENSITIVE = "requests.view_identity_document"
_NOT_AGAIN_FOR = timedelta(hours=1)


def open_file(*, file: CaseFile, officer: Officer) -> Iterator[bytes]:
    """The content of a file for an officer who downloads it; that they do is written down.

    Raises:
        NotAllowed: the case is not this officer's.
        FileNotForYou: it shows who somebody is, and the officer does not check identities.
        FileClosed: it is not scanned yet, was infected, or is deleted.
        CannotDecrypt: while it is read: it was altered; throw away what was read.
    """
    check_may_open(file, officer)
    _note(file, officer)
    return read_content(file)


def content_for_redaction(*, file: CaseFile, officer: Officer) -> bytes:
    """The content of a document that an officer looks at page by page: written down once an hour.

    Raises:
        as `open_file`.
    """
    check_may_open(file, officer)
    since = timezone.now() - _NOT_AGAIN_FOR
    actor = Actor.officer(officer)
    if not openings(file).filter(actor_kind=actor.kind, actor_id=actor.id, recorded_at__gt=since).exists():
        _note(file, officer)
    return b"".join(read_content(file))


def check_may_open(file: CaseFile, officer: Officer) -> None:
    """Raise what `open_file` raises, and open nothing."""
    check_may_handle(officer, file.case)
    if file.is_sensitive and not officer.has_perm(SENSITIVE):
        raise FileNotForYou
    if words := closed_words(file):
        raise FileClosed(words)
    if not path_of(file).exists():
        raise FileClosed(_("The file is gone."))


def may_open(file: CaseFile, officer: Officer, *, may_handle: bool) -> bool:
    """Whether pages offer it; asks the database for nothing."""
    return may_handle and (not file.is_sensitive or officer.has_perm(SENSITIVE)) and not closed_words(file)


def may_handle(officer: Officer, case: SubjectRequest) -> bool:
    """As `check_may_handle`, for pages."""
    return may(officer, "handle_subjectrequest", case, all_of_them="requests.handle_subjectrequest")


def closed_words(file: CaseFile) -> str:
    """Why nobody can open it; empty when it can be opened."""
    if file.scan == ScanResult.INFECTED:
        return _("Malware was found in this file, so it was deleted. Ask for it again.")
    if file.deleted_at is not None or file.deletion_asked_at is not None:
        return _("This file is deleted.")
    if not file.digest:
        return _("This file did not arrive completely. Add it again.")
    if not is_known_to_be_safe(file):
        return _("This file waits for the virus scanner. It can be opened once it was found clean.")
    return ""


def openings(file: CaseFile) -> QuerySet[LedgerEntry]:
    """Who opened a file and when, the latest first."""
    return LedgerEntry.objects.filter(
        action=OPENED, object_type=SubjectRequest._meta.label_lower, object_id=str(file.case_id),
        data__file=str(file.pk),
    )  # fmt: skip


def _note(file: CaseFile, officer: Officer) -> None:
    data = {"file": str(file.pk), "role": file.role}
    record(action=OPENED, actor=Actor.officer(officer), target=file.case, data=data)
