"""The job of an announcement: one page of letters."""

from consent.announcements.progress import ANNOUNCE
from consent.announcements.writing import write_page
from privacy.jobs.registry import JobHandle, register_kind


def announce(job: JobHandle) -> bool:
    """Slot: number of the announcement, and of the page."""
    announcement, _colon, page = job.slot.partition(":")
    write_page(announcement_id=int(announcement), page=int(page))
    return True


def register() -> None:
    register_kind(ANNOUNCE, announce)
