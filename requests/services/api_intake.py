"""Requests that the organisation's own systems send: a shop, a help desk, an app in which the person is signed in."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rfc8785
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.sealed import keyed_digest
from privacy.register.selectors import local_date
from privacy.subjects.identifiers import IdentifierKind
from requests.enums import Channel, IdentityLevel, RequestKind, RequestState
from requests.errors import KeyReused, RequestInvalid
from requests.models import IntakeCall, SubjectRequest
from requests.services.identity import settle_identity
from requests.services.intake import (
    ask_to_confirm,
    case_of_person,
    check_not_before,
    check_not_too_early,
    checked_words,
    known_subject,
    note_dated_back,
    reason_to_date_back,
)
from requests.services.opening import begin_case, create_case
from requests.services.representing import Representative, read_representative, store_representation


@dataclass(frozen=True, slots=True)
class RequestStatement:
    """A subject request as a system states it.

    `authenticated`: the system vouches that the person is signed in there, so nobody asks again who they are.
    `received_reason`: why it is sent later than on the day on which it was received; kept only when it is.
    """

    kind: str
    identifier_kind: str
    identifier: str
    name: str = ""
    details: str = ""
    particulars: dict[str, Any] | None = None
    residence: str = ""
    language: str = "en"
    received_on: date | None = None
    received_at: datetime | None = None
    received_reason: str = ""
    authenticated: bool = False
    is_minor: bool = False
    about: str = ""
    representative: dict[str, str] | None = None


@transaction.atomic
def take_request(*, statement: RequestStatement, actor: Actor, now: datetime | None = None) -> SubjectRequest:
    """Make a case out of what a system states.

    Somebody who is signed in there needs no further proof. Anybody else with an e-mail address gets the link that opens
    the case, as from the portal's form; without one, an officer finds out who asks.

    Raises:
        RequestInvalid: a part cannot be used; `field` says which.
    """
    now = now or timezone.now()
    name, details = checked_words(
        statement.kind, statement.name, statement.details, RequestKind.values, is_name_needed=False
    )
    received_at, received_on = _received(statement, now)
    today = local_date(now)
    reason = reason_to_date_back(statement.received_reason, received_on=received_on, today=today)
    who = _representative(statement)
    subject = known_subject(statement.identifier_kind, statement.identifier)
    about = case_of_person(statement.about, subject)
    check_not_before(about, received_on, "received_on" if statement.received_at is None else "received_at")
    case = create_case(
        kind=statement.kind, subject=subject, name=name, details=details, language=statement.language,
        channel=Channel.API, received_at=received_at, received_on=received_on, actor=actor,
        particulars=statement.particulars, residence=statement.residence, is_minor=statement.is_minor,
        about=about, received_reason=reason,
    )  # fmt: skip
    note_dated_back(case=case, today=today, actor=actor)
    if who is not None:
        store_representation(case=case, who=who, actor=actor)
    return _begun(case, statement, who, actor)


def take_request_once(*, caller: str, key: str, body: Any, statement: RequestStatement, actor: Actor) -> SubjectRequest:
    """As `take_request`, under an Idempotency-Key: the same call again finds the case of the first.

    Args:
        caller: prefix of the API key: keys of different callers never meet.
        body: what was sent, as JSON; kept as a keyed digest only.

    Raises:
        RequestInvalid: a part cannot be used.
        KeyReused: the key came with another body before.
    """
    call = keyed_digest(b"request.key", caller.encode(), key.encode())
    digest = keyed_digest(b"request.body", rfc8785.dumps(body))
    if (before := _called_before(call, digest)) is not None:
        return before
    try:
        with transaction.atomic():
            case = take_request(statement=statement, actor=actor)
            IntakeCall.objects.create(case=case, key_digest=call, body_digest=digest)
            return case
    except IntegrityError:  # the same call arrived twice at once, and the other one was first
        if (before := _called_before(call, digest)) is None:
            raise
        return before


def _begun(
    case: SubjectRequest, statement: RequestStatement, who: Representative | None, actor: Actor
) -> SubjectRequest:
    if statement.authenticated:
        case = begin_case(case=case, level=IdentityLevel.AUTHENTICATED, actor=actor)
        is_open = case.state == RequestState.RECEIVED
        return settle_identity(case=case, level=IdentityLevel.AUTHENTICATED, actor=actor) if is_open else case
    address = who.email if who is not None else statement.identifier_kind == IdentifierKind.EMAIL
    if address:
        ask_to_confirm(case=case, actor=actor)
        return case
    return begin_case(case=case, level=IdentityLevel.NONE, actor=actor)


def _received(statement: RequestStatement, now: datetime) -> tuple[datetime, date]:
    """When it reached the organisation, from whichever of the two was stated.

    Raises:
        RequestInvalid: both were, it is yet to come, or too long ago.
    """
    at, on, today = statement.received_at, statement.received_on, local_date(now)
    if at is not None and on is not None:
        raise RequestInvalid("received_on", _("Send received_on or received_at, not both."))
    if at is not None:
        check_not_too_early(at.date(), "received_at")
    if on is not None:
        check_not_too_early(on, "received_on")
    if at is not None and at > now:
        raise RequestInvalid("received_at", _("This time is yet to come. Send when the request reached you."))
    if on is not None and on > today:
        raise RequestInvalid(
            "received_on", _("This day is yet to come. Send the day on which the request reached you.")
        )
    return at or now, on or local_date(at or now)


def _representative(statement: RequestStatement) -> Representative | None:
    if statement.representative is None:
        return None
    if statement.authenticated:
        message = _("A representative is not the person: send authenticated only for people who ask themselves.")
        raise RequestInvalid("authenticated", message)
    return read_representative(statement.representative)


def _called_before(call: bytes, digest: bytes) -> SubjectRequest | None:
    row = IntakeCall.objects.select_related("case").filter(key_digest=call).first()
    if row is None:
        return None
    if bytes(row.body_digest) != digest:
        raise KeyReused(_("This Idempotency-Key was used for another call. Use a new key for each request."))
    return row.case
