"""One slice of one job: claim, enter the organisation, do, release."""

import logging

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from privacy.jobs import services
from privacy.jobs.models import Job
from privacy.jobs.registry import JobHandle, LeaseLost, Retry, kind
from privacy.tenants.context import enter_organisation, public_context
from privacy.tenants.errors import OrganisationNotServed

logger = logging.getLogger(__name__)

_PASSING = {
    SoftTimeLimitExceeded: "slice_too_long",
    OperationalError: "database_unavailable",
    InterfaceError: "database_unavailable",
}


def run_job(*, job_id: int) -> bool:
    """Run one slice of a job, if it can be claimed.

    Returns:
        Whether more is left to do at once.
    """
    with public_context():
        job = services.claim(job_id=job_id)
    if job is None:
        return False
    try:
        registered = kind(job.kind)
        with enter_organisation(job.schema_name, states=registered.states):
            try:
                done = registered.handle(JobHandle(job.pk, job.slot, job.attempts, job.lease_owner))
            except registered.retry_on as error:
                raise Retry(type(error).__name__) from error
            except tuple(_PASSING) as error:
                raise Retry(_PASSING[type(error)]) from error
    except LeaseLost:
        logger.warning("job %s (%s) is owned by another worker now", job.pk, job.kind)
        return False
    except Exception as error:
        asked_again = _release_after(job, error)
        if isinstance(error, Retry):
            return asked_again
        raise
    with public_context():
        if done:
            return services.finish(job=job)
        services.put_back(job=job)
    return True


def _release_after(job: Job, error: Exception) -> bool:
    """Whether it was asked for again while it ran, and so is due at once."""
    with public_context():
        if isinstance(error, Retry):
            logger.info("job %s (%s) is tried again later: %s", job.pk, job.kind, error.problem)
            return services.postpone(job=job, problem=error.problem, after=error.after)
        if isinstance(error, OrganisationNotServed):
            return services.postpone(job=job, problem=services.NOT_SERVED)
        services.fail(job=job, problem=type(error).__name__)
        return False
