"""The jobs of the data subjects' app: resolving enquiries, and forgetting links that have expired."""

from privacy.jobs.registry import JobHandle, register_kind
from privacy.subjects.enquiries import RESOLVE, resolve
from privacy.subjects.links import forget_expired_links


def resolve_enquiry(job: JobHandle) -> bool:
    resolve(enquiry_id=job.slot)
    return True


def forget_links(job: JobHandle) -> bool:
    forget_expired_links()
    return True


def register() -> None:
    register_kind("subjects.forget_links", forget_links)
    register_kind(RESOLVE, resolve_enquiry)
