"""What happened, as the ledger has it."""

from typing import Any

from requests.admin.cards.shape import Card
from requests.admin.timeline import LONGEST, timeline_lines
from requests.models import SubjectRequest


def _timeline(case: SubjectRequest, _officer: object) -> dict[str, Any]:
    lines = timeline_lines(case)
    return {"lines": lines, "longest": LONGEST if len(lines) == LONGEST else None}


CARDS = (Card("timeline", "timeline", "officer/requests/cards/timeline.html", _timeline),)
