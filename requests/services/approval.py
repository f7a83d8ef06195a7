"""The second officer's yes or no to an erasure.

Danger: one person alone destroys data, or approves what they did not see.
Rule: whoever decided cannot approve, neither as themselves nor through another account (`privacy.officers.four_eyes`),
and an approval names the hash of the plan that was on the screen.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.officers.four_eyes import OnePerson, might_be_one
from privacy.officers.models import Officer
from requests.deciding.cut import cut_of
from requests.deciding.letters import partly_granted
from requests.enums import Outcome, RequestKind, RequestState
from requests.errors import NotAllowed, PlanChanged, SecondOfficerNeeded
from requests.letters import write_case_letter
from requests.models import Approval, SubjectRequest
from requests.services.anew import no_plan, queue_planning, undecided
from requests.services.cooling_off import begin_cooling_off, cools_off, tell_that_it_begins
from requests.services.decisions import is_narrowed
from requests.services.execution import start_erasure
from requests.services.moves import check_may_handle, expect, locked, move


@transaction.atomic
def approve_erasure(*, case: SubjectRequest, officer: Officer, plan_hash: str) -> SubjectRequest:
    """Approve exactly the plan that was shown; the erasure starts once the person can cancel it no more.

    Where the law's last day leaves no time to cancel it starts now, and the person is told.

    Where a part was refused the person is told now.

    Args:
        plan_hash: of the plan that the officer saw.

    Raises:
        NotAllowed: the officer may not approve erasures.
        SecondOfficerNeeded: the officer decided this case, or might be whoever did.
        PlanChanged: the case has another plan by now.
        WrongState: nothing waits for approval.
    """
    case = locked(case)
    if not officer.has_perm("requests.approve_erasure"):
        raise NotAllowed
    # the state first: a case that was sent back meanwhile was decided by nobody, and that is what they should hear
    expect(case, RequestState.AWAITING_APPROVAL)
    check_may_approve(case, officer)
    if case.kind != RequestKind.ERASURE or plan_hash != case.plan_hash:
        raise PlanChanged
    actor = Actor.officer(officer)
    Approval.objects.update_or_create(case=case, plan_hash=plan_hash, defaults={"officer": officer})
    if case.outcome == Outcome.PARTIAL:
        write_case_letter(kind="partly_granted", case=case, actor=actor, **partly_granted(case, cut_of(case).lines))
    if cools_off(case):
        return begin_cooling_off(case=case, actor=actor, plan_hash=plan_hash)
    move(
        case=case, to=RequestState.EXECUTING, action="erasure_approved", actor=actor, data={"plan": plan_hash},
        problem="",
    )  # fmt: skip
    tell_that_it_begins(case=case, actor=actor)
    start_erasure(case=case, actor=actor)
    return case


@transaction.atomic
def return_to_decision(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """Send an erasure back before it begins: the second officer does not approve, or one of them thinks again.

    An approval that was given already is void.

    Where a part was refused, everything is looked for again first.

    Raises:
        NotAllowed: the officer may neither approve erasures nor handle this case.
        WrongState: nothing waits for approval, or for the end of the time to cancel.
    """
    case = locked(case)
    if not officer.has_perm("requests.approve_erasure"):
        check_may_handle(officer, case)
    expect(case, RequestState.AWAITING_APPROVAL, RequestState.COOLING_OFF)
    case.approvals.all().delete()
    actor, narrowed = Actor.officer(officer), is_narrowed(case)
    case = move(
        case=case, to=RequestState.DECIDING, action="returned_to_decision", actor=actor, cooling_off_until=None,
        **undecided(),
    )  # fmt: skip
    if narrowed:  # its plan says nothing of what was refused, so there is nothing to decide on before it is made anew
        move(case=case, to=RequestState.PLANNING, action="planning_asked", actor=actor, **no_plan())
        queue_planning(case)
    return case


def check_may_approve(case: SubjectRequest, officer: Officer) -> None:
    """Raise NotAllowed or SecondOfficerNeeded unless this officer may be the second one."""
    if not officer.has_perm("requests.approve_erasure"):
        raise NotAllowed
    if case.decided_by is None:
        raise SecondOfficerNeeded(
            _(
                "Whoever decided this case has no account any more, so nobody can tell whether you are another person. "
                "Return it to decision, and decide it anew."
            )
        )
    match might_be_one(case.decided_by, officer, since=case.received_at):
        case OnePerson.SAME:
            raise SecondOfficerNeeded
        case OnePerson.TEMPORARY_PASSWORD:
            raise SecondOfficerNeeded(
                _(
                    "One of you has a temporary password that the other has seen, so one person could be both. Whoever "
                    "has it sets a password of their own under “Change password”. If it was handed over since the case "
                    "was received, another officer has to approve."
                )
            )
        case OnePerson.HANDED_OVER:
            raise SecondOfficerNeeded(
                _(
                    "Since the case was received, one of you was given an account or a temporary password by the "
                    "other, so one person could be both. Ask another officer to approve, or return it to decision."
                )
            )
