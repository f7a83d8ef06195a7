"""A look through a source for erased people, in slices: a large source takes longer than a worker may be busy.

Danger: a look that is interrupted and begins anew for ever, or that calls rows gone which it has not read yet. Rule:
what was found is stored together with the key up to which was read, a batch at a time; a dataset is concluded, and
rows are called gone, only after its last row was read in this look.
"""

import time
from contextlib import closing

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from privacy.datamap.engine.errors import EngineError, SourceRefused
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.models import Dataset, Source
from privacy.datamap.opening import open_for_engine
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import renew
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from retention.erased.fingerprints import ErasedSet
from retention.erased.looking import Watched, look_in_portions, watched_datasets
from retention.erased.returned import conclude, see
from retention.models import ErasedLook


def look_slice(job: JobHandle, source: Source) -> bool:
    """Go on with the look that the job is about.

    Returns:
        Whether every dataset was looked through.

    Raises:
        EngineError: the source cannot be read now; or, at the end of the look, one of its datasets could not be.
        privacy.jobs.registry.LeaseLost: another worker goes on with it.
    """
    look, _ = ErasedLook.objects.get_or_create(slot=job.slot, defaults={"source": source, "since": timezone.now()})
    erased, deadline = ErasedSet(), time.monotonic() + settings.JOB_SLICE_SECONDS
    with open_for_engine(source) as engine:
        for watched in watched_datasets(source, engine):
            if watched.dataset.key in look.done:
                continue
            try:
                if not _go_on(engine, watched, erased, look, job, deadline):
                    return False
            except EngineError as error:
                if error.retryable:
                    raise
                _next(look, job, watched.dataset, unread=str(error))
    unread = look.unread
    _end(look, job, len(erased))
    if unread:
        raise SourceRefused(unread)
    return True


def _go_on(
    engine: EngineSource,
    watched: Watched,
    erased: ErasedSet,
    look: ErasedLook,
    job: JobHandle,
    deadline: float,
) -> bool:
    """Whether a dataset was read to its end; not if time was over before."""
    after = None if look.after is None else tuple(look.after)
    with closing(look_in_portions(engine, watched, erased, after=after)) as portions:
        for portion in portions:
            with transaction.atomic():
                renew(job_id=job.id, lease_owner=job.lease_owner)
                see(watched.dataset, portion.found)
                look.after, look.rows_read = list(portion.last), look.rows_read + portion.read
                look.save(update_fields=["after", "rows_read"])
            if time.monotonic() >= deadline:
                return False
    _next(look, job, watched.dataset)
    return True


@transaction.atomic
def _next(look: ErasedLook, job: JobHandle, dataset: Dataset, *, unread: str = "") -> None:
    """This dataset is at its end, or cannot be read and nothing is known of it."""
    renew(job_id=job.id, lease_owner=job.lease_owner)
    if unread:
        look.unread = unread
    else:
        look.rows_back += conclude(look.source, dataset, read=0, since=look.since).back
    look.done, look.after = [*look.done, dataset.key], None
    look.save(update_fields=["done", "after", "rows_back", "unread"])


@transaction.atomic
def _end(look: ErasedLook, job: JobHandle, erased: int) -> None:
    renew(job_id=job.id, lease_owner=job.lease_owner)
    data = {"rows_read": look.rows_read, "back": look.rows_back, "erased": erased, "complete": not look.unread}
    record(action="erasures.verified", actor=SYSTEM, target=look.source, data=data)
    look.delete()
