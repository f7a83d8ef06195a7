"""Large steps of a run, shared by several workers: each part is a job of its own.

Danger: a part that nobody works on, and a run that waits for it for ever. Rule: the run's own job comes back every few
seconds while parts are open, and queues anew each one whose job ended before the part did; a part's last act is to
bring the run's job forward. What a part cannot do it leaves to the run.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from privacy.datamap.engine.pace import Limits
from privacy.datamap.engine.plan import Step
from privacy.datamap.engine.sharing import Part
from privacy.datamap.engine.values import to_data
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import enqueue, renew, requeue
from retention.enums import PartState, StepState
from retention.models import Run, RunPart, RunStep
from retention.waking import PART_JOB, part_slot

LOOK_AT_PARTS = timedelta(seconds=10)


def limits() -> Limits:
    """How large the engine's windows are. Tests fix them."""
    rows = getattr(settings, "RETENTION_WINDOW_ROWS", None)
    return Limits() if rows is None else Limits.fixed(rows)


class PortalSharing:
    """Implements `privacy.datamap.engine.sharing.Sharing` for one run and one owner of its job."""

    def __init__(self, run: Run, job: JobHandle) -> None:
        self._run = run
        self._job = job

    def parts_for(self, step: Step) -> int:
        """One part for each RETENTION_PART_ROWS rows, as far as RETENTION_MOST_PARTS; 0 for a step that is small."""
        rows = step.expected_count
        if rows <= settings.RETENTION_PART_ROWS:
            return 0
        return int(min(settings.RETENTION_MOST_PARTS, -(-rows // settings.RETENTION_PART_ROWS)))

    @transaction.atomic
    def hand_out(self, step: Step, parts: tuple[Part, ...]) -> None:
        """See Sharing.

        Raises:
            privacy.jobs.registry.LeaseLost: another worker owns the run.
        """
        renew(job_id=self._job.id, lease_owner=self._job.lease_owner)
        row = self._row(step)
        RunPart.objects.bulk_create(
            RunPart(step=row, number=part.number, content=to_data(part), expected=part.expected) for part in parts
        )
        row.state = StepState.RUNNING
        row.save(update_fields=["state"])
        for part in parts:
            enqueue(kind=PART_JOB, slot=part_slot(self._run, position=row.position, number=part.number))

    def is_under_way(self, step: Step) -> bool:
        """See Sharing."""
        row = self._row(step)
        numbers = list(row.parts.filter(state=PartState.OPEN).values_list("number", flat=True))
        for number in numbers:
            requeue(kind=PART_JOB, slot=part_slot(self._run, position=row.position, number=number))
        return bool(numbers)

    def _row(self, step: Step) -> RunStep:
        return self._run.steps.get(dataset_key=step.key)
