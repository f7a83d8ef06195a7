"""Somebody who asks for another: who they are, and by what right.

Danger: the data of a person goes to whoever says that they act for them.
Rule: nothing is told and nothing decided before an officer has seen evidence of the authority (`services.moves`,
`requests.addressees`). A right that is not shown closes the case. A right that ends takes every link with it.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.models import Letter
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind, normalise
from privacy.subjects.links import revoke_links
from privacy.subjects.models import LinkPurpose
from requests.addressees import acts_with_authority, representation_of
from requests.enums import RequestKind, RequestState
from requests.errors import QuestionRefused, RequestInvalid
from requests.letters import write_case_letter
from requests.models import AuthorityKind, CaseFileRole, FileAsk, Representation, SubjectRequest
from requests.services.complaints import write_acknowledgement
from requests.services.identity import go_on_unasked
from requests.services.locks import unlock_data
from requests.services.moves import check_may_handle, expect, locked, move
from requests.transitions import OPEN

LONGEST_NAME = 150
LONGEST_EVIDENCE = 2_000
LONGEST_REASON = 1_000
WHO_ASKS_IS_OPEN = frozenset({RequestState.UNCONFIRMED, RequestState.RECEIVED})
WORK_IS_ON = OPEN - {RequestState.UNCONFIRMED}


@dataclass(frozen=True)
class Representative:
    """Who asks for somebody else, as stated. `email` is empty when letters go by post."""

    name: str
    authority: str
    email: str = ""


def read_representative(stated: dict[str, str]) -> Representative:
    """What was stated about a representative, checked: `name`, `email`, `authority`.

    Raises:
        RequestInvalid: a part cannot be used; `field` says which.
    """
    name = " ".join(stated.get("name", "").split())
    if not 0 < len(name) <= LONGEST_NAME or "\0" in name:
        message = _("Enter the name of who asks, with %(n)d characters at most.")
        raise RequestInvalid("representative_name", message % {"n": LONGEST_NAME})
    if stated.get("authority") not in AuthorityKind.values:
        raise RequestInvalid("representative_authority", _("Choose by what right they ask for somebody else."))
    email = stated.get("email", "").strip()
    if email:
        try:
            email = normalise(IdentifierKind.EMAIL, email)
        except IdentifierInvalid as error:
            raise RequestInvalid("representative_email", str(error)) from None
    return Representative(name=name, authority=stated["authority"], email=email)


def store_representation(*, case: SubjectRequest, who: Representative, actor: Actor) -> Representation:
    """Note who asks for the person of a case. Called with the case locked, or new."""
    row = Representation.objects.create(case=case, name=who.name, email=who.email or None, authority=who.authority)
    record(action="subject_request.represented", actor=actor, target=case, data={"authority": who.authority})
    return row


@transaction.atomic
def add_representation(
    *, case: SubjectRequest, officer: Officer, name: str, authority: str, email: str = ""
) -> Representation:
    """Somebody turns out to ask for the person: they are asked for evidence, and get nothing else before.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: it is settled already who asks.
        RequestInvalid: a part cannot be used, or the case has a representative already.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, *WHO_ASKS_IS_OPEN)
    if representation_of(case) is not None:
        raise RequestInvalid("representative_name", _("This case has a representative already."))
    who = read_representative({"name": name, "authority": authority, "email": email})
    actor = Actor.officer(officer)
    row = store_representation(case=case, who=who, actor=actor)
    write_authority_needed(case=case, actor=actor)
    return row


@transaction.atomic
def ask_for_authority(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """Ask whoever acts for the person, once more, by what right: they have not shown it, or it has ended.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: the case is decided or closed, or was not confirmed by who asks.
        RequestInvalid: there is no representative, or their authority counts.
        QuestionRefused: they cannot be written to.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.RECEIVED, RequestState.PLANNING, RequestState.DECIDING)
    if acts_with_authority(_representation(case)):
        raise RequestInvalid("representative_name", _("Their authority was seen, and it has not ended."))
    actor = Actor.officer(officer)
    if write_authority_needed(case=case, actor=actor) is None:
        raise QuestionRefused(_("There is no address of the representative, so they cannot be asked here."))
    record(action="subject_request.authority_asked", actor=actor, target=case)
    return case


def write_authority_needed(*, case: SubjectRequest, actor: Actor) -> Letter | None:
    """Write to a representative that we have to see by what right they ask, and open their page for the paper."""
    letter = write_case_letter(kind="authority_needed", case=case, actor=actor, link=LinkPurpose.TRACK)
    if letter is not None and letter.address:  # by post there is no page to send it by
        words = _("What shows by what right you ask: for example a written authority that the person has signed.")
        role = CaseFileRole.AUTHORITY
        FileAsk.objects.get_or_create(case=case, role=role, ended_at=None, defaults={"words": words})
    return letter


@transaction.atomic
def accept_authority(
    *, case: SubjectRequest, officer: Officer, evidence: str, valid_until: date | None = None
) -> Representation:
    """The officer has seen by what right somebody asks; from now on the letters of the case go to them.

    Args:
        evidence: what was seen, kept encrypted; not the document itself.
        valid_until: last day on which it counts; None when it has no end.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: the case is closed, or was not confirmed by who asks.
        RequestInvalid: there is no representative, no evidence is named, or the authority has ended.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, *WORK_IS_ON)
    row = _representation(case)
    is_first = row.checked_at is None
    _note_authority(case, row, officer, evidence, valid_until)
    if is_first and case.state in (RequestState.RECEIVED, RequestState.PLANNING, RequestState.DECIDING):
        _acknowledge(case, Actor.officer(officer))
    else:
        _tell_who_acts(case, officer)
    go_on_unasked(case=case, actor=Actor.officer(officer))
    return row


@transaction.atomic
def record_representation(
    *,
    case: SubjectRequest,
    officer: Officer,
    name: str,
    authority: str,
    evidence: str,
    email: str = "",
    valid_until: date | None = None,
) -> Representation:
    """Somebody acts for the person from now on, and the officer has seen by what right: the letters go to them.

    Args:
        evidence: what was seen, kept encrypted; not the document itself.
        valid_until: last day on which it counts; None when it has no end.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: the case is closed, or nobody confirmed yet that they ask.
        RequestInvalid: a part cannot be used, the authority has ended, or the case has a representative already.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, *WORK_IS_ON)
    if representation_of(case) is not None:
        raise RequestInvalid(
            "representative_name", _("This case has a representative already. End that authority first.")
        )
    who = read_representative({"name": name, "authority": authority, "email": email})
    row = Representation(case=case, name=who.name, email=who.email or None, authority=who.authority)
    _note_authority(case, row, officer, evidence, valid_until)
    _tell_who_acts(case, officer)
    return row


@transaction.atomic
def end_representation(*, case: SubjectRequest, officer: Officer, reason: str) -> Representation:
    """Somebody who had authority acts for the person no more: their links are void, and letters go to the person.

    Args:
        reason: why, kept encrypted.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: the case is closed, or nobody confirmed yet that they ask.
        RequestInvalid: there is no representative, their authority was never seen (then it is rejected), or no reason.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, *WORK_IS_ON)
    row = _representation(case)
    if row.checked_at is None:
        raise RequestInvalid("reason", _("Nobody has seen this authority. Reject it instead: the case is then closed."))
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise RequestInvalid("reason", _("Say why it ends, in %(n)d characters at most.") % {"n": LONGEST_REASON})
    row.ended_at, row.end_reason = timezone.now(), reason.strip()
    row.save(update_fields=["ended_at", "end_reason"])
    for purpose in (LinkPurpose.CONFIRM, LinkPurpose.TRACK, LinkPurpose.DOWNLOAD):
        revoke_links(purpose=purpose, target_id=case.pk)
    actor = Actor.officer(officer)
    data = {"authority": row.authority}
    record(action="subject_request.representation_ended", actor=actor, target=case, data=data)
    write_case_letter(kind="representative_ended", case=case, actor=actor, link=LinkPurpose.TRACK)
    return row


@transaction.atomic
def reject_authority(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """Whoever asks has not shown by what right. The case is closed, and they are told; the person is not concerned.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: it is settled who asks, and their authority has not ended.
        RequestInvalid: there is no representative.
    """
    case = locked(case)
    check_may_handle(officer, case)
    has_ended = not acts_with_authority(_representation(case))
    expect(case, RequestState.RECEIVED, *([RequestState.DECIDING] if has_ended else []))
    actor = Actor.officer(officer)
    move(
        case=case, to=RequestState.IDENTITY_REJECTED, action="authority_rejected", actor=actor, problem="",
        frozen_keys=None,
    )  # fmt: skip
    unlock_data(case=case, actor=actor)
    write_case_letter(kind="authority_rejected", case=case, actor=actor)
    return case


def _note_authority(
    case: SubjectRequest, row: Representation, officer: Officer, evidence: str, valid_until: date | None
) -> None:
    evidence = evidence.strip()
    if not 0 < len(evidence) <= LONGEST_EVIDENCE:
        message = _("Write down what you have seen, in %(n)d characters at most.")
        raise RequestInvalid("evidence", message % {"n": LONGEST_EVIDENCE})
    if valid_until is not None and valid_until < local_date(timezone.now()):
        raise RequestInvalid("valid_until", _("This authority has ended. Ask for one that counts today."))
    row.evidence, row.valid_until = evidence, valid_until
    row.checked_by, row.checked_at = officer, timezone.now()
    row.save()
    asked = FileAsk.objects.filter(case=case, role=CaseFileRole.AUTHORITY, ended_at__isnull=True)
    asked.update(ended_at=timezone.now())
    data = {"authority": row.authority, "until": str(valid_until or "")}
    record(action="subject_request.authority_accepted", actor=Actor.officer(officer), target=case, data=data)


def _acknowledge(case: SubjectRequest, actor: Actor) -> None:
    if case.kind == RequestKind.COMPLAINT:
        write_acknowledgement(case, actor)
    else:
        write_case_letter(kind="acknowledged", case=case, actor=actor, link=LinkPurpose.TRACK)


def _tell_who_acts(case: SubjectRequest, officer: Officer) -> None:
    actor = Actor.officer(officer)
    write_case_letter(kind="representative_recorded", case=case, actor=actor, link=LinkPurpose.TRACK)


def _representation(case: SubjectRequest) -> Representation:
    found = representation_of(case)
    if found is None:
        raise RequestInvalid("representative_name", _("Nobody asks for the person in this case."))
    return found
