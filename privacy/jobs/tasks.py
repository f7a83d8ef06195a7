"""The two Celery tasks of the portal. Both are thin and may run any number of times."""

import logging
import traceback

from celery import shared_task

from privacy.jobs import dispatch
from privacy.jobs.runner import run_job
from privacy.jobs.services import wake
from privacy.tenants.context import public_context

logger = logging.getLogger(__name__)


@shared_task(name="jobs.dispatch_due", ignore_result=True)
def dispatch_due() -> None:
    """Turn due schedules into jobs and wake workers for all jobs that are due."""
    with public_context():
        dispatch.make_due_jobs()
        addresses = dispatch.addresses_of_due_jobs()
        dispatch.forget_old_jobs()
    for message in dispatch.messages(addresses):
        run_jobs.delay([list(address) for address in message])


@shared_task(name="jobs.run", ignore_result=True)
def run_jobs(addresses: list[list]) -> None:
    """Run one slice of each job; what is not finished goes to the end of the queue.

    Args:
        addresses: [schema name, job id] of each job.
    """
    for schema_name, job_id in addresses:
        try:
            unfinished = run_job(job_id=job_id)
        except Exception as error:
            _log(schema_name, job_id, error)
            continue
        if unfinished:
            wake(schema_name, job_id)


def _log(schema_name: str, job_id: int, error: Exception) -> None:
    """Log where it happened and not what it said: messages of databases quote the values they choke on."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("job %s of %s failed with %s\n%s", job_id, schema_name, type(error).__name__, frames)
