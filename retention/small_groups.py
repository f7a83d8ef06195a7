"""After a rule has anonymised rows: whether what is left of them still singles somebody out.

Danger: name and address are gone, but birth year, postcode and sex of one row are nobody else's.
Rule: columns that the data map declares as quasi-identifiers are counted together after every completed run of a rule;
groups smaller than the organisation's least (5 unless it says otherwise) are kept with the run and raise a finding.
"""

import uuid

from django.db import transaction

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.engine.plan import Action, Plan, Step
from privacy.datamap.engine.small_groups import SmallGroups, count_small_groups
from privacy.datamap.enums import FindingCode
from privacy.datamap.models import Dataset
from privacy.datamap.opening import open_for_engine
from privacy.datamap.services.connecting import problem_code
from privacy.datamap.services.findings import Observation, reconcile
from privacy.jobs.registry import JobHandle, Retry
from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.register.selectors import profile
from retention.enums import RunState
from retention.heartbeat import kept_alive
from retention.models import Run
from retention.plans import plan_of

COUNT_JOB = "retention.count_small_groups"


def count_after(run: Run) -> None:
    """Told when the run of a rule has ended: have its small groups counted."""
    if run.state == RunState.COMPLETED:
        enqueue(kind=COUNT_JOB, slot=str(run.pk))


def count(job: JobHandle) -> bool:
    """Count the small groups that a run left, dataset by dataset."""
    run = Run.objects.select_related("source").get(pk=uuid.UUID(job.slot))
    plan = plan_of(run)
    masked = [step for step in plan.steps if step.action is Action.MASK]
    datasets = {each.key: each for each in run.source.datasets.prefetch_related("fields")}
    for step in masked:
        dataset = datasets.get(step.dataset)
        if dataset is not None and (columns := quasi_identifiers(dataset)):
            try:
                with kept_alive(job):
                    found = _count(run, plan, step, columns)
            except EngineError as error:
                if error.retryable:
                    raise Retry(problem_code(error)) from None
                raise
            _keep(run, step, dataset, columns, found)
    return True


def quasi_identifiers(dataset: Dataset) -> tuple[str, ...]:
    """Columns that single people out when taken together."""
    return tuple(each.column for each in dataset.fields.all() if each.is_quasi_identifier)


def _count(run: Run, plan: Plan, step: Step, columns: tuple[str, ...]) -> SmallGroups:
    with open_for_engine(run.source) as engine:
        return count_small_groups(engine, plan, step, columns, smallest=profile().smallest_group)


@transaction.atomic
def _keep(run: Run, step: Step, dataset: Dataset, columns: tuple[str, ...], found: SmallGroups) -> None:
    run.steps.filter(dataset_key=step.dataset).update(small_groups=found.groups, small_group_rows=found.rows)
    data = {"table": step.dataset, "groups": found.groups, "rows": found.rows, "smallest": profile().smallest_group}
    record(action="run.small_groups_counted", actor=SYSTEM, target=run, data=data)
    seen = [Observation(FindingCode.SMALL_CELLS, dataset.key, dataset, columns, found.rows)] if found.groups else []
    reconcile(source=run.source, dataset=dataset, codes=[FindingCode.SMALL_CELLS], seen=seen)
