"""Rows that a rule anonymised and that still single somebody out are made coarser, pass by pass, before the run ends.

Danger: a pass changes the groups that it goes by while it runs, and a worker dies in the middle. Rule: the keys of a
pass's rows are frozen, encrypted, with its step before its first chunk, and the step is worked off like any other: by
the journal, with the world asked before every chunk, and counted at its end. Only rows of the run's own steps are ever
frozen: due under the rule, masked, protected by nothing, nobody's who is held.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import transaction

from privacy.datamap.engine import executor
from privacy.datamap.engine.errors import PlanNoLongerMatches
from privacy.datamap.engine.executor import Progress
from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.engine.small_groups import Pass, next_pass
from privacy.datamap.engine.source import Source as EngineSource
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import renew
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from retention.holding import exempt_cases, held_people
from retention.journal import PortalJournal
from retention.models import Run, RunStep
from retention.plans import plan_of
from retention.results import result_of_step, weakest
from retention.sharing import limits
from retention.world import PortalWorld


def make_coarser(run: Run, job: JobHandle, source: EngineSource, done: Progress) -> tuple[Progress, PortalWorld | None]:
    """Work off the passes over small groups of a run whose own steps are done, as far as this slice's time goes.

    Args:
        done: how the run's own steps ended; the answer when nothing is left to do.

    Returns:
        How the last pass ended, and the world that was asked.

    Raises:
        EngineError, privacy.datamap.engine.errors.LeaseLost: as `executor.run` does.
    """
    end = time.monotonic() + settings.JOB_SLICE_SECONDS
    plan = plan_of(run)
    for step in (each for each in plan.steps if each.coarser is not None):
        while (frozen := _under_way(run, step) or _freeze(run, job, source, plan, step)) is not None:
            if time.monotonic() >= end:
                return replace(done, state=executor.RunState.OUT_OF_TIME), None
            journal = PortalJournal(run, job)
            world = PortalWorld(run, keep_lease=journal.renew)
            try:
                progress = executor.run(
                    source, _plan_of(frozen), journal, world,
                    limits=limits(), budget_seconds=max(0.0, end - time.monotonic()),
                )  # fmt: skip
            except PlanNoLongerMatches:  # its rows were changed since by somebody else, and nothing of it was begun
                frozen.delete()
                continue
            if not progress.done:
                return progress, world
            _close(frozen, job)
    return done, None


def plans_under_way(run: Run) -> Sequence[Plan]:
    """The plan of a run, and that of a pass that is not at its end."""
    frozen = run.steps.filter(content__isnull=False)
    return [plan_of(run), *(_plan_of(each) for each in frozen)]


def _under_way(run: Run, step: Step) -> RunStep | None:
    frozen = run.steps.filter(level__gt=0, content__isnull=False).order_by("position")
    return next((each for each in frozen if each.table == step.dataset), None)


def _plan_of(frozen: RunStep) -> Plan:
    stored: Any = frozen.content
    return Plan.from_data(stored)


def _freeze(run: Run, job: JobHandle, source: EngineSource, plan: Plan, step: Step) -> RunStep | None:
    """Decide the rows of the next pass and write them down, before any is changed. None: there is none."""
    last = run.steps.order_by("-position").values_list("position", flat=True)[0]
    held = held_people(except_cases=exempt_cases(run))
    found = next_pass(source, plan, step, key=f"{step.dataset}#{last + 1}", held=held)
    return None if found is None else _written_down(run, job, step, found, last + 1)


@transaction.atomic
def _written_down(run: Run, job: JobHandle, step: Step, found: Pass, position: int) -> RunStep:
    renew(job_id=job.id, lease_owner=job.lease_owner)
    own = run.steps.get(dataset_key=step.dataset)
    data = {"table": step.dataset, "level": found.level, "rows": found.step.expected_count}
    record(action="run.small_groups_coarser", actor=SYSTEM, target=run, data=data)
    return RunStep.objects.create(
        run=run,
        position=position,
        level=found.level,
        dataset_key=found.step.key,
        dataset_label=own.dataset_label,
        action=found.step.action,
        result=weakest([own.result, result_of_step(found.step)]),
        expected=found.step.expected_count,
        held=0,
        protected=0,
        content=found.plan.to_data(),
    )


@transaction.atomic
def _close(frozen: RunStep, job: JobHandle) -> None:
    """Forget the keys of a pass that was counted."""
    renew(job_id=job.id, lease_owner=job.lease_owner)
    RunStep.objects.filter(pk=frozen.pk).update(content=None, survivors=0)
