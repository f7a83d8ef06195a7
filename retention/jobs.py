"""Retention's jobs: slices of runs and of their parts, what is left of stopped ones, and the daily looks."""

from collections.abc import Callable

from django.utils import timezone

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.models import Source
from privacy.datamap.services.connecting import problem_code
from privacy.jobs.registry import JobHandle, Retry, register_kind
from privacy.jobs.services import enqueue
from privacy.register.selectors import local_date
from retention.erased.returned import sources_to_look_at
from retention.erased.slices import look_slice
from retention.executing import run_slice
from retention.heartbeat import kept_alive
from retention.kept.looking import look_at_kept, rows_of
from retention.part_slices import run_part_slice
from retention.reviewing import remind_of_review
from retention.rule_problems import PROBLEMS_JOB, look_at_problems
from retention.rules_due import RULES_JOB, start_due_runs
from retention.services.holds import REVIEW_JOB, WAKE_JOB
from retention.settling import settle_run
from retention.small_groups import COUNT_JOB, count
from retention.stopping import SETTLE_JOB
from retention.there_again import last_runs, look_for_rows_again
from retention.waking import PART_JOB, RUN_JOB, wake_waiting_runs

LOOK_JOB = "retention.look_for_erased"
KEPT_JOB = "retention.look_at_kept"
AGAIN_JOB = "retention.look_for_rows_again"


def run(job: JobHandle) -> bool:
    return run_slice(job)


def run_part(job: JobHandle) -> bool:
    return run_part_slice(job)


def settle(job: JobHandle) -> bool:
    return settle_run(job)


def rules_due(job: JobHandle) -> bool:
    return start_due_runs(job)


def rule_problems(job: JobHandle) -> bool:
    """Look again at the rules over one source that could not be planned."""
    return _at_source(job, look_at_problems)


def wake(job: JobHandle) -> bool:
    wake_waiting_runs()
    return True


def review(job: JobHandle) -> bool:
    remind_of_review(job)
    return True


def erased_due(job: JobHandle) -> bool:
    """One job for each source and day, so that a source that is away holds up no other."""
    day = local_date(timezone.now()).isoformat()
    for source in sources_to_look_at():
        enqueue(kind=LOOK_JOB, slot=f"{source.pk}:{day}")
        if rows_of(source).exists():
            enqueue(kind=KEPT_JOB, slot=f"{source.pk}:{day}")
        if last_runs(source):
            enqueue(kind=AGAIN_JOB, slot=f"{source.pk}:{day}")
    return True


def look_again(job: JobHandle) -> bool:
    """Count again what the rules of one source had done."""

    def count_again(source: Source) -> bool:
        if any(each.is_passing for each in look_for_rows_again(source=source).unknown):
            raise Retry("source_busy")
        return True

    return _at_source(job, count_again)


def look_kept(job: JobHandle) -> bool:
    """Do one slice of a look at the rows of one source that erasures left because the law wanted them kept."""
    return _at_source(job, lambda source: look_at_kept(job, source))


def look(job: JobHandle) -> bool:
    """Do one slice of a look through one source for erased people."""
    return _at_source(job, lambda source: look_slice(job, source))


def _at_source(job: JobHandle, work: Callable[[Source], bool]) -> bool:
    """Work at the source that the slot names, if it is still in use; what passes by itself is tried again later."""
    source = Source.objects.filter(pk=int(job.slot.partition(":")[0]), is_active=True).first()
    if source is None:
        return True
    try:
        with kept_alive(job):
            return work(source)
    except EngineError as error:
        if error.retryable:
            raise Retry(problem_code(error)) from None
        raise


def register() -> None:
    register_kind(WAKE_JOB, wake)
    register_kind(REVIEW_JOB, review)
    register_kind(RUN_JOB, run)
    register_kind(PART_JOB, run_part)
    register_kind(SETTLE_JOB, settle)
    register_kind(RULES_JOB, rules_due)
    register_kind(PROBLEMS_JOB, rule_problems)
    register_kind("retention.erased_due", erased_due)
    register_kind(LOOK_JOB, look)
    register_kind(KEPT_JOB, look_kept)
    register_kind(AGAIN_JOB, look_again)
    register_kind(COUNT_JOB, count)
