"""Locking a person's data while their case is open, and while they can still complain about its answer.

PIPEDA s. 8(8): data that is the subject of a request is kept until the person has exhausted every recourse. A recourse
without a known end keeps the hold until an officer releases it; a known end releases it by a job on the day after.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from privacy.jobs.services import enqueue
from privacy.law.afterwards import recourse_ends_on
from privacy.ledger.actors import SYSTEM, Actor
from privacy.register.selectors import profile
from requests.clocks import rules_of
from requests.enums import EscalationLevel
from requests.models import Escalation, SubjectRequest
from retention.enums import HoldKind
from retention.models import Hold
from retention.services import place_hold, release_hold

RELEASE_JOB = "requests.end_recourse"


def lock_data(*, case: SubjectRequest, actor: Actor) -> None:
    """Keep retention away from the person's data from now on."""
    place_hold(kind=HoldKind.OPEN_REQUEST, matter=case.reference, subject=case.subject, case_id=case.pk, actor=actor)


def unlock_data(*, case: SubjectRequest, actor: Actor) -> None:
    """Let retention go on; suspended work resumes by itself. Does nothing when there is no lock."""
    for hold in Hold.objects.filter(case_id=case.pk, released_at__isnull=True):
        release_hold(hold=hold, actor=actor)


def unlock_after_recourse(*, case: SubjectRequest, decided_on: date) -> None:
    """Release the lock once the person can no longer ask an authority for review: at once, later, or by an officer."""
    rules = [rule for rule in rules_of(case.deadlines) if rule.hold_until_recourse_exhausted]
    if not rules:
        unlock_data(case=case, actor=SYSTEM)
        return
    ends = [recourse_ends_on(rule, decided_on) for rule in rules]
    if None not in ends:
        _release_on(case, max(day for day in ends if day) + timedelta(days=1))


def _release_on(case: SubjectRequest, day: date) -> None:
    moment = datetime.combine(day, time.min, ZoneInfo(profile().time_zone))
    enqueue(kind=RELEASE_JOB, slot=str(case.pk), due_at=moment)


@transaction.atomic
def release_after_recourse(*, case_id: str) -> None:
    """The last day to ask for review is over: retention goes on, unless an authority has the case."""
    if Escalation.objects.filter(case__pk=case_id, level=EscalationLevel.AUTHORITY).exists():
        return
    unlock_data(case=SubjectRequest.objects.get(pk=case_id), actor=SYSTEM)
