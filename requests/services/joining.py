"""The same person asked for the same thing twice: one case goes on, the other is joined to it."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.officers.models import Officer
from requests.enums import RequestState
from requests.errors import JoiningRefused, WrongState
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.services.locks import unlock_data
from requests.services.moves import check_may_handle, move
from requests.transitions import TRANSITIONS


@transaction.atomic
def join_case(*, case: SubjectRequest, into: SubjectRequest, officer: Officer) -> SubjectRequest:
    """Close a case because an earlier one of the same person asks for the same, and tell the person.

    The earlier case goes on, so the person never has to wait longer than the law says for the first of the two.

    Raises:
        NotAllowed: one of the two is not this officer's to handle.
        WrongState: the case is too far to be joined, or closed.
        JoiningRefused: they are not the same request, or the other one is the later, or closed.
    """
    case, into = _both_locked(case.pk, into.pk)
    check_may_handle(officer, case)
    check_may_handle(officer, into)
    if RequestState.JOINED not in TRANSITIONS[RequestState(case.state)]:
        raise WrongState(case.get_state_display())
    if (reason := why_not_joined(case, into)) is not None:
        raise JoiningRefused(reason)
    was_confirmed = case.state != RequestState.UNCONFIRMED
    actor = Actor.officer(officer)
    move(
        case=case, to=RequestState.JOINED, action="joined", actor=actor, data={"joined_to": str(into.pk)},
        joined_to_id=into.pk, frozen_keys=None, problem="",
    )  # fmt: skip
    unlock_data(case=case, actor=actor)
    if was_confirmed:
        write_case_letter(kind="joined", case=case, actor=actor, other_reference=into.reference)
    return case


def why_not_joined(case: SubjectRequest, into: SubjectRequest) -> str | None:
    """Why a case is no duplicate of another; None when it is one."""
    if case.pk == into.pk:
        return _("It is the case that the others are joined to.")
    if case.subject_id != into.subject_id:
        return _("It is of another person.")
    if case.kind != into.kind:
        return _("It asks for something else.")
    if into.closed_at is not None or into.state == RequestState.UNCONFIRMED:
        return _("The case to join to is not open.")
    if into.received_at > case.received_at:
        return _("It came in earlier: join the later case to the earlier one.")
    return None


def _both_locked(one: uuid.UUID, other: uuid.UUID) -> tuple[SubjectRequest, SubjectRequest]:
    """Both rows, locked in the order of their keys, so that two officers never wait for each other."""
    locked = SubjectRequest.objects.select_for_update().filter(pk__in={one, other}).order_by("pk")
    rows = {row.pk: row for row in locked}
    return rows[one], rows[other]
