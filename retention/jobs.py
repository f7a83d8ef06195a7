"""Retention's jobs: a slice of a run, what is left of one that was stopped, and the daily look at all rules."""

from privacy.jobs.registry import JobHandle, register_kind
from retention.executing import run_slice
from retention.reviewing import remind_of_review
from retention.rules_due import start_due_runs
from retention.services.holds import REVIEW_JOB
from retention.services.releasing import WAKE_JOB
from retention.settling import settle_run
from retention.stopping import SETTLE_JOB
from retention.waking import RUN_JOB, wake_waiting_runs


def run(job: JobHandle) -> bool:
    return run_slice(job)


def settle(job: JobHandle) -> bool:
    return settle_run(job)


def rules_due(job: JobHandle) -> bool:
    return start_due_runs(job)


def wake(job: JobHandle) -> bool:
    wake_waiting_runs()
    return True


def review(job: JobHandle) -> bool:
    remind_of_review(job)
    return True


def register() -> None:
    register_kind(WAKE_JOB, wake)
    register_kind(REVIEW_JOB, review)
    register_kind(RUN_JOB, run)
    register_kind(SETTLE_JOB, settle)
    register_kind("retention.rules_due", rules_due)
