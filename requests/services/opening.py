"""Making a case, and beginning work on it, whichever channel it came by."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from privacy.subjects.models import LinkPurpose, Subject
from requests.addressees import acts_with_authority, representation_of
from requests.clocks import clocks_at_receipt
from requests.enums import Channel, IdentityLevel, RequestKind, RequestState
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.references import new_reference
from requests.services.complaint_due import take_next_date
from requests.services.complaints import link_as_asked, write_acknowledgement
from requests.services.identity import go_on_unasked
from requests.services.locks import lock_data
from requests.services.matching import queue_match
from requests.services.moves import move
from requests.services.representing import write_authority_needed
from requests.traits import traits_of, urgent


def create_case(
    *,
    kind: str,
    subject: Subject,
    name: str,
    details: str,
    language: str,
    channel: Channel,
    received_at: datetime,
    actor: Actor,
    received_on: date | None = None,
    particulars: dict[str, Any] | None = None,
    residence: str = "",
    is_minor: bool = False,
    about: SubjectRequest | None = None,
    entered_by: Officer | None = None,
    received_reason: str = "",
) -> SubjectRequest:
    """Store a case that nobody has confirmed yet. Its clocks run from the day it was received.

    Args:
        received_at: when it reached the organisation by any channel.
        received_on: that day as a local date, where only the day is known.
        particulars: answers to the questions of its kind, kept encrypted.
        received_reason: why it is dated back; kept encrypted.

    Raises:
        LawError: no law and no promise gives a date.
    """
    received_on = received_on or local_date(received_at)
    clocks = clocks_at_receipt(kind=kind, received_on=received_on)
    today = local_date(timezone.now())
    case = SubjectRequest.objects.create(
        reference=_free_reference(), kind=kind, channel=channel, language=language, subject=subject,
        name=name or None, details=details or None, particulars=particulars, residence=residence, is_minor=is_minor,
        about_case_id=about.pk if about else None, entered_by=entered_by, received_reason=received_reason or None,
        received_at=received_at, received_on=received_on,
        due_on=clocks.due_on, target_on=min(today, clocks.target_on) if urgent(kind, is_minor) else clocks.target_on,
        deadlines=clocks.deadlines,
    )  # fmt: skip
    facts = {"kind": kind, "channel": channel.value, "received": str(received_on), "due": str(case.due_on)}
    record(action="subject_request.submitted", actor=actor, target=case, data=facts)
    return case


def begin_case(*, case: SubjectRequest, level: IdentityLevel, actor: Actor) -> SubjectRequest:
    """Begin work on a locked case: the person's data is locked, and they are told that we have it.

    Args:
        level: how sure we are by now who asks.

    Raises:
        WrongState: work has begun already, or the case is closed.
    """
    traits = traits_of(case.kind)
    represented = representation_of(case)
    first = RequestState.RECEIVED if traits.needs_identity or represented else RequestState.DECIDING
    action = "received" if case.channel == Channel.PORTAL else "begun"
    move(case=case, to=first, action=action, actor=actor, identity_level=level)
    lock_data(case=case, actor=actor)
    if first == RequestState.RECEIVED:
        queue_match(case)
    if represented is not None and not acts_with_authority(represented):
        write_authority_needed(case=case, actor=actor)
    elif case.kind == RequestKind.COMPLAINT:
        write_acknowledgement(link_as_asked(case, actor), actor)
        take_next_date(case=case, actor=actor)
    else:
        write_case_letter(kind="acknowledged", case=case, actor=actor, link=LinkPurpose.TRACK)
    go_on_unasked(case=case, actor=actor)
    return case


def _free_reference() -> str:
    reference = new_reference()
    while SubjectRequest.objects.filter(reference=reference).exists():
        reference = new_reference()
    return reference
