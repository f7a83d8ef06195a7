"""Answering an enquiry for a link to a case; runs as a job, where nobody watches how long it takes."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind, normalise
from privacy.subjects.links import revoke_links
from privacy.subjects.models import LinkPurpose
from privacy.subjects.services import find_subject
from requests.addressees import representation_of
from requests.enums import RequestState
from requests.errors import RequestInvalid
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.references import read_reference

_LETTERS_IN_AN_HOUR = 3


def resolve_tracking_enquiry(payload: dict[str, Any]) -> None:
    """Send a fresh link when reference and address belong together; else nothing happens.

    A case that is not confirmed gets a new confirmation link, which replaces the earlier ones. Nobody is sent more than
    three of these letters in an hour, however often a stranger asks.
    """
    case = _case(payload["reference"], payload["email"])
    if case is None or _asked_too_often(case):
        return
    if case.state == RequestState.UNCONFIRMED:
        revoke_links(purpose=LinkPurpose.CONFIRM, target_id=case.pk)
        write_case_letter(kind="confirm", case=case, actor=SYSTEM, link=LinkPurpose.CONFIRM)
    else:
        write_case_letter(kind="tracking", case=case, actor=SYSTEM, link=LinkPurpose.TRACK)


def _case(reference: str, email: str) -> SubjectRequest | None:
    try:
        known_as = read_reference(reference)
        address = normalise(IdentifierKind.EMAIL, email)
    except (RequestInvalid, IdentifierInvalid):
        return None
    case = SubjectRequest.objects.filter(reference=known_as).first()
    return case if case is not None and _is_of(case, address) else None


def _is_of(case: SubjectRequest, address: str) -> bool:
    """Whether the address is of whom the case's letters go to: its person, or who acts for them."""
    representation = representation_of(case)
    if representation is not None:
        return representation.email == address
    subject = find_subject(kind=IdentifierKind.EMAIL, value=address)
    return subject is not None and subject.pk == case.subject_id


def _asked_too_often(case: SubjectRequest) -> bool:
    since = timezone.now() - timedelta(hours=1)
    kinds = ("case_confirm", "case_tracking")
    return Letter.objects.filter(case_id=case.pk, kind__in=kinds, created_at__gt=since).count() >= _LETTERS_IN_AN_HOUR
