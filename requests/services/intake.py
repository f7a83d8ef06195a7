"""Taking a request in: from the form, to the mailed link, to an open case. Also: asking for that link again."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.services import claim_letters
from privacy.register.selectors import profile
from privacy.subjects import enquiries
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind
from privacy.subjects.links import redeem
from privacy.subjects.models import LinkPurpose, Subject
from privacy.subjects.services import find_or_add_subject, mark_verified
from requests import asked
from requests.addressees import representation_of
from requests.enums import Channel, IdentityLevel, RequestState
from requests.errors import RequestInvalid
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.references import read_reference
from requests.services.moves import locked
from requests.services.opening import begin_case, create_case
from requests.services.representing import Representative, read_representative, store_representation
from requests.traits import PORTAL_KINDS

LAPSES_AFTER = timedelta(days=14)
LAPSE_JOB = "requests.lapse"
TRACKING = "requests.tracking"
EARLIEST_RECEIPT = date(1973, 1, 1)  # the year of Sweden's Data Act, the first of a country
LONGEST_NAME = 150
LONGEST_DETAILS = asked.LONGEST_DETAILS
LONGEST_REASON = 1_000


@transaction.atomic
def submit_request(
    *,
    kind: str,
    email: str,
    name: str,
    details: str,
    language: str = "en",
    received_at: datetime | None = None,
    particulars: dict[str, Any] | None = None,
    residence: str = "",
    is_minor: bool = False,
    about_reference: str = "",
    representative: dict[str, str] | None = None,
) -> SubjectRequest:
    """Take a request from the portal's form. The clock starts now; the case opens when the mailed link is used.

    Args:
        kind: a `RequestKind`.
        email: of the person the data is about, as typed.
        name: of that person, as typed, 150 characters at most.
        details: what else the person wrote; may be empty.
        language: of the letters.
        received_at: when it reached the organisation; now when absent.
        particulars: answers to the questions of its kind.
        residence: where the person lives, a code like CA-BC; may be empty.
        is_minor: the person is a minor.
        about_reference: of the case that it complains of, as typed; one that is none of this person's is left out
            without a word, because who asks has not shown yet who they are.
        representative: who asks for the person, if somebody else does: `name`, `email`, `authority` (an
            `AuthorityKind`). The link goes to them.

    Raises:
        RequestInvalid: a part cannot be used; `field` says which.
    """
    name, details = checked_words(kind, name, details, PORTAL_KINDS)
    who = _representative(representative)
    subject = known_subject(IdentifierKind.EMAIL, email)
    actor = Actor.subject(subject)
    case = create_case(
        kind=kind, subject=subject, name=name, details=details, language=language, channel=Channel.PORTAL,
        received_at=received_at or timezone.now(), actor=actor, particulars=particulars, residence=residence,
        is_minor=is_minor, about=case_of_person(about_reference, subject),
    )  # fmt: skip
    if who is not None:
        store_representation(case=case, who=who, actor=actor)
    ask_to_confirm(case=case, actor=actor)
    return case


def ask_to_confirm(*, case: SubjectRequest, actor: Actor) -> None:
    """Send the link that opens a new case; unused, the case lapses."""
    write_case_letter(kind="confirm", case=case, actor=actor, link=LinkPurpose.CONFIRM)
    enqueue(kind=LAPSE_JOB, slot=str(case.pk), due_at=timezone.now() + LAPSES_AFTER)


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
    if representation_of(case) is not None:  # the link shows who represents, and nothing of the person
        return begin_case(case=case, level=IdentityLevel.NONE, actor=Actor.subject(case.subject))
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


def checked_words(
    kind: str, name: str, details: str, kinds: Collection[str], *, is_name_needed: bool = True
) -> tuple[str, str]:
    """Name and details as they are stored.

    Args:
        kinds: those that are taken here.
        is_name_needed: False where the person may be known by an identifier alone.

    Raises:
        RequestInvalid: a part cannot be used; `field` says which.
    """
    name, details = " ".join(name.split()), details.strip()
    if kind not in kinds:
        raise RequestInvalid("kind", _("Choose what you want to do."))
    if is_name_needed and not name:
        raise RequestInvalid("name", _("Enter your name."))
    if len(name) > LONGEST_NAME:
        raise RequestInvalid("name", _("Enter your name with %(n)d characters at most.") % {"n": LONGEST_NAME})
    if len(details) > LONGEST_DETAILS:
        raise RequestInvalid("details", _("Shorten the details to %(n)d characters.") % {"n": LONGEST_DETAILS})
    if "\0" in name + details:
        raise RequestInvalid("details", _("The text holds a character that cannot be stored; type it anew."))
    return name, details


def check_not_too_early(day: date, field: str) -> None:
    """Raise RequestInvalid for a day on which a request cannot have been received: a year that was mistyped."""
    if day < EARLIEST_RECEIPT:
        raise RequestInvalid(field, _("No law gave such a right on this day. Check the year."))


def reason_to_date_back(typed: str, *, received_on: date, today: date) -> str:
    """Why the clocks of a case run from an earlier day, as it is stored; empty when they run from today.

    Raises:
        RequestInvalid: there is no such reason, or it cannot be stored.
    """
    if received_on == today:
        return ""
    reason = typed.strip()
    if not 0 < len(reason) <= LONGEST_REASON or "\0" in reason:
        message = _("Say why it is entered only now, in %(n)d characters at most.")
        raise RequestInvalid("received_reason", message % {"n": LONGEST_REASON})
    return reason


def note_dated_back(*, case: SubjectRequest, today: date, actor: Actor) -> None:
    """Have the ledger say that the clocks run from a day before the one on which the case was made, if they do."""
    if case.received_on < today:
        data = {"received": str(case.received_on), "entered": str(today)}
        record(action="subject_request.dated_back", actor=actor, target=case, data=data)


def known_subject(kind: str, value: str) -> Subject:
    """The person under an identifier as typed; added when we do not know it.

    Raises:
        RequestInvalid: it is none of its kind; `field` is the kind.
    """
    try:
        subject = find_or_add_subject(kind=kind, value=value, region=profile().country)
        if kind == IdentifierKind.EMAIL:
            claim_letters(subject=subject, address=value)
    except IdentifierInvalid as error:
        raise RequestInvalid(kind, str(error)) from None
    return subject


def case_of_person(typed: str, subject: Subject) -> SubjectRequest | None:
    """The person's case under a reference as typed; None when there is none, or it is somebody else's."""
    if not typed.strip():
        return None
    try:
        reference = read_reference(typed)
    except RequestInvalid:
        return None
    return SubjectRequest.objects.filter(reference=reference, subject=subject).first()


def check_not_before(about: SubjectRequest | None, received_on: date, field: str) -> None:
    """Raise RequestInvalid for a day before the case that a request is about: nobody complains of what is yet to come.

    Args:
        about: the case; None when it is about none.
    """
    if about is not None and received_on < about.received_on:
        words = _(
            "The case that it is about was received on %(day)s, later than this. Check the day, or the reference."
        )
        raise RequestInvalid(field, words % {"day": about.received_on.isoformat()})


def _representative(stated: dict[str, str] | None) -> Representative | None:
    """Who asks for somebody else by the portal; the link has to reach them.

    Raises:
        RequestInvalid: a part cannot be used.
    """
    if stated is None:
        return None
    who = read_representative(stated)
    if not who.email:
        raise RequestInvalid("representative_email", _("Enter the e-mail address of who asks: we send the link to it."))
    return who
