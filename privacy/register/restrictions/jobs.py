"""The job of restrictions: ending those whose last day is over. It may run any number of times."""

from uuid import UUID

from privacy.jobs.registry import JobHandle, register_kind
from privacy.register.restrictions.services import END_JOB, end_restriction


def end(job: JobHandle) -> bool:
    end_restriction(restriction_id=UUID(job.slot))
    return True


def register() -> None:
    register_kind(END_JOB, end)
