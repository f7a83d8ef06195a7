"""Starting what a second officer approved: one run for each source of the plan."""

import uuid
from datetime import date
from typing import Any

from django.db import transaction

from privacy.datamap.asking import Ask
from privacy.datamap.subject_plan import PlannedErasure, SourcePlan
from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.subjects.models import Subject
from retention.enums import RunKind, RunState
from retention.errors import NothingPlanned
from retention.models import Run
from retention.plans import shown, write_steps
from retention.waking import RUN_JOB


@transaction.atomic
def start_erasure_run(
    *, case_id: uuid.UUID, subject: Subject, planned: PlannedErasure, actor: Actor, received_on: date | None = None
) -> list[Run]:
    """Queue the erasure of a person in every source of a plan. Asking again for the same plan gives the same runs.

    Args:
        case_id: the case whose own hold does not stop the runs.
        planned: exactly what was approved; each run refuses to begin when the rows are no longer those.
        received_on: the day with which the plan was made; rows that came about after it are left. None: all are meant.

    Raises:
        NothingPlanned: the plan names no source, so nothing could ever be proven.
    """
    if not planned.plans:
        raise NothingPlanned
    return [_start(case_id, subject, each, actor, received_on) for each in planned.plans]


def _start(case_id: uuid.UUID, subject: Subject, each: SourcePlan, actor: Actor, received_on: date | None) -> Run:
    earlier = Run.objects.filter(case_id=case_id, source_id=each.source_id, plan_hash=each.plan.hash)
    attempt = earlier.filter(state=RunState.STOPPED).count() + 1  # a stopped run never goes on
    frozen: Any = None if isinstance(each.plan, Ask) else each.plan.to_data()
    run, is_new = Run.objects.get_or_create(
        slot=f"case:{case_id}:{each.source_id}:{each.plan.hash[:16]}:{attempt}",
        defaults={
            "kind": RunKind.ERASURE,
            "source_id": each.source_id,
            "case_id": case_id,
            "subject": subject,
            "received_on": received_on,
            "plan": shown(each.plan),
            "plan_hash": each.plan.hash,
            "frozen_keys": frozen,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
        },
    )
    if is_new:
        if not isinstance(each.plan, Ask):
            write_steps(run, each.plan)
        data = {"case": str(case_id), "plan_hash": run.plan_hash}
        record(action="run.planned", actor=actor, target=run, data=data)
        enqueue(kind=RUN_JOB, slot=str(run.pk))
    return run
