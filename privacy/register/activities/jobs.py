"""The job of processing without consent: telling that a review is due. It may run any number of times."""

from uuid import UUID

from privacy.jobs.registry import JobHandle, register_kind
from privacy.register.activities.without_consent import REVIEW_JOB, tell_of_review


def review_due(job: JobHandle) -> bool:
    """The slot is `<entry>/<day>`."""
    key, _slash, day = job.slot.partition("/")
    tell_of_review(processing_id=UUID(key), review_on=day)
    return True


def register() -> None:
    register_kind(REVIEW_JOB, review_due)
