"""How a complaint was handled: acknowledged, looked into, put right, taken further."""

from typing import Any

from django.utils.translation import gettext as _

from privacy.law.catalogue import authority
from privacy.officers.models import Officer
from requests.authority_file.shape import For, day, moment
from requests.complaint_clock import acknowledge_by, acknowledged_on
from requests.enums import EscalationLevel
from requests.models import SubjectRequest


def investigation(case: SubjectRequest, reader: For) -> dict[str, Any]:
    """What a complaint has besides any case. The person gets neither notes nor internal measures."""
    to_authority = reader is For.AUTHORITY
    notes = case.investigation_notes.select_related("officer").order_by("id") if to_authority else ()
    measures = case.measures.order_by("id") if to_authority else ()
    return {
        "acknowledge_by": day(acknowledge_by(case)),
        "acknowledged_on": day(acknowledged_on(case)),
        "notes": [{"at": moment(n.noted_at), "by": n.officer.full_name, "text": n.text} for n in notes],
        "measures": [{"at": moment(each.taken_at), "text": each.text} for each in measures],
        "escalations": [
            {
                "at": moment(each.escalated_at),
                "to": _escalated_to(each.level, each.authority, each.to_officer, to_authority),
                "reasons": each.reasons if to_authority or each.level == EscalationLevel.AUTHORITY else None,
                "recourse_ends_on": day(each.recourse_ends_on),
            }
            for each in case.escalations.select_related("to_officer").order_by("id")
        ],
    }


def _escalated_to(level: str, code: str, to: Officer | None, to_authority: bool) -> str:
    if level == EscalationLevel.AUTHORITY:
        return authority(code).name
    return to.full_name if to and to_authority else _("another Privacy Officer")
