"""Taking a request in: from the form, to the mailed link, to an open case. Also: asking for that link again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.letters.services import claim_letters
from privacy.subjects import enquiries
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind
from privacy.subjects.links import redeem
from privacy.subjects.models import LinkPurpose, Subject
from privacy.subjects.services import find_or_add_subject, mark_verified
from requests.enums import Channel, IdentityLevel, RequestState
from requests.errors import RequestInvalid
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.services.moves import locked
from requests.services.opening import begin_case, create_case
from requests.traits import PORTAL_KINDS

LAPSES_AFTER = timedelta(days=14)
LAPSE_JOB = "requests.lapse"
TRACKING = "requests.tracking"
LONGEST_NAME = 150
LONGEST_DETAILS = 10_000


@transaction.atomic
def submit_request(
    *, kind: str, email: str, name: str, details: str, language: str = "en", received_at: datetime | None = None
) -> SubjectRequest:
    """Take a request from the portal's form. The clock starts now; the case opens when the mailed link is used.

    Args:
        kind: a `RequestKind`.
        email: of the person, as typed.
        name: as typed, 150 characters at most.
        details: what else the person wrote; may be empty.
        language: of the letters.
        received_at: when it reached the organisation; now when absent.

    Raises:
        RequestInvalid: a part cannot be used; `field` says which.
    """
    name, details = _checked(kind, name, details)
    subject = _subject(email)
    actor = Actor.subject(subject)
    case = create_case(
        kind=kind, subject=subject, name=name, details=details, language=language, channel=Channel.PORTAL,
        received_at=received_at or timezone.now(), actor=actor,
    )  # fmt: skip
    write_case_letter(kind="confirm", case=case, actor=actor, link=LinkPurpose.CONFIRM)
    enqueue(kind=LAPSE_JOB, slot=str(case.pk), due_at=timezone.now() + LAPSES_AFTER)
    return case


@transaction.atomic
def confirm_request(*, token: str) -> SubjectRequest | None:
    """Use the link of the confirmation letter: the case opens and the person's data is locked.

    Returns:
        The case, the same one when the link is used again; None when the link does not work (any more).
    """
    link = redeem(token=token, purpose=LinkPurpose.CONFIRM)
    if link is None or link.target_id is None:
        return None
    case = locked(link.target_id)
    if case.state != RequestState.UNCONFIRMED:
        return case
    _note_person(case)
    return begin_case(case=case, level=IdentityLevel.MAIL_LINK, actor=Actor.subject(case.subject))


def ask_for_tracking_link(*, reference: str, email: str) -> None:
    """Ask for a new link to a case. The same work and the same answer whether or not there is such a case."""
    enquiries.ask(TRACKING, {"reference": reference, "email": email})


def _note_person(case: SubjectRequest) -> None:
    """The person has shown control over the address: what they said about themselves counts from now on."""
    mark_verified(subject=case.subject, kind=IdentifierKind.EMAIL)
    if not case.subject.name:
        case.subject.name = case.name
        case.subject.save(update_fields=["name"])


def _checked(kind: str, name: str, details: str) -> tuple[str, str]:
    name, details = " ".join(name.split()), details.strip()
    if kind not in PORTAL_KINDS:
        raise RequestInvalid("kind", _("Choose what you want to do."))
    if not name:
        raise RequestInvalid("name", _("Enter your name."))
    if len(name) > LONGEST_NAME:
        raise RequestInvalid("name", _("Enter your name with %(n)d characters at most.") % {"n": LONGEST_NAME})
    if len(details) > LONGEST_DETAILS:
        raise RequestInvalid("details", _("Shorten the details to %(n)d characters.") % {"n": LONGEST_DETAILS})
    if "\0" in name + details:
        raise RequestInvalid("details", _("The text holds a character that cannot be stored; type it anew."))
    return name, details


def _subject(email: str) -> Subject:
    try:
        subject = find_or_add_subject(kind=IdentifierKind.EMAIL, value=email)
    except IdentifierInvalid as error:
        raise RequestInvalid("email", str(error)) from None
    claim_letters(subject=subject, address=email)
    return subject
