"""A rule's run whose rows changed before its first chunk is counted anew: same rule, same cutoff, same columns.

Danger: what one officer may start alone grows until its first chunk. Rule: the new counts are measured like the first.
"""

from django.db import transaction

from privacy.datamap.engine.counting import counted, predicates_of, sizes
from privacy.datamap.engine.screening import Screen
from privacy.datamap.opening import open_for_engine
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import renew
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from retention.holding import held_people
from retention.models import NoticePass, Run
from retention.notices.gate import gate_of
from retention.plans import plan_of, shown
from retention.second_look import ApprovalReason, were_limits_raised_since, why_large


def replan(run: Run, job: JobHandle) -> None:
    """Count the rows of a run again and keep the plan with the new counts, and why a second officer looks, if one must.

    Raises:
        EngineError: the source cannot be read now.
        privacy.jobs.registry.LeaseLost: another worker owns the run.
    """
    plan, held = plan_of(run), held_people()
    gate, waiting = gate_of(run), {}
    with open_for_engine(run.source) as source, source.connect() as connection:
        predicates = predicates_of(plan, source)
        plan = plan.with_steps(counted(connection, predicates, plan.steps, held))
        if gate is not None:
            screen = Screen(source, predicates, gate)
            waiting = {step.dataset: screen.count(connection, step, held).waiting for step in plan.steps}
        rows_in_all = sizes(connection, predicates, plan)
    rows = {step.dataset: max(0, step.expected_count - waiting.get(step.dataset, 0)) for step in plan.steps}
    to_tell = sum(NoticePass.objects.filter(run=run).values_list("expected", flat=True))
    reason = run.approval_reason or why_large(rows, rows_in_all, to_tell=to_tell)
    if not reason and were_limits_raised_since(run.created_at):
        reason = ApprovalReason.NEW_LIMITS
    with transaction.atomic():
        renew(job_id=job.id, lease_owner=job.lease_owner)
        run.plan, run.plan_hash = run.plan | shown(plan), plan.hash
        run.approval_reason = reason
        run.save(update_fields=["plan", "plan_hash", "approval_reason"])
        for step in plan.steps:
            run.steps.filter(dataset_key=step.dataset).update(
                expected=rows[step.dataset], held=step.held_count, protected=step.protected_count,
                waiting=waiting.get(step.dataset, 0) if gate is not None else None,
            )  # fmt: skip
        data = {"plan_hash": run.plan_hash, "waits": reason}
        record(action="run.recounted", actor=SYSTEM, target=run, data=data)
