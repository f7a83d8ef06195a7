"""How many cases wait for what."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone

from privacy.register.selectors import local_date
from requests.enums import RequestState
from requests.models.cases import is_overdue_on, runs_out_between
from requests.selectors import SOON_DAYS, queue


@dataclass(frozen=True)
class CaseCounts:
    """Open cases that an officer may see. `mine` are assigned to that officer."""

    open: int = 0
    mine: int = 0
    unassigned: int = 0
    overdue: int = 0
    soon: int = 0
    waiting: int = 0
    approval: int = 0
    problem: int = 0


def today_for(request: HttpRequest) -> date:
    """The organisation's date, asked once for each page."""
    if not hasattr(request, "_today"):
        request._today = local_date(timezone.now())  # type: ignore[attr-defined]
    return request._today  # type: ignore[attr-defined]


def conditions(officer: Any, today: date | None = None) -> dict[str, Q]:
    """What each view of the queue narrows the open cases down to, by its code.

    Args:
        today: the organisation's local date; asked from the clock when absent.
    """
    today = today or local_date(timezone.now())
    soon = today + timedelta(days=SOON_DAYS)
    return {
        "open": Q(),
        "mine": Q(assignee_id=officer.pk),
        "unassigned": Q(assignee__isnull=True),
        "overdue": is_overdue_on(today),
        "soon": runs_out_between(today, soon) | Q(stands_until__isnull=True, due_on__gte=today, work_by__lte=soon),
        "waiting": ~Q(waiting_for=""),
        "approval": Q(state=RequestState.AWAITING_APPROVAL),
        "problem": ~Q(problem=""),
    }


def count_cases(officer: Any, today: date | None = None) -> CaseCounts:
    """The numbers for one officer, in one query."""
    counts = {code: Count("pk", filter=condition or None) for code, condition in conditions(officer, today).items()}
    return CaseCounts(**queue(officer).order_by().aggregate(**counts))


def counts_for(request: HttpRequest) -> CaseCounts:
    """The numbers for whoever is signed in, asked once for each page."""
    if not hasattr(request, "_case_counts"):
        request._case_counts = count_cases(request.user, today_for(request))  # type: ignore[attr-defined]
    return request._case_counts  # type: ignore[attr-defined]
