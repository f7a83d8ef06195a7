"""The data map's jobs: once a day every active source is read again, so that drift is found before it hurts."""

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from privacy.datamap.asking import is_asked
from privacy.datamap.errors import SourceNotUsable
from privacy.datamap.models import Source
from privacy.datamap.services.connecting import check_source
from privacy.datamap.services.discovering import discover
from privacy.datamap.services.looking import note_failed_look, reconcile_map
from privacy.jobs.registry import JobHandle, LeaseLost, Retry, register_kind
from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM
from privacy.register.selectors import local_date

DUE_JOB = "datamap.sources_due"
LOOK_JOB = "datamap.look_at_source"
_PASSING = ("source_unreachable", "source_busy")
_TRIED_AGAIN = (Retry, LeaseLost, OperationalError, InterfaceError, SoftTimeLimitExceeded)


def sources_due(job: JobHandle) -> bool:
    """One job for each source and day, so that a source that is away holds up no other."""
    look_at_all_sources(slot=local_date(timezone.now()).isoformat())
    return True


def look_at_all_sources(*, slot: str) -> int:
    """Look at the data map now, and queue a look at every active database, once for each slot; how many were queued.

    A source in which somebody is asked is not asked how it is: what is known of it is when it answered.
    """
    queued = 0
    for source in Source.objects.order_by("pk"):
        reconcile_map(source)
        if source.is_active and not is_asked(source):
            queued += enqueue(kind=LOOK_JOB, slot=f"{source.pk}:{slot}")
    return queued


def look_at_source(job: JobHandle) -> bool:
    """Read a source again: whether it is there, its version, tables, and what our login may do."""
    source = Source.objects.filter(pk=int(job.slot.partition(":")[0]), is_active=True).first()
    if source is None:
        return True
    try:
        return _look_at(source)
    except _TRIED_AGAIN:
        raise
    except Exception:
        note_failed_look(source=source)
        raise


def _look_at(source: Source) -> bool:
    report = check_source(source=source)
    if report.problem:
        reconcile_map(source)
        if report.problem in _PASSING:
            raise Retry(report.problem)
        return True
    try:
        discover(source=source, actor=SYSTEM)
    except SourceNotUsable as error:
        if error.code in _PASSING:
            raise Retry(error.code) from None
        raise
    return True


def register() -> None:
    register_kind(DUE_JOB, sources_due)
    register_kind(LOOK_JOB, look_at_source)
