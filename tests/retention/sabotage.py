"""A worker in a process of its own that can be killed at a chosen moment of its work."""

import os
import signal
import sys

import django


def main(database: str, job_id: int, moment: str, count: int) -> None:
    """Run one slice of a job as a worker does, and die by SIGKILL at the n-th occurrence of a moment.

    Moments: intended, changed (before the result is written down), prepared (before the source commits), committed
    (before the portal knows), closed, verified (before the run is called complete), handed_out (parts, to others).
    `never` runs to the end.
    """
    django.setup()
    from django.conf import settings
    from django.db import connection

    connection.settings_dict["NAME"] = database
    settings.RETENTION_WINDOW_ROWS = 2
    settings.JOB_SLICE_SECONDS = 600
    settings.RETENTION_PART_ROWS = int(os.environ.get("PART_ROWS", settings.RETENTION_PART_ROWS))

    from privacy.datamap.engine import source as engine_source
    from privacy.jobs.runner import run_job
    from retention import approval, completion, executing, journal, sharing

    completion._listeners.clear()  # there is no case behind the run: what becomes of one is tested where cases live
    approval._resolvers[:] = [lambda _run: True]
    seen = {"count": 0}

    def die_at(name: str) -> None:
        if name == moment:
            seen["count"] += 1
            if seen["count"] == count:
                os.kill(os.getpid(), signal.SIGKILL)

    def after(cls, method: str, name: str) -> None:
        original = getattr(cls, method)

        def wrapped(*args, **kwargs):
            result = original(*args, **kwargs)
            die_at(name)
            return result

        setattr(cls, method, wrapped)

    def before(cls, method: str, name: str) -> None:
        original = getattr(cls, method)

        def wrapped(*args, **kwargs):
            die_at(name)
            return original(*args, **kwargs)

        setattr(cls, method, wrapped)

    after(journal.PortalJournal, "intend", "intended")
    after(engine_source.SourceConnection, "change", "changed")
    after(journal.PortalJournal, "prepare", "prepared")
    before(journal.PortalJournal, "complete", "committed")
    after(journal.PortalJournal, "close_step", "closed")
    before(executing, "complete", "verified")
    after(sharing.PortalSharing, "hand_out", "handed_out")
    while run_job(job_id=job_id):
        pass


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
