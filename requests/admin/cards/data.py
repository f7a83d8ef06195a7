"""What was found about the person, who has something to do in which place, and what became of it."""

from typing import Any

from privacy.errands.models import ErrandState
from requests.admin.cards.shape import Card
from requests.admin.case_page import plan_context
from requests.admin.task_rows import SETTLED, task_rows
from requests.models import AccessPackage, SubjectRequest
from retention.models import Hold


def _tasks(case: SubjectRequest, _officer: object) -> dict[str, Any] | None:
    rows = task_rows(case.pk)
    if not rows:
        return None
    counted = [row for row in rows if row.state_code != ErrandState.CANCELLED]
    return {"tasks": rows, "done": sum(row.state_code in SETTLED for row in counted), "all": len(counted)}


def _plan(case: SubjectRequest, _officer: object) -> dict[str, Any] | None:
    plan = plan_context(case)
    return {"plan": plan} if plan else None


def _package(case: SubjectRequest, _officer: object) -> dict[str, Any] | None:
    package = AccessPackage.objects.filter(case=case).first()
    return {"package": package} if package else None


def _holds(case: SubjectRequest, _officer: object) -> dict[str, Any] | None:
    holds = list(Hold.objects.filter(subject_id=case.subject_id, released_at__isnull=True))
    return {"holds": holds} if holds else None


CARDS = (
    Card("tasks", "data", "officer/requests/cards/tasks.html", _tasks),
    Card("plan", "data", "officer/requests/cards/plan.html", _plan),
    Card("package", "data", "officer/requests/cards/package.html", _package),
    Card("holds", "data", "officer/requests/cards/holds.html", _holds),
)
