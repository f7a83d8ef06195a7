"""The jobs of the consent app."""

from consent.services.expiry import EXPIRY_JOB, ask_again_slice, expire_slice
from consent.services.idempotency import FORGET, forget_old_calls
from privacy.jobs.registry import JobHandle, register_kind


def forget_calls(job: JobHandle) -> bool:
    forget_old_calls()
    return True


def expiry(job: JobHandle) -> bool:
    """Every day: what ran out is written down, and whoever's consent ends soon is asked again."""
    return not (expire_slice() | ask_again_slice())


def register() -> None:
    register_kind(EXPIRY_JOB, expiry)
    register_kind(FORGET, forget_calls)
