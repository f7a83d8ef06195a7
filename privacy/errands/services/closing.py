"""Closing errands.

Danger: "deleted" on nobody's word, or two officers declaring two different things.
Rule: what is declared needs its evidence, and the first declaration counts: the row is locked and has to be open.
"""

import uuid
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.documents.enums import ScanResult
from privacy.errands.errors import ErrandClosed, ErrandNotClosed, EvidenceMissing
from privacy.errands.models import Errand, ErrandFile, ErrandState, ErrandWork, FileRole
from privacy.errands.standing import tell
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer

_ENDS = (ErrandState.DONE, ErrandState.NOTHING_FOUND, ErrandState.IMPOSSIBLE)


@transaction.atomic
def close_errand(
    *,
    errand: Errand,
    state: ErrandState,
    officer: Officer | None = None,
    comment: str = "",
    files: Sequence[ErrandFile] = (),
) -> Errand:
    """Declare what came of an errand.

    Args:
        state: done, nothing found, or cannot be done.
        officer: who declares it; None when a processor did, whose signed words are among the files.
        files: stored for this errand: the proof of an erasure, the copies of an access.

    Raises:
        ErrandClosed: it was declared already.
        EvidenceMissing: done without a file, or no word on where nothing was found or why it cannot be done.
    """
    if state not in _ENDS:
        raise ValueError(f"an errand is not closed by making it {state}")
    locked = _locked(errand)
    if locked.state != ErrandState.OPEN:
        raise ErrandClosed
    _check_evidence(locked, state, comment, files)
    locked.state, locked.closed_at, locked.closed_by = state, timezone.now(), officer
    locked.comment = comment or None
    locked.save(update_fields=["state", "closed_at", "closed_by", "comment"])
    ErrandFile.objects.filter(pk__in=[each.pk for each in files], errand=locked).update(is_kept=True)
    actor = Actor.officer(officer) if officer else SYSTEM
    data = {"case": str(locked.case_id), "files": [each.digest for each in files]}
    record(action=f"errand.{state}", actor=actor, target=locked, data=data)
    tell(locked)
    return locked


@transaction.atomic
def reopen_errand(*, errand: Errand, officer: Officer) -> Errand:
    """Have something done after all that could not be done, or again because its file was infected.

    Raises:
        ErrandNotClosed: it is open, or was done.
    """
    locked = _locked(errand)
    if not can_be_reopened(locked):
        raise ErrandNotClosed
    infected_copies(locked).update(is_kept=False)
    locked.state, locked.closed_at, locked.closed_by, locked.comment = ErrandState.OPEN, None, None, None
    locked.save(update_fields=["state", "closed_at", "closed_by", "comment"])
    record(action="errand.reopened", actor=Actor.officer(officer), target=locked, data={"case": str(locked.case_id)})
    tell(locked)
    return locked


def can_be_reopened(errand: Errand) -> bool:
    """Whether it could not be done, or what it gave for the person was infected, so that something else is needed."""
    if errand.state == ErrandState.DONE:
        return infected_copies(errand).exists()
    return errand.state == ErrandState.IMPOSSIBLE


def infected_copies(errand: Errand) -> QuerySet[ErrandFile]:
    """What was to go to the person, and was deleted because of malware."""
    return errand.files.filter(role=FileRole.COPY, is_kept=True, scan=ScanResult.INFECTED)


@transaction.atomic
def take_over(*, errand: Errand, officer: Officer) -> Errand:
    """Do somebody else's errand.

    Raises:
        ErrandClosed: there is nothing left to do.
    """
    locked = _locked(errand)
    if locked.state != ErrandState.OPEN:
        raise ErrandClosed
    if locked.owner_id != officer.pk:
        locked.owner = officer
        locked.save(update_fields=["owner"])
        record(action="errand.taken_over", actor=Actor.officer(officer), target=locked)
    return locked


@transaction.atomic
def cancel_corrections(*, case_id: uuid.UUID) -> None:
    """Close what is open of the corrections of a case that is decided anew."""
    _cancel(Errand.objects.filter(case_id=case_id, work=ErrandWork.CORRECTION))


@transaction.atomic
def cancel_copies(*, case_id: uuid.UUID, except_sources: Collection[int] = ()) -> None:
    """Close what is open of the copies of a case that has ended, or that goes on without a source.

    Args:
        except_sources: keys of sources that are asked all the same.
    """
    _cancel(Errand.objects.filter(case_id=case_id, work=ErrandWork.ACCESS).exclude(source__in=except_sources))


@transaction.atomic
def cancel_errands(*, run_id: uuid.UUID) -> None:
    """Close what is open for a run that was stopped. What had been done already stays in the record."""
    _cancel(Errand.objects.filter(run_id=run_id))


def _cancel(errands: QuerySet[Errand]) -> None:
    for errand in errands.select_for_update().filter(state=ErrandState.OPEN):
        errand.state, errand.closed_at = ErrandState.CANCELLED, timezone.now()
        errand.save(update_fields=["state", "closed_at"])
        record(action="errand.cancelled", actor=SYSTEM, target=errand, data={"case": str(errand.case_id)})


def _locked(errand: Errand) -> Errand:
    return Errand.objects.select_for_update(of=("self",)).select_related("source").get(pk=errand.pk)


def _check_evidence(errand: Errand, state: ErrandState, comment: str, files: Sequence[ErrandFile]) -> None:
    wanted = FileRole.COPY if errand.work == ErrandWork.ACCESS else FileRole.PROOF
    if state == ErrandState.DONE and not any(each.role == wanted for each in files):
        if wanted == FileRole.COPY:
            raise EvidenceMissing(_("Add the files for the person, or say that nothing was found."))
        if errand.work == ErrandWork.CORRECTION:
            raise EvidenceMissing(_("Add a proof: a screenshot, a log or a signed note that shows what was changed."))
        raise EvidenceMissing(_("Add a proof: a screenshot, a log or a signed note that shows what was deleted."))
    if state != ErrandState.DONE and not comment.strip() and not files:
        if state == ErrandState.IMPOSSIBLE:
            raise EvidenceMissing(_("Say why it cannot be done."))
        raise EvidenceMissing(_("Say where you looked."))
