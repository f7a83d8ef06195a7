"""Cases and everything around them, as other parts of the project leave them behind."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from privacy.letters.models import Letter, LetterState
from privacy.officers.models import Officer
from privacy.subjects.services import find_or_add_subject
from requests.clocks import clocks_at_receipt
from requests.enums import IdentityLevel, RequestState
from requests.models import SubjectRequest
from requests.references import new_reference
from requests.transitions import CLOSED

WORDS = {
    "citation": "Act 843 s. 35",
    "sentences": ["Received on Sunday 1 November 2026.", "The last day to answer is Tuesday 1 December 2026."],
}
PLAN = {
    "summary": [
        {
            "source": "CRM", "dataset": "Contacts", "table": "public.contacts", "action": "mask",
            "action_words": "anonymise", "rows": 2, "held": 0, "reason": "",
            "masked": [{"field": "E-mail", "strategy": "replace by an address nobody has", "legal_class": "anonymous"}],
            "kept": [{"field": "Invoice number", "reason": "tax law, six years"}],
        },
        {
            "source": "CRM", "dataset": "Notes", "table": "public.notes", "action": "delete",
            "action_words": "delete the rows", "rows": 3, "held": 0, "reason": "", "masked": [], "kept": [],
        },
    ],
    "hash": "a" * 64,
}  # fmt: skip

DECIDED = {
    RequestState.AWAITING_APPROVAL, RequestState.COOLING_OFF, RequestState.EXECUTING, RequestState.COMPLETED,
}  # fmt: skip


def make_case(
    *,
    email: str = "ama@example.com",
    state: RequestState = RequestState.RECEIVED,
    kind: str = "erasure",
    due_in: int = 20,
    decided_by: Officer | None = None,
    **fields: Any,
) -> SubjectRequest:
    """A case at any stage, with what the stage demands."""
    subject = find_or_add_subject(kind="email", value=email, name="Ama Mensah")
    now, today = timezone.now(), timezone.now().date()
    if state in DECIDED:
        fields |= {"decided_at": now, "decided_by": decided_by}
    if state in CLOSED:
        fields |= {"closed_at": now}
    if state == RequestState.COOLING_OFF:
        fields |= {"cooling_off_until": now + timedelta(days=3)}
    if state == RequestState.JOINED:
        fields |= {"joined_to_id": uuid4()}
    if state == RequestState.REFUSED:
        fields |= {"refusal_ground": "GH.retention_required", "refusal_text": "The tax office wants the records."}
    if state in DECIDED | {RequestState.DECIDING}:
        fields = {"plan": PLAN, "plan_hash": PLAN["hash"], "planned_at": now} | fields
    due: date = today + timedelta(days=due_in)
    clock = clocks_at_receipt(kind=kind, received_on=today).deadlines[0] | WORDS | {"due_on": due.isoformat()}
    return SubjectRequest.objects.create(
        reference=new_reference(), kind=kind, state=state, subject=subject, name="Ama Mensah",
        details="Please delete everything.", received_at=now, received_on=today, due_on=due, target_on=due,
        deadlines=[clock], identity_level=IdentityLevel.MAIL_LINK, **fields,
    )  # fmt: skip


def make_letter(case: SubjectRequest, *, heading: str = "We have received your request") -> Letter:
    return Letter.objects.create(
        kind="case_acknowledged", subject=case.subject, case_id=case.pk, address="ama@example.com", heading=heading,
        body="Dear Ama Mensah,\n\nwe have it.", state=LetterState.SENT, sent_at=timezone.now(),
    )  # fmt: skip
