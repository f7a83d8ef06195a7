"""Keeping the lease while the source takes its time.

Danger: one count over a large table takes longer than a lease, and a healthy worker is taken for dead. Rule: while a
slice works, a thread of its own renews the lease; it ends with the slice. Every statement in a source has a time limit,
and no slice is kept alive beyond `LONGEST_SECONDS`, so a worker that hangs is still found dead.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError

from privacy.jobs.registry import JobHandle, LeaseLost
from privacy.jobs.services import renew
from privacy.tenants.db import connection

LONGEST_SECONDS = 60 * 60


@contextmanager
def kept_alive(job: JobHandle) -> Iterator[None]:
    """Renew the lease of a job for as long as the body runs.

    A lease that is lost all the same is not told here: the body finds out at its next write, and is refused.
    """
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(job, over), name=f"lease of job {job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(job: JobHandle, over: threading.Event) -> None:
    """The thread has a database connection of its own and closes it."""
    until = time.monotonic() + LONGEST_SECONDS
    try:
        while not over.wait(settings.JOB_LEASE_SECONDS / 3) and time.monotonic() < until:
            connection.set_schema_to_public()
            renew(job_id=job.id, lease_owner=job.lease_owner)
    except (LeaseLost, DatabaseError):
        return
    finally:
        connection.close()
