"""A rule's run whose rows changed before its first chunk is counted anew: same rule, same cutoff, same columns."""

from django.db import transaction

from privacy.datamap.engine.counting import counted, predicates_of
from privacy.datamap.engine.screening import Screen
from privacy.datamap.opening import open_for_engine
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import renew
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from retention.holding import held_people
from retention.models import Run
from retention.notices.gate import gate_of
from retention.plans import plan_of, shown


def replan(run: Run, job: JobHandle) -> None:
    """Count the rows of a run again and keep the plan with the new counts.

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
    with transaction.atomic():
        renew(job_id=job.id, lease_owner=job.lease_owner)
        run.plan, run.plan_hash = shown(plan, rule=run.plan["rule"]), plan.hash
        run.save(update_fields=["plan", "plan_hash"])
        for step in plan.steps:
            late = waiting.get(step.dataset, 0)
            run.steps.filter(dataset_key=step.dataset).update(
                expected=max(0, step.expected_count - late), held=step.held_count,
                waiting=late if gate is not None else None,
            )  # fmt: skip
        record(action="run.recounted", actor=SYSTEM, target=run, data={"plan_hash": run.plan_hash})
