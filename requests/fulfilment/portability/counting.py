"""How much will go along when a person takes their data elsewhere, by the plan: nothing is read for it."""

from collections.abc import Mapping
from typing import Any

from privacy.datamap.models import Dataset, Source, SourceKind
from requests.deciding.cut import Cut
from requests.deciding.found import rows_of_step
from requests.fulfilment.portability.choosing import why_left_out


def rows_portable(cut: Cut, plan: Mapping[str, Any]) -> int:
    """How many rows go along: those of the tables of which a column does that was not left out."""
    plans = {each["source"]: each["plan"]["steps"] for each in plan.get("plans", []) if "plan" in each}
    sources = Source.objects.filter(pk__in=plans).exclude(kind=SourceKind.PORTAL)
    datasets = Dataset.objects.filter(source__in=sources).prefetch_related("fields__purposes")
    going = {(each.source_id, each.key) for each in datasets if _goes_along(cut, each)}
    steps = [(source, step) for source, found in plans.items() for step in found]
    return sum(rows_of_step(step) for source, step in steps if (source, step["dataset"]) in going)


def _goes_along(cut: Cut, dataset: Dataset) -> bool:
    given = [each for each in dataset.fields.all() if not cut.leaves_out(dataset, each)]
    return any(why_left_out(dataset, each) is None for each in given)
