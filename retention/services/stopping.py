"""Stopping the erasures of a case whose approval is void."""

import uuid

from django.db import transaction

from privacy.ledger.actors import Actor
from retention.enums import RunKind
from retention.models import Run
from retention.stopping import stop
from retention.transitions import FINAL


@transaction.atomic
def stop_erasure_runs(*, case_id: uuid.UUID, actor: Actor) -> None:
    """Stop every run of a case that has not ended. One that is at work now stops before its next chunk.

    What a run did until then stays in its record.
    """
    unfinished = Run.objects.filter(kind=RunKind.ERASURE, case_id=case_id).exclude(state__in=FINAL)
    for run in unfinished.select_for_update().order_by("pk"):
        stop(run, problem="approval_void", actor=actor)
