"""The jobs of the register."""

from privacy.jobs.registry import JobHandle, register_kind
from privacy.register.disclosures.importing import FORGET
from privacy.register.models import DisclosureUpload


def forget_upload(job: JobHandle) -> bool:
    """An uploaded list that nobody confirmed within its time is deleted."""
    DisclosureUpload.objects.filter(pk=job.slot).delete()
    return True


def register() -> None:
    register_kind(FORGET, forget_upload)
