"""The card of a case that says what its person objected to and had restricted, by whichever case."""

from typing import Any

from django.urls import reverse

from privacy.officers.models import Officer
from privacy.register.restrictions import showing
from privacy.register.restrictions.enums import RestrictionKind, ScopeKind
from privacy.register.restrictions.models import Restriction
from privacy.register.restrictions.selectors import restrictions_of
from requests.admin.cards.shape import Card
from requests.enums import RequestKind
from requests.models import SubjectRequest
from requests.purposes import spared_by_objection


def restrictions_context(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    """What the card shows; None when the person never objected. One query, and one more for what goes on."""
    found = list(restrictions_of(case.subject))
    if not found:
        return None
    spared = spared_by_objection() if any(map(_is_objection_to_everything, found)) else []
    links, lifts = (officer.has_perm(f"restrictions.{right}_restriction") for right in ("view", "lift"))
    return {
        "restrictions": [
            {
                "kind": each.get_kind_display(),
                "scope": showing.scope_words(each),
                "goes_on": spared if _is_objection_to_everything(each) else [],
                "since": each.in_force_from,
                "state": showing.state_badge(each),
                "is_of_this_case": each.case_id == case.pk,
                "link": reverse("officer:restrictions_restriction_change", args=[each.pk]) if links else "",
                "lift_link": _lift(each.pk) if lifts and each.lifted_at is None else "",
                "end_link": _end(case) if lifts and _can_be_ended(case, each) else "",
            }
            for each in found
        ]
    }


def _is_objection_to_everything(restriction: Restriction) -> bool:
    return restriction.kind == RestrictionKind.OBJECTION and restriction.scope == ScopeKind.EVERYTHING


def _can_be_ended(case: SubjectRequest, restriction: Restriction) -> bool:
    """Whether the page that writes to the person first is of use: as `services.ending_restrictions` asks."""
    is_of_this_case = case.kind == RequestKind.RESTRICTION and restriction.case_id == case.pk
    return is_of_this_case and restriction.lifted_at is None and restriction.in_force_until is None


def _end(case: SubjectRequest) -> str:
    return reverse("officer:requests_subjectrequest_end_restriction", args=[case.pk])


def _lift(pk: Any) -> str:
    return reverse("officer:restrictions_restriction_lift", args=[pk])


CARDS = (Card("restrictions", "case", "officer/requests/cards/restrictions.html", restrictions_context),)
