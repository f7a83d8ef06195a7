"""Files of cases whose rows a retention rule has deleted.

Danger: a file outlives the row that says whose it is. Rule: after every retention run that touched the portal's own
tables, a job compares the folder with the cases and deletes what belongs to none; a job that fails is done again.
A package that is being made lies under the name of its case, and its case is there.
"""

import uuid
from pathlib import Path

from privacy.datamap.models import SourceKind
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import enqueue
from requests.fulfilment.storage import folder
from requests.models import SubjectRequest
from retention.models import Run

LEFT_JOB = "requests.delete_left_files"


def look_for_left_files(run: Run) -> None:
    """Have the folder looked through after a run over the portal's own tables."""
    if run.source.kind == SourceKind.PORTAL:
        enqueue(kind=LEFT_JOB, slot=str(run.pk))


def delete_left_files(job: JobHandle) -> bool:
    """Delete files whose case is gone. May be repeated; what is not named after a case is left alone."""
    files = {path: case for path in folder().iterdir() if (case := _case_of(path)) is not None}
    there = set(SubjectRequest.objects.filter(pk__in=set(files.values())).values_list("pk", flat=True))
    for path in (path for path, case in files.items() if case not in there):
        path.unlink(missing_ok=True)
    return True


def _case_of(path: Path) -> uuid.UUID | None:
    try:
        return uuid.UUID(path.name.partition(".")[0])
    except ValueError:
        return None
