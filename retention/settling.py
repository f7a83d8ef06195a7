"""What is left to do for a run that was stopped: an exact record, no keys, and those who want to know told."""

import uuid
from datetime import timedelta

from django.db import transaction

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.engine.settling import settle
from privacy.datamap.opening import open_for_engine
from privacy.datamap.services.connecting import problem_code
from privacy.jobs import registry
from privacy.jobs.registry import JobHandle, Retry
from privacy.jobs.services import renew
from retention import completion
from retention.closing import close_record, is_closed
from retention.coarsening import plans_under_way
from retention.enums import RunState
from retention.holding import held_people
from retention.journal import UNFINISHED, PortalJournal
from retention.models import Run, RunChunk
from retention.notices.gate import gate_of
from retention.waking import is_at_work

_WORKER_ENDS_WITHIN = timedelta(seconds=5)


def settle_run(job: JobHandle) -> bool:
    """Tell that the run of a job was stopped, and close its record as soon as its worker has let go of it.

    Raises:
        Retry: its worker is still busy, or the source cannot tell now what became of the last rows.
    """
    run = Run.objects.select_related("source", "rule", "subject").get(pk=uuid.UUID(job.slot))
    completion.tell(run)
    if is_at_work(run):
        raise Retry("run_at_work", _WORKER_ENDS_WITHIN)
    try:
        close_stopped(run, job)
    except EngineError as error:
        raise Retry(problem_code(error)) from None
    return True


def close_stopped(run: Run, job: JobHandle) -> None:
    """Settle what a stopped run left under way, then remove its keys. Once that is done it changes nothing.

    Raises:
        EngineError: the source cannot be asked, or cannot tell yet.
        privacy.jobs.registry.LeaseLost: another worker does it.
    """
    if run.state != RunState.STOPPED or is_closed(run):
        return
    if RunChunk.objects.filter(step__run=run, state__in=UNFINISHED).exists():
        own_case = {run.case_id} if run.case_id else set()
        with open_for_engine(run.source) as source:
            held = held_people(except_cases=own_case)
            own, *passes = plans_under_way(run)
            settle(source, own, PortalJournal(run, job), held=held, gate=gate_of(run))
            for plan in passes:  # over rows that were let through already
                settle(source, plan, PortalJournal(run, job), held=held)
    with transaction.atomic():
        renew(job_id=job.id, lease_owner=job.lease_owner)
        locked = Run.objects.select_for_update().get(pk=run.pk)
        close_record(locked)
        locked.frozen_keys = None
        locked.save(update_fields=["frozen_keys"])
    run.refresh_from_db()


def try_to_close(run: Run, job: JobHandle) -> None:
    """Like `close_stopped`, for a worker that has just stopped; a source that cannot tell is asked again by a job."""
    try:
        close_stopped(run, job)
    except registry.LeaseLost:
        raise
    except EngineError:
        return
