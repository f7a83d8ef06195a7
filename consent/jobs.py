"""The jobs of the consent app."""

from consent.propagation.reminding import remind
from consent.propagation.services import REMIND
from consent.services.idempotency import FORGET, forget_old_calls
from privacy.jobs.registry import JobHandle, register_kind


def forget_calls(job: JobHandle) -> bool:
    forget_old_calls()
    return True


def remind_of_withdrawals(job: JobHandle) -> bool:
    remind(job)
    return True


def register() -> None:
    register_kind(REMIND, remind_of_withdrawals)
    register_kind(FORGET, forget_calls)
