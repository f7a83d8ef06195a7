"""The jobs of the register."""

from privacy.jobs.registry import JobHandle, register_kind
from privacy.register.disclosures.importing import FORGET
from privacy.register.models import DisclosureUpload
from privacy.register.publishing import NOTICE_DUE, publish_due


def forget_upload(job: JobHandle) -> bool:
    """An uploaded list that nobody confirmed within its time is deleted."""
    DisclosureUpload.objects.filter(pk=job.slot).delete()
    return True


def notice_due(job: JobHandle) -> bool:
    """The moment of a scheduled notice has come. Slot: its number and the moment."""
    publish_due(notice_id=int(job.slot.partition(":")[0]))
    return True


def register() -> None:
    register_kind(NOTICE_DUE, notice_due)
    register_kind(FORGET, forget_upload)
