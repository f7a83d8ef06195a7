"""The officer's answer to the question who asks."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from privacy.law.enums import Cause
from privacy.ledger.actors import Actor
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from requests.addressees import acts_with_authority, representation_of
from requests.clocks import identity_may_be_asked
from requests.enums import IdentityLevel, RequestState
from requests.letters import write_case_letter
from requests.models import CaseFileRole, FileAsk, SubjectRequest
from requests.services.asking_back import end_wait
from requests.services.locks import unlock_after_recourse
from requests.services.moves import check_authority, check_may_handle, expect, locked, move
from requests.services.planning import queue_planning
from requests.traits import traits_of


@transaction.atomic
def confirm_identity(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """The officer vouches for the person; where the kind needs it, the data is looked for next.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: the identity is not open any more.
        AuthorityNotChecked: somebody asks for the person, and nobody looked by what right.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.RECEIVED)  # a case that is decided on may go back to planning, but not by this door
    check_authority(case)
    if not identity_may_be_asked(case.deadlines):
        return go_on_unasked(case=case, actor=Actor.officer(officer))
    return settle_identity(case=case, level=IdentityLevel.OFFICER, actor=Actor.officer(officer))


def settle_identity(*, case: SubjectRequest, level: IdentityLevel, actor: Actor) -> SubjectRequest:
    """It is settled who asks in a locked case; where the kind needs it, the data is looked for next.

    Args:
        level: how sure we are; a higher level that was reached before stays.
    """
    data, level_reached = {"level": level.value}, higher(case.identity_level, level)
    return _go_on(case, actor, action="identity_confirmed", data=data, identity_level=level_reached)


def go_on_unasked(*, case: SubjectRequest, actor: Actor) -> SubjectRequest:
    """Where every law of a locked case forbids to ask who asks, go straight on; any other case is left as it is.

    So is one in which somebody asks for another: by what right they do is seen first.
    """
    represented = representation_of(case)
    waits = represented is not None and not acts_with_authority(represented)
    if case.state != RequestState.RECEIVED or waits or identity_may_be_asked(case.deadlines):
        return case
    return _go_on(case, actor, action="identity_not_asked")


def _go_on(case: SubjectRequest, actor: Actor, *, action: str, **changes: Any) -> SubjectRequest:
    looks = traits_of(case.kind).looks_for_data
    to = RequestState.PLANNING if looks else RequestState.DECIDING
    move(case=case, to=to, action=action, actor=actor, identity_until=None, problem="", **changes)
    end_wait(case=case, cause=Cause.IDENTITY, actor=actor)
    asked = FileAsk.objects.filter(case=case, role=CaseFileRole.IDENTITY_DOCUMENT, ended_at__isnull=True)
    asked.update(ended_at=timezone.now())
    if looks:
        queue_planning(case)
    return case


def higher(present: str, reached: IdentityLevel) -> str:
    """The higher of two levels: what was shown once is not unshown."""
    return max(present, reached.value, key=IdentityLevel.values.index)


@transaction.atomic
def reject_identity(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """The officer does not believe that it is the person. The letter says how to go on.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: the identity is not open any more.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.RECEIVED)  # a case that is being decided on is closed by its answer
    actor = Actor.officer(officer)
    move(case=case, to=RequestState.IDENTITY_REJECTED, action="identity_rejected", actor=actor, problem="")
    unlock_after_recourse(case=case, decided_on=local_date(timezone.now()))
    write_case_letter(kind="identity_rejected", case=case, actor=actor)
    return case
