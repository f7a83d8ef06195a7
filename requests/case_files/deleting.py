"""Deleting files of cases. Imports no service: deciding a case leads here.

Danger: a copy of a passport that outlives the question it answered (PIPEDA, principle 4.9.2: given for identification,
used for nothing else).
Rule: identity documents and authorities go with the decision, and thirty days after they came at the latest. That a
file is to go is written in the transaction that says so; a job that is tried again then deletes it. From that moment
it cannot be opened. The row keeps kind, size, hash and dates; who saw it is in the ledger.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from requests.case_files.storage import path_of
from requests.models import CaseFile, FileAsk, SubjectRequest
from requests.models.files import SENSITIVE_ROLES

DELETE_JOB = "requests.delete_file"
LONGEST_KEPT = timedelta(days=30)
_NEVER_COUNTED = timedelta(hours=1)


@transaction.atomic
def delete_identity_documents(*, case: SubjectRequest, actor: Actor) -> int:
    """Delete what shows who asks, because the case is decided or closed; nothing more of it is asked for.

    Call it in the transaction of the decision. Returns how many files will go; may be repeated.
    """
    FileAsk.objects.filter(case=case, role__in=SENSITIVE_ROLES, ended_at__isnull=True).update(ended_at=timezone.now())
    files = CaseFile.objects.select_for_update().filter(
        case=case, role__in=SENSITIVE_ROLES, deletion_asked_at__isnull=True
    )
    return sum(ask_to_delete(file, actor=actor, why="decided") for file in files)


def delete_overdue_identity_documents(*, now: datetime | None = None) -> int:
    """Delete those that came thirty days ago, and those of closed cases; how many will go."""
    oldest = (now or timezone.now()) - LONGEST_KEPT
    due = Q(added_at__lte=oldest) | Q(case__closed_at__isnull=False)
    files = CaseFile.objects.filter(due, role__in=SENSITIVE_ROLES, deletion_asked_at__isnull=True)
    number = 0
    for key in files.values_list("pk", flat=True):
        with transaction.atomic():
            file = CaseFile.objects.select_for_update().get(pk=key)
            number += ask_to_delete(file, actor=SYSTEM, why="overdue")
    return number


def ask_to_delete(file: CaseFile, *, actor: Actor, why: str) -> bool:
    """Have a locked file deleted after the commit. False when that is asked already."""
    if file.deletion_asked_at is not None:
        return False
    file.deletion_asked_at = timezone.now()
    file.save(update_fields=["deletion_asked_at"])
    data = {"file": str(file.pk), "role": file.role, "why": why}
    record(action="subject_request.file_deletion_asked", actor=actor, target=file.case, data=data)
    enqueue(kind=DELETE_JOB, slot=str(file.pk))
    return True


@transaction.atomic
def delete_file(*, file_id: str) -> None:
    """Delete a file that is to go. It goes first: a row without its file is found out at once.

    Raises:
        OSError: it could not be deleted; try again.
    """
    file = CaseFile.objects.select_for_update().filter(pk=file_id, deletion_asked_at__isnull=False).first()
    if file is None or file.deleted_at is not None:
        return
    path_of(file).unlink(missing_ok=True)
    file.deleted_at, file.name, file.comment = timezone.now(), None, None
    file.save(update_fields=["deleted_at", "name", "comment"])
    data = {"file": str(file.pk), "role": file.role}
    record(action="subject_request.file_deleted", actor=SYSTEM, target=file.case, data=data)


def drop_what_never_counted() -> int:
    """Remove what somebody left who died before the file was whole; how many."""
    files = CaseFile.objects.filter(digest="", added_at__lt=timezone.now() - _NEVER_COUNTED)
    for file in files:
        path_of(file).unlink(missing_ok=True)
    return files.delete()[0]
