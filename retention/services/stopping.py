"""Stopping the erasures of a case whose approval is void."""

import uuid

from django.db import transaction

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from retention.enums import RunKind, RunState
from retention.models import Run
from retention.moves import move
from retention.transitions import FINAL


@transaction.atomic
def stop_erasure_runs(*, case_id: uuid.UUID, actor: Actor) -> None:
    """Stop every run of a case that has not ended. One that is at work now stops before its next chunk.

    What a run did until then stays in its record.
    """
    unfinished = Run.objects.filter(kind=RunKind.ERASURE, case_id=case_id).exclude(state__in=FINAL)
    for run in unfinished.select_for_update().order_by("pk"):
        move(run, RunState.STOPPED, problem="approval_void", problem_words="", frozen_keys=None)
        record(action="run.stopped", actor=actor, target=run, data={"problem": run.problem})
