"""What a plan does about rows whose group stays too small, in words for whoever approves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from privacy.datamap.models import Field
from retention.certificate.words import coarseness


@dataclass(frozen=True)
class FurtherSteps:
    """Of one table. `smallest`: rows that a group should have; `levels`: what each pass changes beyond the last."""

    table: str
    smallest: int
    levels: tuple[str, ...]


def further_steps(plan: Mapping[str, Any], *, source_id: int) -> list[FurtherSteps]:
    """The further steps of a plan, table by table; none for tables without them. One query, or none.

    Args:
        plan: what a plan shows of itself, `Plan.public_data()`; empty where somebody is asked instead.
    """
    steps = [step for step in plan.get("steps", ()) if step.get("coarser")]
    if not steps:
        return []
    fields = Field.objects.filter(dataset__source_id=source_id, is_quasi_identifier=True).select_related("dataset")
    named = {(each.dataset.key, each.column): each.label or each.column for each in fields}
    return [_of_table(step, named) for step in steps]


def _of_table(step: Mapping[str, Any], named: Mapping[tuple[str, str], str]) -> FurtherSteps:
    table, coarser = step["dataset"], step["coarser"]
    before: list[Mapping[str, Any]] = []
    levels = []
    for masks in coarser["levels"]:
        changed = [each for each in masks if each not in before]
        words = (f"{named.get((table, each['column']), each['column'])}: {coarseness(each)}" for each in changed)
        levels.append("; ".join(words))
        before = masks
    return FurtherSteps(table, coarser["smallest"], tuple(levels))
