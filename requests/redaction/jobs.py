"""The job of redaction. It may run any number of times, and makes one copy."""

from privacy.jobs.registry import JobHandle, register_kind
from requests.redaction.copying import COPY_JOB, make_copy
from retention.heartbeat import kept_alive


def copy(job: JobHandle) -> bool:
    with kept_alive(job):  # some hundred pages take minutes
        make_copy(redaction_id=job.slot)
    return True


def register() -> None:
    register_kind(COPY_JOB, copy)
