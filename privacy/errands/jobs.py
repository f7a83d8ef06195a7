"""The jobs of errands."""

from privacy.errands.reminding import remind_owner
from privacy.errands.services.opening import REMIND_JOB
from privacy.jobs.registry import JobHandle, register_kind


def remind(job: JobHandle) -> bool:
    remind_owner(errand_id=job.slot)
    return True


def register() -> None:
    register_kind(REMIND_JOB, remind)
