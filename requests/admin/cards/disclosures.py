"""To whom data of the person went."""

from typing import Any

from privacy.officers.models import Officer
from privacy.register.disclosures.selectors import disclosures_of
from requests.admin.cards.shape import Card
from requests.models import SubjectRequest

MOST = 100


def _disclosures(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    if not officer.has_perm("register.view_disclosure"):
        return {"may_see": False}
    rows = list(disclosures_of(case.subject)[: MOST + 1])
    return {"may_see": True, "rows": rows[:MOST], "there_are_more": len(rows) > MOST} if rows else None


CARDS = (Card("disclosures", "disclosures", "officer/requests/cards/disclosures.html", _disclosures),)
