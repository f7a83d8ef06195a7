"""Locking a person's data while their case is open, and while they can still complain about its answer.

PIPEDA s. 8(8): data that is the subject of a request is kept until the person has exhausted every recourse. How long
that is, `requests.recourse` says, to letters as well; a job releases the lock on the day after.
"""

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM, Actor
from privacy.register.selectors import profile
from requests.enums import EscalationLevel, Outcome, RequestKind, RequestState
from requests.models import Escalation, SubjectRequest
from requests.recourse import kept_until, law_wants_it_kept
from retention.enums import HoldKind
from retention.holding import in_force
from retention.models import Hold
from retention.services import let_hold_go, place_hold, release_hold

RELEASE_JOB = "requests.end_recourse"


def lock_data(*, case: SubjectRequest, actor: Actor) -> None:
    """Keep retention away from the person's data from now on."""
    place_hold(kind=HoldKind.OPEN_REQUEST, matter=case.reference, subject=case.subject, case_id=case.pk, actor=actor)


def unlock_data(*, case: SubjectRequest, actor: Actor) -> None:
    """Let retention go on; suspended work resumes by itself. Does nothing when there is no lock."""
    for hold in Hold.objects.filter(case_id=case.pk, released_at__isnull=True):
        release_hold(hold=hold, actor=actor)


def unlock_after_recourse(*, case: SubjectRequest, decided_on: date) -> None:
    """Release the lock of a closed case once the person can no longer ask an authority for review: at once, or later.

    Args:
        decided_on: local date of the answer, with which the time to ask for review begins.
    """
    last = kept_until(case, decided_on, refused=_said_no(case))
    if last is None:
        unlock_data(case=case, actor=SYSTEM)
    else:
        _release_on(case, last + timedelta(days=1))


def unlock_for_erasure(*, case: SubjectRequest) -> None:
    """Let go of what earlier cases of the same person keep by our own care: their wish to be erased goes before."""
    for hold in in_force().filter(case_id__in=giving_way_to(case)):
        let_hold_go(hold=hold, actor=SYSTEM)


def giving_way_to(case: SubjectRequest) -> frozenset[uuid.UUID]:
    """Closed cases whose locks do not stop an erasure of the same person, in force or released a short time ago.

    What a law itself keeps (PIPEDA s. 8(8)) does, and so does what an authority has before it.
    """
    if case.kind != RequestKind.ERASURE:
        return frozenset()
    closed = SubjectRequest.objects.filter(subject_id=case.subject_id, closed_at__isnull=False).exclude(pk=case.pk)
    locks = in_force().filter(kind=HoldKind.OPEN_REQUEST, case_id__in=closed.values("pk"))
    not_released = {hold.case_id for hold in locks if hold.released_at is None}
    return frozenset(
        earlier.pk
        for earlier in closed.filter(pk__in=locks.values("case_id"))
        if not (earlier.pk in not_released and law_wants_it_kept(earlier)) and not _is_with_authority(earlier.pk)
    )


def _said_no(case: SubjectRequest) -> bool:
    """Whether the person did not get everything, so that there is something to ask an authority about."""
    closed_without = case.state in (RequestState.REFUSED, RequestState.IDENTITY_REJECTED)
    return closed_without or case.outcome in (Outcome.PARTIAL, Outcome.PARTLY_UPHELD, Outcome.NOT_UPHELD)


def _is_with_authority(case_id: uuid.UUID | str) -> bool:
    return Escalation.objects.filter(case__pk=case_id, level=EscalationLevel.AUTHORITY).exists()


def _release_on(case: SubjectRequest, day: date) -> None:
    moment = datetime.combine(day, time.min, ZoneInfo(profile().time_zone))
    enqueue(kind=RELEASE_JOB, slot=str(case.pk), due_at=moment)


@transaction.atomic
def release_after_recourse(*, case_id: str) -> None:
    """The last day to ask for review is over: retention goes on, unless an authority has the case."""
    if _is_with_authority(case_id):
        return
    unlock_data(case=SubjectRequest.objects.get(pk=case_id), actor=SYSTEM)
