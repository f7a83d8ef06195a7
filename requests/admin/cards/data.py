"""What was found about the person, who has something to do in which place, and what became of it."""

from typing import Any

from privacy.errands.models import ErrandState
from privacy.officers.models import Officer
from requests.admin.cards.shape import Card
from requests.admin.case_page import plan_context
from requests.admin.task_rows import SETTLED, task_rows
from requests.enums import RequestState
from requests.models import AccessPackage, SubjectRequest
from requests.problems import HELD
from requests.selectors import visible_cases
from requests.services.locks import giving_way_to
from retention.holding import in_force


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


def _holds(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    holds = list(in_force().filter(subject_id=case.subject_id))
    if not holds:
        return None
    going = giving_way_to(case)
    of_cases = [hold.case_id for hold in holds if hold.case_id]
    seen = {each.pk: each for each in visible_cases(officer).filter(pk__in=of_cases).only("pk", "reference")}
    may_see_matters = officer.has_perm("retention.view_hold")
    rows = [
        {
            "hold": hold,
            "is_own": hold.case_id == case.pk,
            "gives_way": hold.case_id in going,
            "case": seen.get(hold.case_id) if hold.case_id else None,
            "matter": hold.matter if may_see_matters and not hold.case_id else "",
        }
        for hold in holds
    ]
    return {"rows": rows, "stopped": case.state == RequestState.EXECUTING and case.problem == HELD}


CARDS = (
    Card("tasks", "data", "officer/requests/cards/tasks.html", _tasks),
    Card("plan", "data", "officer/requests/cards/plan.html", _plan),
    Card("package", "data", "officer/requests/cards/package.html", _package),
    Card("holds", "data", "officer/requests/cards/holds.html", _holds),
)
