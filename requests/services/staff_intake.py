"""Requests that came by letter, mail or telephone, or were made at the counter, entered by staff."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.officers.models import Officer
from privacy.register.selectors import local_date, profile
from privacy.subjects.models import Subject
from requests.enums import BY_STAFF, Channel, IdentityLevel, RequestKind
from requests.errors import NotAllowed, RequestInvalid
from requests.models import SubjectRequest
from requests.services.intake import (
    case_of_person,
    check_not_before,
    check_not_too_early,
    checked_words,
    known_subject,
    note_dated_back,
    reason_to_date_back,
)
from requests.services.opening import begin_case, create_case
from requests.services.representing import read_representative, store_representation


@dataclass(frozen=True, slots=True)
class Entry:
    """What an officer enters about a request that reached the organisation outside the portal."""

    kind: str
    channel: str
    identifier_kind: str
    identifier: str
    received_on: date
    received_reason: str = ""
    name: str = ""
    details: str = ""
    particulars: dict[str, Any] | None = None
    residence: str = ""
    language: str = "en"
    is_minor: bool = False
    about: str = ""
    representative: dict[str, str] | None = None


@transaction.atomic
def enter_case(*, entry: Entry, officer: Officer, now: datetime | None = None) -> SubjectRequest:
    """Make a case of what came by another way than the portal. Its clocks run from the day on which it came.

    Who asks is still to be confirmed. The person is told in writing that we have it; without an e-mail address the
    letter waits to be printed and posted.

    Raises:
        NotAllowed: the officer does not handle cases in general.
        RequestInvalid: a part cannot be used; `field` says which.
    """
    if not officer.has_perm("requests.handle_subjectrequest"):
        raise NotAllowed(_("Only a Privacy Officer enters cases. Ask one of them."))
    now = now or timezone.now()
    name, details = checked_words(entry.kind, entry.name, entry.details, RequestKind.values, is_name_needed=False)
    channel = _channel(entry.channel)
    reason = _reason(entry, local_date(now))
    who = read_representative(entry.representative) if entry.representative else None
    subject = known_subject(entry.identifier_kind, entry.identifier)
    about = _about(entry.about, subject)
    check_not_before(about, entry.received_on, "received_on")
    actor = Actor.officer(officer)
    case = create_case(
        kind=entry.kind, subject=subject, name=name, details=details, language=entry.language, channel=channel,
        received_at=_moment(entry.received_on, now), received_on=entry.received_on, actor=actor,
        particulars=entry.particulars, residence=entry.residence, is_minor=entry.is_minor, entered_by=officer,
        received_reason=reason, about=about,
    )  # fmt: skip
    note_dated_back(case=case, today=local_date(now), actor=actor)
    if who is not None:
        store_representation(case=case, who=who, actor=actor)
    return begin_case(case=case, level=IdentityLevel.NONE, actor=actor)


def _about(typed: str, subject: Subject) -> SubjectRequest | None:
    """The case complained of. A slip of the pen is told, or nobody would be kept from judging their own work."""
    found = case_of_person(typed, subject)
    if found is None and typed.strip():
        raise RequestInvalid("about", _("This person has no case of this reference. Correct it, or leave it empty."))
    return found


def _channel(code: str) -> Channel:
    if code not in BY_STAFF:
        raise RequestInvalid("channel", _("Choose how the request reached you."))
    return Channel(code)


def _reason(entry: Entry, today: date) -> str:
    """Why it is dated back; empty when it is not."""
    if entry.received_on > today:
        raise RequestInvalid("received_on", _("This day is yet to come. Enter the day on which the request came."))
    check_not_too_early(entry.received_on, "received_on")
    return reason_to_date_back(entry.received_reason, received_on=entry.received_on, today=today)


def _moment(day: date, now: datetime) -> datetime:
    """Only the day is known of what came earlier: its beginning."""
    return now if day == local_date(now) else datetime.combine(day, time.min, ZoneInfo(profile().time_zone))
