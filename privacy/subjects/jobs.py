"""The job of the data subjects' app: resolving enquiries."""

from privacy.jobs.registry import JobHandle, register_kind
from privacy.subjects.enquiries import RESOLVE, resolve


def resolve_enquiry(job: JobHandle) -> bool:
    resolve(enquiry_id=job.slot)
    return True


def register() -> None:
    register_kind(RESOLVE, resolve_enquiry)
