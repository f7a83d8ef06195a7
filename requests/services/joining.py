"""Two cases that are one, and what is no request at all.

Danger: an answer goes to somebody else's address, or a clock is made longer by joining.
Rule: only cases of the same person and kind are joined, asked by the same person or representative, and the one that
came first goes on, so its earlier date binds. It asks for what both asked for (`taking_in`): an erasure reaches to the
day of the last of them, so what was found for the earlier day is looked for anew.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.subjects.links import revoke_links
from privacy.subjects.models import LinkPurpose
from requests.addressees import representation_of
from requests.enums import IdentityLevel, RequestKind, RequestState
from requests.errors import JoinRefused
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.services.anew import no_plan, queue_planning
from requests.services.locks import unlock_data
from requests.services.moves import check_may_handle, locked, move
from requests.services.taking_in import asked_together, why_not_taken_in
from requests.transitions import OPEN

LONGEST_SPAM_REASON = 1_000


@transaction.atomic
def join(*, case: SubjectRequest, into: SubjectRequest, officer: Officer) -> SubjectRequest:
    """Close a case that asks for the same as another of the same person; the other goes on.

    Args:
        case: the later of the two, which is closed.
        into: the earlier one, whose date binds.

    Raises:
        NotAllowed: one of them is not this officer's.
        WrongState: the case is decided or closed.
        JoinRefused: they are not one; the message says why.
    """
    held = {key: locked(key) for key in sorted({case.pk, into.pk})}
    case, into = held[case.pk], held[into.pk]
    check_may_handle(officer, case)
    check_may_handle(officer, into)
    if (reason := why_not_joined(case, into)) is not None:
        raise JoinRefused(reason)
    was_confirmed, actor = case.state != RequestState.UNCONFIRMED, Actor.officer(officer)
    before, together = into.asked_until, asked_together(case, into)
    move(
        case=case, to=RequestState.JOINED, action="joined", actor=actor, data={"into": into.reference},
        joined_to_id=into.pk, frozen_keys=None, problem="",
    )  # fmt: skip
    for name, value in together.items():
        setattr(into, name, value)
    into.save(update_fields=list(together))
    record(action="subject_request.took_in", actor=actor, target=into, data={"joined": case.reference})
    revoke_links(purpose=LinkPurpose.CONFIRM, target_id=case.pk)
    unlock_data(case=case, actor=actor)
    if into.asked_until != before:
        _look_anew(into, actor)
    if was_confirmed:
        write_case_letter(kind="joined", case=case, actor=actor, other_reference=into.reference)
    return case


@transaction.atomic
def close_as_spam(*, case: SubjectRequest, officer: Officer, reason: str) -> SubjectRequest:
    """Close what is no request at all. Nobody is written to: the address may be anybody's.

    Args:
        reason: why it is none; kept encrypted.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: it was decided, or is being worked on.
        JoinRefused: no reason is given, or too long a one; or it is known who asks, so it is a request.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_SPAM_REASON:
        message = _("Write down why this is no request, in %(n)d characters at most.")
        raise JoinRefused(message % {"n": LONGEST_SPAM_REASON})
    case = locked(case)
    check_may_handle(officer, case)
    if not may_be_spam(case):
        raise JoinRefused(
            _("We know who asks, or found their data: this is a request. Answer it, or refuse it on a ground in law.")
        )
    actor = Actor.officer(officer)
    move(
        case=case, to=RequestState.SPAM, action="spam", actor=actor, closing_reason=reason, frozen_keys=None, problem=""
    )
    for purpose in (LinkPurpose.CONFIRM, LinkPurpose.TRACK):
        revoke_links(purpose=purpose, target_id=case.pk)
    unlock_data(case=case, actor=actor)
    return case


def _look_anew(case: SubjectRequest, actor: Actor) -> None:
    """Make the plan of an erasure anew, which was made for an earlier day, or is being made for it."""
    if case.kind != RequestKind.ERASURE or case.state not in (RequestState.PLANNING, RequestState.DECIDING):
        return
    if case.state == RequestState.DECIDING:
        move(case=case, to=RequestState.PLANNING, action="planning_asked", actor=actor, **no_plan())
    queue_planning(case)


def may_be_spam(case: SubjectRequest) -> bool:
    """Whether a case can still be none: nobody has vouched for who asks, and no data of theirs was looked for.

    To control an address is not enough: whoever advertises does as well.
    """
    return case.identity_level in (IdentityLevel.NONE, IdentityLevel.MAIL_LINK) and case.planned_at is None


def why_not_joined(case: SubjectRequest, into: SubjectRequest) -> str | None:
    """Why a case is no duplicate of another; None when it is one."""
    if case.pk == into.pk:
        return _("A case cannot be joined to itself.")
    if case.subject_id != into.subject_id:
        return _("These are of two people, or of two addresses of one: answer each to its own.")
    if case.kind != into.kind:
        return _("They ask for different things, so each has an answer of its own.")
    if _who_asks(case) != _who_asks(into):
        return _("Different people ask: what one of them gets is no answer to the other. Answer each.")
    if into.state not in OPEN or into.state == RequestState.UNCONFIRMED:
        return _("The other case is closed or was never confirmed, so it cannot take this one in.")
    if (into.received_on, into.received_at) > (case.received_on, case.received_at):
        message = _("%(reference)s came first, so its date binds: join the other case to it.")
        return message % {"reference": case.reference}
    return why_not_taken_in(case, into)


def _who_asks(case: SubjectRequest) -> tuple[str, str] | None:
    """Whoever asks for the person, by name and address; None when they ask themselves."""
    representation = representation_of(case)
    return (representation.name.casefold(), representation.email or "") if representation is not None else None
