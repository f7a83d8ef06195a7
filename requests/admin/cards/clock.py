"""What happened to the clocks of a case, and what a fee came to."""

from typing import Any

from requests.admin.cards.shape import Card
from requests.clocks import citation_of
from requests.models import SubjectRequest


def _events(case: SubjectRequest, _officer: object) -> dict[str, Any] | None:
    events = [(each, citation_of(case.deadlines, each.under)) for each in case.clock_events.all()]
    estimates = list(case.fee_estimates.all())
    if not events and not estimates and case.deemed_refused_on is None:
        return None
    return {"events": events, "estimates": estimates, "deemed_refused_on": case.deemed_refused_on}


CARDS = (Card("clock_events", "case", "officer/requests/cards/clock_events.html", _events, aside=True),)
