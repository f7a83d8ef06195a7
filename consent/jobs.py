"""The jobs of the consent app."""

from consent.documents import SCAN_JOB, drop_what_never_counted, scan_document, scan_what_is_unknown
from consent.propagation.reminding import remind
from consent.propagation.services import REMIND
from consent.services.campaigns import CAMPAIGN_JOB, campaign_slice, resume_campaigns
from consent.services.expiry import EXPIRY_JOB, ask_again_slice, expire_slice
from consent.services.idempotency import FORGET, forget_old_calls
from privacy.documents.errors import ScannerAway
from privacy.jobs.registry import JobHandle, Retry, register_kind


def forget_calls(job: JobHandle) -> bool:
    forget_old_calls()
    return True


def remind_of_withdrawals(job: JobHandle) -> bool:
    remind(job)
    return True


def expiry(job: JobHandle) -> bool:
    """Every day: what ran out is written down, and whoever's consent ends soon is asked again."""
    drop_what_never_counted()
    scan_what_is_unknown()
    resume_campaigns()
    return not (expire_slice() | ask_again_slice())


def campaign(job: JobHandle) -> bool:
    return campaign_slice(job.slot)


def scan(job: JobHandle) -> bool:
    try:
        scan_document(document_id=job.slot)
    except ScannerAway as error:
        raise Retry(error.code) from None
    return True


def register() -> None:
    register_kind(REMIND, remind_of_withdrawals)
    register_kind(EXPIRY_JOB, expiry)
    register_kind(SCAN_JOB, scan)
    register_kind(CAMPAIGN_JOB, campaign)
    register_kind(FORGET, forget_calls)
