"""Who asks: how sure we are of it, and what else the same person asked for."""

from typing import Any

from django.urls import reverse

from privacy.officers.models import Officer
from requests.admin.cards.shape import Card
from requests.admin.case_page import email_of
from requests.admin.presenting import kind_word
from requests.models import SubjectRequest
from requests.selectors import visible_cases

MOST = 50


def _person(case: SubjectRequest, _officer: object) -> dict[str, Any]:
    return {"email": email_of(case)}


def _other_cases(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    """Of the same person, as far as this officer may see them; the latest first."""
    others = visible_cases(officer).filter(subject_id=case.subject_id).exclude(pk=case.pk)
    found = others.only("reference", "kind", "state", "received_on").order_by("-received_at")[:MOST]
    rows = [
        {
            "reference": each.reference,
            "link": reverse("officer:requests_subjectrequest_change", args=[each.pk]),
            "kind": kind_word(each),
            "stage": each.get_state_display(),
            "received_on": each.received_on,
        }
        for each in found
    ]
    return {"rows": rows} if rows else None


CARDS = (
    Card("person", "identity", "officer/requests/person.html", _person),
    Card("other_cases", "identity", "officer/requests/cards/other_cases.html", _other_cases),
)
