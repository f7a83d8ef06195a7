"""The first tab: what is asked, how far it is, what was decided, by when, and who works on it."""

from typing import Any

from django.utils import timezone

from privacy.law.catalogue import ground
from privacy.law.display import ground_cited
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from requests.admin.assigning import AssignForm
from requests.admin.cards.shape import Card
from requests.admin.case_page import clocks, results_context
from requests.complaint_clock import acknowledge_by, acknowledged_on
from requests.enums import RequestKind
from requests.models import SubjectRequest


def _asked(case: SubjectRequest, _officer: object) -> dict[str, Any]:
    return {"dated_back": bool(case.received_reason)}


def _results(case: SubjectRequest, _officer: object) -> dict[str, Any]:
    return results_context(case)


def _outcome(case: SubjectRequest, _officer: object) -> dict[str, Any] | None:
    if case.decided_at is None and not case.outcome and not case.refusal_ground:
        return None
    if not case.refusal_ground:
        return {"ground": None}
    found = ground(case.refusal_ground)
    return {"ground": found, "cited": ground_cited(found)}


def _clocks(case: SubjectRequest, _officer: object) -> dict[str, Any]:
    return {"clocks": clocks(case), "acknowledgement": _acknowledgement(case)}


def _acknowledgement(case: SubjectRequest) -> dict[str, Any] | None:
    """By when a law wants the person told that we have the case, and when they were; a complaint has a card for it."""
    by = acknowledge_by(case) if case.kind != RequestKind.COMPLAINT else None
    if by is None:
        return None
    on = acknowledged_on(case)
    return {"by": by, "on": on, "is_late": (on or local_date(timezone.now())) > by}


def _assignee(case: SubjectRequest, officer: Officer) -> dict[str, Any]:
    may_assign = officer.has_perm("requests.assign_subjectrequest") and case.closed_at is None
    return {"form": AssignForm(initial={"assignee": case.assignee_id}) if may_assign else None}


CARDS = (
    Card("results", "case", "officer/requests/cards/results.html", _results),
    Card("subject_request", "case", "officer/requests/cards/subject_request.html", _asked),
    Card("outcome", "case", "officer/requests/cards/outcome.html", _outcome),
    Card("clocks", "case", "officer/requests/clocks.html", _clocks, aside=True),
    Card("assignee", "case", "officer/requests/cards/assignee.html", _assignee, aside=True),
)
