"""The card of a case that says what its person objected to and had restricted, by whichever case."""

from typing import Any

from django.urls import reverse

from privacy.officers.models import Officer
from privacy.register.restrictions import showing
from privacy.register.restrictions.selectors import restrictions_of
from requests.models import SubjectRequest

CARD = "officer/requests/cards/restrictions.html"


def restrictions_context(case: SubjectRequest, officer: Officer) -> dict[str, Any]:
    """What the card shows; nothing of it when the person never objected. One query."""
    links, lifts = (officer.has_perm(f"restrictions.{right}_restriction") for right in ("view", "lift"))
    return {
        "restrictions": [
            {
                "kind": each.get_kind_display(),
                "scope": showing.scope_words(each),
                "since": each.in_force_from,
                "state": showing.state_badge(each),
                "is_of_this_case": each.case_id == case.pk,
                "link": reverse("officer:restrictions_restriction_change", args=[each.pk]) if links else "",
                "lift_link": _lift(each.pk) if lifts and each.lifted_at is None else "",
            }
            for each in restrictions_of(case.subject)
        ]
    }


def _lift(pk: Any) -> str:
    return reverse("officer:restrictions_restriction_lift", args=[pk])
