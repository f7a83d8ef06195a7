"""Plans of runs: stored without keys for everybody to see, with keys encrypted, and read back exactly."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from privacy.datamap.asking import Ask
from privacy.datamap.engine.plan import Action, Plan
from privacy.datamap.models import Dataset
from privacy.datamap.newer import only_through_erased
from privacy.datamap.specs import holds_personal_data, impersonal_columns
from retention.enums import Result, StepState
from retention.models import Run, RunStep
from retention.results import results_of


def plan_of(run: Run) -> Plan:
    """The plan of a run, with the keys that it was frozen with.

    Raises:
        InvalidSpec: it was stored by another version.
        ValueError: it is not the plan that was approved.
    """
    stored: Any = run.frozen_keys if run.frozen_keys is not None else run.plan["engine"]
    plan = Plan.from_data(stored)
    if plan.hash != run.plan_hash:
        raise ValueError("the stored plan does not have the hash it was approved under")
    return plan


def shown(plan: Plan | Ask, *, rule: dict[str, Any] | None = None) -> dict[str, Any]:
    """The plan as a run keeps it: no key of a row, and the rule as it was."""
    if isinstance(plan, Ask):
        return {"ask": plan.to_data()}
    return {"engine": plan.public_data()} | ({"rule": rule} if rule is not None else {})


def results_with(plan: Plan, source_id: int, newer: Mapping[str, int]) -> dict[str, Result]:
    """What the rows of each step are in law, where so many newer rows of each dataset were left in the end."""
    steps = tuple(replace(each, newer_count=newer.get(each.dataset, each.newer_count)) for each in plan.steps)
    datasets = Dataset.objects.filter(source_id=source_id).prefetch_related("fields")
    return _results(plan.with_steps(steps), list(datasets))


def write_steps(run: Run, plan: Plan, *, waiting: Mapping[str, int] | None = None) -> None:
    """One row for each step of the plan, in its order. Steps that keep their rows are done from the start.

    Args:
        waiting: by dataset, rows that wait for their notice and are therefore not expected; None: nobody is told.
    """
    datasets = list(Dataset.objects.filter(source_id=run.source_id).prefetch_related("fields"))
    labels = {each.key: each.label for each in datasets}
    lost, results = only_through_erased(plan), _results(plan, datasets)
    RunStep.objects.bulk_create(
        RunStep(
            run=run,
            position=position,
            dataset_key=step.dataset,
            dataset_label=labels.get(step.dataset, step.dataset),
            action=step.action,
            result=results.get(step.key, ""),
            expected=max(0, step.expected_count - (waiting or {}).get(step.dataset, 0)),
            waiting=None if waiting is None else waiting.get(step.dataset, 0),
            held=step.held_count,
            protected=step.protected_count - step.newer_count,
            newer=step.newer_count,
            loses_newer=step.dataset in lost,
            state=StepState.DONE if step.action is Action.KEEP else StepState.PENDING,
        )
        for position, step in enumerate(plan.steps)
    )


def _results(plan: Plan, datasets: list[Dataset]) -> dict[str, Result]:
    personal = {each.key for each in datasets if holds_personal_data(each)}
    return results_of(plan, personal=personal, impersonal={each.key: impersonal_columns(each) for each in datasets})
