"""A complaint on the page of its case, complaints about a case, and the answer in words."""

from datetime import date
from typing import Any

from django.urls import reverse

from privacy.law.catalogue import authority
from privacy.officers.access import may
from privacy.officers.models import Officer
from requests.admin.acts.complaints import ACTS
from requests.admin.acts.shape import Act
from requests.admin.cards.shape import Card
from requests.complaint_clock import acknowledge_by, acknowledged_on, answer_by
from requests.conflicts import conflicts_in
from requests.enums import EscalationLevel, RequestKind
from requests.models import CaseAnswer, Escalation, SubjectRequest
from requests.selectors import visible_cases

_AFTER_THE_ANSWER = ("add_note", "record_measure", "escalate_authority")


def _complaint(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    if case.kind != RequestKind.COMPLAINT:
        return None
    standing = conflicts_in(case)
    mine = next((each for each in standing.conflicts if each.officer == officer), None)
    by, on = acknowledge_by(case), acknowledged_on(case)
    may_handle = may(officer, "handle_subjectrequest", case, all_of_them="requests.handle_subjectrequest")
    may_act = may_handle and mine is None
    return {
        "case": case,
        "about": _about(case, officer),
        "about_reference": standing.about,
        "named": "" if case.about_case_id else str((case.particulars or {}).get("about_reference") or ""),
        "conflicts": standing.conflicts,
        "free": standing.free,
        "mine": mine,
        "acknowledge_by": by,
        "acknowledged_on": on,
        "is_late": bool(by and (on or date.max) > by),
        "answer_by": answer_by(case.deadlines),
        "notes": case.investigation_notes.select_related("officer") if may_act else None,
        "measures": case.measures.select_related("officer"),
        "escalations": [_escalation(each) for each in case.escalations.select_related("officer", "to_officer")],
        "acts": _acts_after_the_answer(case) if may_act else [],
        "file_link": reverse("officer:requests_subjectrequest_authority_file", args=[case.pk]) if may_act else "",
    }


def _acts_after_the_answer(case: SubjectRequest) -> list[Act]:
    """While the complaint is open, its acts stand beside the next step."""
    return [act for act in ACTS if act.code in _AFTER_THE_ANSWER and act.fits(case)] if case.closed_at else []


def _about(case: SubjectRequest, officer: Officer) -> SubjectRequest | None:
    """The case complained of, if this officer may see it."""
    if case.about_case_id is None:
        return None
    return visible_cases(officer).filter(pk=case.about_case_id).only("reference", "kind", "state").first()


def _escalation(each: Escalation) -> dict[str, Any]:
    body = authority(each.authority) if each.level == EscalationLevel.AUTHORITY else None
    return {"row": each, "authority": body}


def _complained_of(case: SubjectRequest, officer: Officer) -> dict[str, Any] | None:
    complaints = list(visible_cases(officer).filter(about_case_id=case.pk).only("reference", "state", "outcome"))
    return {"complaints": complaints} if complaints else None


def _answer(case: SubjectRequest, _officer: object) -> dict[str, Any] | None:
    found = CaseAnswer.objects.filter(case=case).first()
    return {"case": case, "answer": found} if found else None


CARDS = (
    Card("complaint", "case", "officer/requests/cards/complaint.html", _complaint),
    Card("answer", "case", "officer/requests/cards/answer.html", _answer),
    Card("complained_of", "case", "officer/requests/cards/complained_of.html", _complained_of, aside=True),
)
