"""Rows that both organisations have, so that a mix-up would be noticed."""

from typing import Any

from django.utils import timezone

from privacy.subjects.services import find_or_add_subject
from requests.models import SubjectRequest

AMA = "ama.mensah@example.com"


def make_case(email: str = AMA, reference: str = "PR-0000-0000", **fields: Any) -> SubjectRequest:
    """A confirmed access request in the organisation that the test is in."""
    now = timezone.now()
    return SubjectRequest.objects.create(
        subject=find_or_add_subject(kind="email", value=email),
        **{"reference": reference, "kind": "access", "state": "received", "received_at": now, "deadlines": []}
        | {name: now.date() for name in ("received_on", "due_on", "target_on")}
        | fields,
    )
