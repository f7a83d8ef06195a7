"""The letters' own job: sending."""

from privacy.jobs.registry import ALSO_CANCELLED, JobHandle, register_kind
from privacy.letters.sending import send_letter


def send(job: JobHandle) -> bool:
    letter_id, _slash, _time = job.slot.partition("/")
    send_letter(letter_id=letter_id)
    return True


def register() -> None:
    register_kind("letters.send", send, states=ALSO_CANCELLED)
