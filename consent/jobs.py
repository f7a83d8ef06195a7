"""The jobs of the consent app."""

from consent.services.idempotency import FORGET, forget_old_calls
from privacy.jobs.registry import JobHandle, register_kind


def forget_calls(job: JobHandle) -> bool:
    forget_old_calls()
    return True


def register() -> None:
    register_kind(FORGET, forget_calls)
