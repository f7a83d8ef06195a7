"""Retention's jobs: a slice of a run, and the daily looks: at all rules, and for erased people who came back."""

from django.utils import timezone

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.models import Source
from privacy.datamap.services.connecting import problem_code
from privacy.jobs.registry import JobHandle, Retry, register_kind
from privacy.jobs.services import enqueue
from privacy.register.selectors import local_date
from retention.erased.returned import look_for_erased, sources_to_look_at
from retention.executing import run_slice
from retention.heartbeat import kept_alive
from retention.rules_due import start_due_runs
from retention.small_groups import COUNT_JOB, count
from retention.waking import RUN_JOB

LOOK_JOB = "retention.look_for_erased"


def run(job: JobHandle) -> bool:
    return run_slice(job)


def rules_due(job: JobHandle) -> bool:
    return start_due_runs(job)


def erased_due(job: JobHandle) -> bool:
    """One job for each source and day, so that a source that is away holds up no other."""
    day = local_date(timezone.now()).isoformat()
    for source in sources_to_look_at():
        enqueue(kind=LOOK_JOB, slot=f"{source.pk}:{day}")
    return True


def look(job: JobHandle) -> bool:
    """Look through one source for erased people."""
    source = Source.objects.filter(pk=int(job.slot.partition(":")[0]), is_active=True).first()
    if source is None:
        return True
    try:
        with kept_alive(job):
            look_for_erased(source=source)
    except EngineError as error:
        if error.retryable:
            raise Retry(problem_code(error)) from None
        raise
    return True


def register() -> None:
    register_kind(RUN_JOB, run)
    register_kind("retention.rules_due", rules_due)
    register_kind("retention.erased_due", erased_due)
    register_kind(LOOK_JOB, look)
    register_kind(COUNT_JOB, count)
