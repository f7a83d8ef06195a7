"""Asking who asks, seeing it shown, and closing what nobody showed.

Danger: a request that nobody could vouch for is forgotten in a drawer, or answered to a stranger.
Rule: the question, its last day and the beginning of the wait are one act; when that day is over, a job writes to the
person and closes the case, unless they have answered: then an officer looks first. What was shown once is never
lowered. Ask only in reasonable doubt, and for no more than
needed (EDPB Guidelines 01/2022, 65-78).
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.jobs.services import enqueue
from privacy.law.enums import Cause, Condition
from privacy.law.events import WaitBegan
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.selectors import local_date, profile
from privacy.subjects.models import LinkPurpose
from requests.case_files.deleting import delete_identity_documents
from requests.clocks import identity_may_be_asked, rules_of
from requests.enums import IdentityLevel, RequestState
from requests.errors import QuestionRefused
from requests.letters import write_case_letter
from requests.models import CaseFileRole, FileAsk, SubjectRequest
from requests.services.clock_events import add_clock_event, events_of, latest_event_on, open_waits
from requests.services.identity import settle_identity
from requests.services.locks import unlock_after_recourse
from requests.services.moves import check_authority, check_may_handle, expect, locked, move
from requests.waiting import effect_of_waiting

LAPSE_IDENTITY_JOB = "requests.lapse_identity"
LONGEST_WAY, MOST_WAYS = 300, 6
CCPA_DAYS = 45  # CCR tit. 11, § 7021(b): who cannot be verified within 45 days of receipt may be denied
_CALIFORNIA = "US-CA"


@transaction.atomic
def ask_identity(
    *, case: SubjectRequest, officer: Officer, ways: Sequence[str], confirmed: Collection[Condition] = ()
) -> SubjectRequest:
    """Ask the person to show who they are; where the law says so, the clock stands until they do.

    Args:
        ways: what is accepted, one of which is enough; the person reads them.
        confirmed: what the officer vouches for, where the law makes a condition of it.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: it is settled already who asks.
        QuestionRefused: every law of the case forbids it, no way is named, they were asked already, or nobody can be
            written to.
    """
    offered = [way.strip() for way in ways if way.strip()]
    if not 0 < len(offered) <= MOST_WAYS or any(len(way) > LONGEST_WAY for way in offered):
        message = _("Name one to %(n)d ways to show who they are, each in %(m)d characters at most.")
        raise QuestionRefused(message % {"n": MOST_WAYS, "m": LONGEST_WAY})
    case = locked(case)
    check_may_handle(officer, case)
    _check_law_lets_ask(case)
    expect(case, RequestState.RECEIVED)
    if Cause.IDENTITY in open_waits(events_of(case)):
        raise QuestionRefused(_("The person was asked already and has not answered."))
    actor, today = Actor.officer(officer), local_date(timezone.now())
    case.identity_until = last_day_to_show(case, today)
    case.save(update_fields=["identity_until"])
    letter = write_case_letter(
        kind="identity_needed", case=case, actor=actor, link=LinkPurpose.TRACK, ways=offered,
        until=case.identity_until, waiting=effect_of_waiting(case, Cause.IDENTITY, confirmed),
    )  # fmt: skip
    if letter is None:
        raise QuestionRefused(_("There is no address of the person, so they cannot be asked here."))
    data = {"until": str(case.identity_until)}
    record(action="subject_request.identity_asked", actor=actor, target=case, data=data)
    event = WaitBegan(max(today, latest_event_on(case)), Cause.IDENTITY, frozenset(confirmed))
    words = "\n".join(offered)
    add_clock_event(case=case, event=event, actor=actor, reason=words)
    if letter.address:  # by post there is no page to send it by
        _open_for_documents(case, officer, words)
    _look_again_after(case)
    return case


@transaction.atomic
def document_seen(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """The officer has seen a document that shows who asks. Copies of it are deleted; they have no purpose any more.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: it is settled already who asks.
        AuthorityNotChecked: somebody asks for the person, and nobody looked by what right.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.RECEIVED)
    check_authority(case)
    actor = Actor.officer(officer)
    case = settle_identity(case=case, level=IdentityLevel.DOCUMENT, actor=actor)
    delete_identity_documents(case=case, actor=actor)
    return case


@transaction.atomic
def lapse_identity(*, case_id: uuid.UUID | str, until: date) -> None:
    """Close a case whose maker did not show in time who they are, with a letter. Does nothing to any other.

    Args:
        until: the last day of the question that this is about; a later question has a look of its own.
    """
    case = locked(case_id)
    is_asked = case.state == RequestState.RECEIVED and case.identity_until == until
    if not is_asked or local_date(timezone.now()) <= until:
        return
    if Cause.IDENTITY not in open_waits(events_of(case)):
        return
    data = {"until": str(until)}
    move(case=case, to=RequestState.IDENTITY_REJECTED, action="identity_lapsed", actor=SYSTEM, data=data, problem="")
    unlock_after_recourse(case=case, decided_on=local_date(timezone.now()))
    write_case_letter(kind="identity_lapsed", case=case, actor=SYSTEM)


def _check_law_lets_ask(case: SubjectRequest) -> None:
    if not identity_may_be_asked(case.deadlines):
        laws = ", ".join(dict.fromkeys(rule.citation for rule in rules_of(case.deadlines)))
        message = _("The law forbids to ask who makes this request (%(laws)s). Go on without: decide the case.")
        raise QuestionRefused(message % {"laws": laws})


def last_day_to_show(case: SubjectRequest, today: date) -> date:
    """The last day to show who one is: the organisation's own, or the law's where it is later."""
    own = today + timedelta(days=profile().identity_days)
    if any(rule.id.startswith(f"{_CALIFORNIA}.") for rule in rules_of(case.deadlines)):
        return max(own, case.received_on + timedelta(days=CCPA_DAYS))
    return own


def _open_for_documents(case: SubjectRequest, officer: Officer, words: str) -> None:
    """Let the person send a document on the page of the case, where that is the way that they choose."""
    role = CaseFileRole.IDENTITY_DOCUMENT
    if not FileAsk.objects.filter(case=case, role=role, ended_at__isnull=True).exists():
        FileAsk.objects.create(case=case, role=role, words=words, officer=officer)


def _look_again_after(case: SubjectRequest) -> None:
    assert case.identity_until is not None  # just asked
    morning = case.identity_until + timedelta(days=1)
    moment = datetime.combine(morning, time.min, ZoneInfo(profile().time_zone))
    enqueue(kind=LAPSE_IDENTITY_JOB, slot=f"{case.pk}/{case.identity_until}", due_at=moment)
