"""Who is named at the front: the organisation, and the authorities that have the complaint or could."""

from typing import Any

from privacy.law.catalogue import authority
from privacy.register.selectors import profile
from requests.complaint_clock import authorities_for
from requests.enums import EscalationLevel
from requests.models import SubjectRequest


def organisation() -> dict[str, Any]:
    """The organisation, and whom to ask there."""
    ours = profile()
    return {
        "name": ours.legal_name, "address": ours.address, "officer": ours.officer_name, "email": ours.officer_email,
        "phone": ours.officer_phone,
    }  # fmt: skip


def authorities(complaint: SubjectRequest) -> list[dict[str, Any]]:
    """Those that have the complaint; else those that could."""
    there = complaint.escalations.filter(level=EscalationLevel.AUTHORITY).order_by("id")
    codes = list(there.values_list("authority", flat=True)) or [each.code for each in authorities_for(complaint)]
    return [_authority(code) for code in dict.fromkeys(codes)]


def _authority(code: str) -> dict[str, Any]:
    body = authority(code)
    return {
        "name": body.name, "postal_address": body.postal_address, "phone": body.phone, "email": body.email,
        "url": body.complaint_url or body.url,
    }  # fmt: skip
