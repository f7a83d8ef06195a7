"""Which documents of cases go to the person with their access package.

Danger: the original goes out beside, or instead of, the copy in which somebody else's data is black.
Rule: only a document to be released and a redacted copy are ever released, each by an officer's word, and never a
document of which anything was marked as withheld: releasing and marking lock the same row, and whoever makes a package
looks again (`released_to`).
"""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from requests.case_files.errors import FileNotReleased
from requests.case_files.opening import check_may_open
from requests.enums import Outcome
from requests.models import CaseFile, Redaction, SubjectRequest
from requests.models.files import RELEASABLE_ROLES, CaseFileRole
from requests.services.moves import check_may_handle

_NOTHING_GIVEN = ("", Outcome.REFUSED, Outcome.FEE_LAPSED)


@transaction.atomic
def release_file(*, file: CaseFile, officer: Officer) -> None:
    """Have a document go with the access package that is made next. Does nothing when it does already.

    Raises:
        NotAllowed, FileClosed: as `open_file`.
        FileNotReleased: it is none that is released, or something in it is withheld.
    """
    check_may_open(file, officer)
    locked = CaseFile.objects.select_for_update(of=("self",)).select_related("case").get(pk=file.pk)
    if locked.role not in RELEASABLE_ROLES:
        raise FileNotReleased(_("Only documents to be released and redacted copies go to the person."))
    if is_withheld_in(locked):
        raise FileNotReleased(_("Something in this document is withheld. Release the redacted copy instead."))
    if locked.released_at is None:
        _note(locked, Actor.officer(officer), is_released=True)


@transaction.atomic
def keep_file_back(*, file: CaseFile, officer: Officer) -> None:
    """Have a document stay out of the packages that are made from now on.

    Raises:
        NotAllowed: the case is not this officer's.
    """
    check_may_handle(officer, file.case)
    withdraw_release(file=file, actor=Actor.officer(officer))


@transaction.atomic
def withdraw_release(*, file: CaseFile, actor: Actor) -> None:
    """The same where something is withheld in it from now on. Does nothing to one that is not released."""
    locked = CaseFile.objects.select_for_update(of=("self",)).select_related("case").get(pk=file.pk)
    if locked.released_at is not None:
        _note(locked, actor, is_released=False)


def is_withheld_in(file: CaseFile) -> bool:
    """Whether anything of a document was marked as withheld, whether a copy was made of it or not."""
    return any(each.marks or each.copy_digest for each in Redaction.objects.filter(file=file))


def released_to(case: SubjectRequest) -> list[CaseFile]:
    """What goes into the package of a case: of this one, and of others of the person in which something was given."""
    redacted = {each.file_id for each in Redaction.objects.filter(file__in=_marked_released(case)) if _withholds(each)}
    return [file for file in _marked_released(case).order_by("added_at", "pk") if file.pk not in redacted]


def kept_out(case: SubjectRequest) -> list[CaseFile]:
    """Documents of a case that are to be released and do not go with its package, nor a redacted copy of them."""
    gone = released_to(case)
    documents = CaseFile.objects.filter(case=case, role=CaseFileRole.ANSWER, deletion_asked_at__isnull=True)
    kept = [each for each in documents.exclude(digest="").order_by("added_at", "pk") if each not in gone]
    replaced = set(Redaction.objects.filter(file__in=kept, copy__in=gone).values_list("file_id", flat=True))
    return [each for each in kept if each.pk not in replaced]


def _marked_released(case: SubjectRequest) -> QuerySet[CaseFile]:
    of_the_person = Q(case=case) | (Q(case__subject=case.subject_id) & ~Q(case__outcome__in=_NOTHING_GIVEN))
    files = CaseFile.objects.filter(of_the_person, role__in=RELEASABLE_ROLES, released_at__isnull=False)
    return files.filter(deletion_asked_at__isnull=True).exclude(digest="").select_related("case")


def _withholds(redaction: Redaction) -> bool:
    return bool(redaction.marks or redaction.copy_digest)


def _note(file: CaseFile, actor: Actor, *, is_released: bool) -> None:
    file.released_at = timezone.now() if is_released else None
    file.save(update_fields=["released_at"])
    action = "subject_request.file_released" if is_released else "subject_request.file_kept_back"
    record(action=action, actor=actor, target=file.case, data={"file": str(file.pk), "digest": file.digest})
