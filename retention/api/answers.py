"""The bodies of answers about runs: counts, codes and digests. No key of a row, no case and no person is in them."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from retention.enums import RunState
from retention.models import Run, RunStep

_OF_RUNS = (
    "kind", "state", "problem", "source__name", "rule__name", "rule_version", "cutoff", "plan_hash", "actor_kind",
    "approval_reason", "approved_at", "approved_hash", "created_at", "started_at", "completed_at",
)  # fmt: skip
_OF_STEPS = (
    "run_id", "position", "dataset_key", "dataset_label", "level", "action", "state", "result", "expected", "rows",
    "survivors", "held", "waiting", "protected", "newer", "digest",
)  # fmt: skip


def lean(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Runs with their tables and only the columns that are told: no plan, and nothing that would be decrypted."""
    steps = Prefetch("steps", RunStep.objects.only(*_OF_STEPS))
    return runs.select_related("source", "rule").only(*_OF_RUNS).prefetch_related(steps)


def line(run: Run) -> dict[str, Any]:
    """One run of a list."""
    is_certified = run.state == RunState.COMPLETED
    return {
        "id": str(run.pk),
        "kind": run.kind,
        "state": run.state,
        "problem": run.problem or None,
        "source": run.source.name,
        "rule": {"name": run.rule.name, "version": run.rule_version} if run.rule else None,
        "cutoff": _moment(run.cutoff),
        "plan_hash": run.plan_hash,
        "started_by": run.actor_kind,
        "approval": _approval(run),
        "created_at": _moment(run.created_at),
        "started_at": _moment(run.started_at),
        "completed_at": _moment(run.completed_at),
        "tables": [_table(step) for step in run.steps.all()],
        "certificate": reverse("api-run-certificate", kwargs={"run_id": run.pk}) if is_certified else None,
    }


def _approval(run: Run) -> dict[str, Any] | None:
    """Why a second officer looks at a rule's run, and when one approved the plan as it is; None: nobody has to."""
    if not run.approval_reason:
        return None
    approved_at = None if run.lacks_approval else _moment(run.approved_at)
    return {"reason": run.approval_reason, "approved_at": approved_at}


def _table(step: RunStep) -> dict[str, Any]:
    return {
        "name": step.dataset_label,
        "table": step.table,
        "level": step.level,
        "action": step.action,
        "state": step.state,
        "result": (step.rows and step.result) or None,
        "rows_planned": step.expected,
        "rows": step.rows,
        "rows_left": step.survivors,
        "rows_under_hold": step.held,
        "rows_waiting_for_notice": step.waiting,
        "rows_kept_by_law": step.protected,
        "rows_newer_than_request": step.newer,
        "digest": step.digest or None,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
