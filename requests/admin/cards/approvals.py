"""Who decided, who approved exactly which plan, and why this officer may not."""

from typing import Any

from privacy.officers.models import Officer
from requests.admin.cards.shape import Card
from requests.enums import RequestState
from requests.models import SubjectRequest
from requests.selectors import next_step
from requests.traits import traits_of


def _approvals(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    if case.decided_at is None:
        return None
    waits = case.state == RequestState.AWAITING_APPROVAL
    step = next_step(case, officer) if waits else None
    approvals = list(case.approvals.select_related("officer").order_by("-approved_at"))
    return {
        "needs_two": traits_of(case.kind).two_officers,
        "waits": waits,
        "blocked_reason": step.blocked_reason if step else None,
        "rows": [(each, each.plan_hash == case.plan_hash) for each in approvals],
    }


CARDS = (Card("approvals", "approvals", "officer/requests/cards/approvals.html", _approvals),)
