"""Opening an errand: once for each run of an erasure, once for each case and source of an access."""

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from privacy.datamap.asking import Ask, ask_of
from privacy.datamap.models import Source, SourceKind
from privacy.errands.models import Errand, ErrandState, ErrandWork
from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.selectors import local_date, profile
from privacy.subjects.models import Subject

REMIND_JOB = "errands.remind"
PROCESSOR_DAYS = 30
"""Until a processor says when it will be done: what GDPR art. 12(3) gives the controller."""


@transaction.atomic
def open_errand(
    *, source: Source, subject: Subject, case_id: uuid.UUID, work: ErrandWork, ask: Ask, run_id: uuid.UUID | None = None
) -> Errand:
    """Ask for something to be done. Asking again gives the same errand, whatever it has come to; a copy that was not
    needed for a while is asked for anew.

    Args:
        ask: what was approved.
        run_id: the run that waits for it; of an erasure only.
    """
    key = {"run_id": run_id} if run_id is not None else {"case_id": case_id, "source": source, "work": work}
    errand, is_new = Errand.objects.get_or_create(
        **key,
        defaults={
            "case_id": case_id, "source": source, "work": work, "subject": subject, "ask_hash": ask.hash,
        } | _by_kind(source),
    )  # fmt: skip
    if errand.work == ErrandWork.ACCESS and errand.state == ErrandState.CANCELLED:
        _ask_again(errand, ask)
    if is_new:
        data = {"case": str(case_id), "run": str(run_id or ""), "source": source.pk, "work": work, "ask": ask.hash}
        record(action="errand.opened", actor=SYSTEM, target=errand, data=data)
        _remind_when_due(errand)
    return errand


def _ask_again(errand: Errand, ask: Ask) -> None:
    """Open a copy that nobody waited for any more, on the terms of today."""
    given: dict[str, object] = {
        "state": ErrandState.OPEN, "closed_at": None, "reminded_at": None, "ask_hash": ask.hash,
    } | _by_kind(errand.source)  # fmt: skip
    for name, value in given.items():
        setattr(errand, name, value)
    errand.save(update_fields=list(given))
    data = {"case": str(errand.case_id), "ask": ask.hash}
    record(action="errand.reopened", actor=SYSTEM, target=errand, data=data)
    _remind_when_due(errand)


def _remind_when_due(errand: Errand) -> None:
    if errand.owner_id is not None:
        enqueue(kind=REMIND_JOB, slot=str(errand.pk), due_at=_day_after(errand.due_on))


@transaction.atomic
def open_correction(*, source: Source, subject: Subject, case_id: uuid.UUID, task: str, officer: Officer) -> Errand:
    """Ask a person to change something in a source that is no database, or belongs to a processor.

    No processor is asked over the network: OpenDSR knows no corrections, so an officer writes or telephones.

    Args:
        task: what is to be changed, from what to what; kept encrypted.
        officer: who does it where the source names nobody.
    """
    given: dict[str, object] = {"owner": officer} | _by_kind(source)
    errand = Errand.objects.create(
        source=source, case_id=case_id, work=ErrandWork.CORRECTION, subject=subject, task=task,
        ask_hash=ask_of(source, subject).hash, **given,
    )  # fmt: skip
    data = {"case": str(case_id), "run": "", "source": source.pk, "work": errand.work, "ask": errand.ask_hash}
    record(action="errand.opened", actor=SYSTEM, target=errand, data=data)
    enqueue(kind=REMIND_JOB, slot=str(errand.pk), due_at=_day_after(errand.due_on))
    return errand


def _by_kind(source: Source) -> dict[str, object]:
    today = local_date(timezone.now())
    if source.kind == SourceKind.MANUAL:
        work = source.manual_work
        return {"owner": work.owner, "instructions": work.instructions, "due_on": today + timedelta(days=work.days)}
    return {"due_on": today + timedelta(days=PROCESSOR_DAYS)}


def _day_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(hour=6), ZoneInfo(profile().time_zone))
