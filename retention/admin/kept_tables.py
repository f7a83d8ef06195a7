"""Tables that erasures leave whole, each with the reason, as pages show them beside what is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from privacy.datamap.models import Action, Dataset
from privacy.datamap.sparing import ground_of, reason_words
from retention.models import Run, RunStep


@dataclass(frozen=True)
class KeptRow:
    """One table. `reason`: why it is kept, as the data map or a decision about the case has it."""

    label: str
    table: str
    rows: int
    reason: str


def kept_tables(runs: Iterable[Run]) -> dict[UUID, tuple[KeptRow, ...]]:
    """By the key of the run; one query whatever their number. Steps are prefetched."""
    kept = {run: [step for step in run.steps.all() if _is_kept(step)] for run in runs}
    sources = {run.source_id for run, steps in kept.items() if steps}
    reasons: dict[tuple[int, str], str] = {}
    if sources:
        for each in Dataset.objects.filter(source__in=sources):
            reasons[each.source_id, each.key] = each.keep_reason
    return {
        run.pk: tuple(
            KeptRow(
                step.dataset_label,
                step.table,
                step.expected,
                _decided(run, step) or reasons.get((run.source_id, step.table)) or _("no reason was given"),
            )
            for step in steps
        )
        for run, steps in kept.items()
    }


def _is_kept(step: RunStep) -> bool:
    return step.action == Action.KEEP and step.expected > 0


def _decided(run: Run, step: RunStep) -> str:
    """The grounds on which a decision about the case kept it; empty where the data map does for everybody."""
    planned = (run.plan or {}).get("engine", {}).get("steps", ())
    kept = [each for plan in planned if plan["dataset"] == step.dataset_key for each in plan.get("kept", ())]
    return "; ".join(dict.fromkeys(reason_words(each["reason"]) for each in kept if ground_of(each["reason"])))
