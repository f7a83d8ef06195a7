"""The only door through which a run changes its state."""

from typing import Any

from django.utils import timezone

from privacy.errands.services import cancel_errands
from retention.enums import RunState
from retention.errors import IllegalMove
from retention.models import Run
from retention.transitions import RUN_TRANSITIONS


def move(run: Run, to: RunState, **changes: Any) -> None:
    """Move a run that the caller has locked, with whatever belongs to the move.

    Raises:
        IllegalMove: this state may not follow.
    """
    if to not in RUN_TRANSITIONS[RunState(run.state)]:
        raise IllegalMove(run.state, to)
    run.state = to
    if to == RunState.RUNNING and run.started_at is None:
        changes["started_at"] = timezone.now()
    if to == RunState.COMPLETED:
        changes |= {"completed_at": timezone.now(), "frozen_keys": None}
    for name, value in changes.items():
        setattr(run, name, value)
    run.save(update_fields=["state", *changes])
    if to == RunState.STOPPED:
        cancel_errands(run_id=run.pk)
