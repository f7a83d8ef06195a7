"""Asking the person for something the answer depends on, and taking their reply.

Danger: a clock that stands because somebody forgot to ask, or to say that the reply is there.
Rule: the question and the beginning of the wait are one act, as are the reply and its end. Whether the clock stands is
the law's to say; a question that stops nothing is asked all the same. An answer ends the wait whatever it says: an
officer looks at it, and until then nothing lapses.
"""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.law.enums import Cause, Condition
from privacy.law.events import WaitBegan, WaitEnded
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from privacy.subjects.models import LinkPurpose
from requests.asked import LONGEST_DETAILS
from requests.enums import RequestState
from requests.errors import QuestionRefused
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.services.clock_events import add_clock_event, events_of, latest_event_on, open_waits
from requests.services.moves import check_authority, check_may_handle, expect, locked
from requests.transitions import OPEN
from requests.waiting import effect_of_waiting

LONGEST_QUESTION = 4_000
_WHILE = (RequestState.RECEIVED, RequestState.PLANNING, RequestState.DECIDING)


@transaction.atomic
def ask_for_clarification(
    *, case: SubjectRequest, officer: Officer, questions: str, confirmed: Collection[Condition] = ()
) -> SubjectRequest:
    """Ask the person what they mean; where the law says so, the clock stands until they reply.

    Args:
        questions: as the person reads them.
        confirmed: what the officer vouches for, where the law makes a condition of it.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: the case is decided or closed.
        AuthorityNotChecked: somebody asks for the person, and has not shown (any more) by what right.
        QuestionRefused: nothing was asked, a question is open already, or no address is left.
    """
    if not questions.strip() or len(questions) > LONGEST_QUESTION:
        raise QuestionRefused(_("Write your question, in %(n)d characters at most.") % {"n": LONGEST_QUESTION})
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, *_WHILE)
    check_authority(case)
    if Cause.CLARIFICATION in open_waits(events_of(case)):
        raise QuestionRefused(_("The person was asked already and has not replied."))
    actor = Actor.officer(officer)
    letter = write_case_letter(
        kind="clarification", case=case, actor=actor, link=LinkPurpose.TRACK, questions=questions.strip(),
        waiting=effect_of_waiting(case, Cause.CLARIFICATION, confirmed),
    )  # fmt: skip
    if letter is None:
        raise QuestionRefused(_("There is no e-mail address of the person, so they cannot be asked here."))
    today = max(local_date(timezone.now()), latest_event_on(case))
    event = WaitBegan(today, Cause.CLARIFICATION, frozenset(confirmed))
    return add_clock_event(case=case, event=event, actor=actor, reason=questions.strip())


@transaction.atomic
def take_reply(*, case: SubjectRequest, actor: Actor, text: str) -> SubjectRequest:
    """Add what the person says to the case; a question of ours that was open is answered by it.

    Raises:
        WrongState: the case is closed.
        QuestionRefused: nothing was written, or too much.
    """
    case = locked(case)
    expect(case, *OPEN)
    written = "\n\n".join(filter(None, [case.details, text.strip()]))
    if not text.strip() or len(written) > LONGEST_DETAILS:
        raise QuestionRefused(_("Write your reply, in %(n)d characters at most in all.") % {"n": LONGEST_DETAILS})
    case.details = written
    case.save(update_fields=["details"])
    record(action="subject_request.reply_received", actor=actor, target=case)
    end_wait(case=case, cause=Cause.CLARIFICATION, actor=actor)
    identity_answered(case=case, actor=actor)
    return case


def identity_answered(*, case: SubjectRequest, actor: Actor) -> None:
    """Whoever asks has answered the question who they are, in a locked, open case: it does not lapse any more.

    Whether the answer is enough is for an officer to say, who confirms, asks again, or rejects.
    """
    end_wait(case=case, cause=Cause.IDENTITY, actor=actor)
    if case.identity_until is not None:
        case.identity_until = None
        case.save(update_fields=["identity_until"])


def end_wait(*, case: SubjectRequest, cause: Cause, actor: Actor) -> None:
    """What a locked, open case waited for has come; does nothing when it was not waited for."""
    if cause in open_waits(events_of(case)):
        today = max(local_date(timezone.now()), latest_event_on(case))
        add_clock_event(case=case, event=WaitEnded(today, cause), actor=actor)


@transaction.atomic
def stop_waiting(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """Go on without a reply to our question: the clock runs again from today.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: the case is closed.
        QuestionRefused: no question is open.
    """
    case = locked(case)
    check_may_handle(officer, case)
    if Cause.CLARIFICATION not in open_waits(events_of(case)):
        raise QuestionRefused(_("No question to the person is open."))
    end_wait(case=case, cause=Cause.CLARIFICATION, actor=Actor.officer(officer))
    return case
