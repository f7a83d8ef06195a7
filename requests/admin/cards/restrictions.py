"""The card of a case that says what its person objected to and had restricted, by whichever case."""

from typing import Any

from django.urls import reverse

from privacy.officers.models import Officer
from privacy.register.restrictions import showing
from privacy.register.restrictions.selectors import restrictions_of
from requests.admin.cards.shape import Card
from requests.models import SubjectRequest


def restrictions_context(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    """What the card shows; None when the person never objected. One query."""
    found = list(restrictions_of(case.subject))
    if not found:
        return None
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
            for each in found
        ]
    }


def _lift(pk: Any) -> str:
    return reverse("officer:restrictions_restriction_lift", args=[pk])


CARDS = (Card("restrictions", "case", "officer/requests/cards/restrictions.html", restrictions_context),)
