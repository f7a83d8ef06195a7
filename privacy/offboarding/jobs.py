"""The jobs of a closing organisation. Each may run any number of times and does its work once."""

from privacy.jobs.registry import JobHandle, register_kind
from privacy.jobs.services import renew
from privacy.offboarding.cancelling import DESTROY_JOB, REMIND_JOB
from privacy.offboarding.destroying import destroy_when_due
from privacy.offboarding.exporting import EXPORT_JOB, build_export, note_failure
from privacy.offboarding.reminding import remind
from privacy.subjects.crypto import CannotDecrypt

_CANCELLED = frozenset({"active", "cancelled"})  # active: what an undone cancellation left finds nothing to do
_ENDING = _CANCELLED | {"destroying"}


def run_reminder(job: JobHandle) -> bool:
    remind(job)
    return True


def export(job: JobHandle) -> bool:
    try:
        build_export(export_id=job.slot, keep_alive=lambda: renew(job_id=job.id, lease_owner=job.lease_owner))
    except (CannotDecrypt, ValueError):
        note_failure(export_id=job.slot)
        raise
    return True


def destroy(job: JobHandle) -> bool:
    destroy_when_due(mark=job.slot)
    return True


def register() -> None:
    register_kind(REMIND_JOB, run_reminder, states=_CANCELLED)
    register_kind(EXPORT_JOB, export, states=_CANCELLED, retry_on=(OSError,))
    register_kind(DESTROY_JOB, destroy, states=_ENDING, retry_on=(OSError,))
