"""Finding the person's data: queued as a job, because sources are reached over the network."""

from django.db import transaction

from privacy.errands.services import cancel_copies
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from requests.deciding.sources import planned_sources
from requests.enums import RequestState
from requests.models import SubjectRequest
from requests.problems import SOURCE_GONE, SOURCE_OFF, VOIDED
from requests.services.anew import PLAN_JOB, no_plan, queue_planning
from requests.services.found import Found, meant_until
from requests.services.moves import check_may_handle, expect, locked, move
from requests.services.narrowing import go_on_narrowed, still_speaks_of_all, void_decision

__all__ = ["PLAN_JOB", "keep_plan", "no_plan", "note_problem", "queue_planning", "replan"]


@transaction.atomic
def replan(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """Look for the data again before deciding, or after it could not be looked for.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: it is decided already, or the identity is still open. A copy that waits for a source that is off can
            be planned without it; the decision is void then.
    """
    case = locked(case)
    check_may_handle(officer, case)
    actor = Actor.officer(officer)
    if case.state == RequestState.PLANNING:
        record(action="subject_request.planning_asked_again", actor=actor, target=case)
    elif waits_for_source_off(case):
        record(action="subject_request.planning_asked_again", actor=actor, target=case)
        return void_decision(case=case, problem=SOURCE_GONE)
    else:
        expect(case, RequestState.DECIDING)
        move(case=case, to=RequestState.PLANNING, action="planning_asked", actor=actor, **no_plan())
    queue_planning(case)
    return case


def waits_for_source_off(case: SubjectRequest) -> bool:
    """Whether a copy is not made because a source is off."""
    return case.state == RequestState.EXECUTING and case.problem == SOURCE_OFF


@transaction.atomic
def keep_plan(*, case: SubjectRequest, found: Found) -> None:
    """Store what was found, unless the case has moved on meanwhile; the officer decides next.

    The problem that an approval was lost stays until the officer has decided again. A case that was decided in part
    waits for its second officer next, with a plan that leaves out what was refused. What somebody was asked for under
    an earlier plan, in a source that this one has not, is waited for no more.
    """
    case = locked(case)
    if case.state != RequestState.PLANNING or case.decided_at != found.for_decision_of:
        return
    if meant_until(case) != found.meant_until:  # another request was joined meanwhile, and has it looked for anew
        return
    if found.for_decision_of is not None and not still_speaks_of_all(case, found.plan):
        void_decision(case=case)
        return
    move(
        case=case,
        to=RequestState.DECIDING,
        action="planned",
        actor=SYSTEM,
        data={"rows": found.rows, "plan": found.plan_hash},
        plan=found.plan,
        plan_hash=found.plan_hash,
        planned_at=found.planned_at,
        frozen_keys=found.frozen_keys,
        problem=case.problem if case.problem in VOIDED else "",
    )
    cancel_copies(case_id=case.pk, except_sources=planned_sources(case))
    if found.for_decision_of is not None:
        go_on_narrowed(case)


@transaction.atomic
def note_problem(*, case: SubjectRequest, problem: str, details: str = "") -> None:
    """Say on the case why work on it does not get on.

    Args:
        problem: a code of `requests.problems`.
        details: what the engine says of it, which names tables and columns and no values.
    """
    case = locked(case)
    if case.closed_at is None and (case.problem, case.problem_details) != (problem, details):
        case.problem, case.problem_details = problem, details
        case.save(update_fields=["problem", "problem_details"])
        record(action="subject_request.problem", actor=SYSTEM, target=case, data={"problem": problem})


@transaction.atomic
def forget_problem(*, case: SubjectRequest, problem: str) -> None:
    """Say no more that work on a case does not get on for this reason."""
    case = locked(case)
    if case.closed_at is None and case.problem == problem:
        case.problem = ""
        case.save(update_fields=["problem"])
        record(action="subject_request.problem_over", actor=SYSTEM, target=case)
