"""An erasure of which a part was refused: its plan is made anew without that part, and then waits for approval.

Danger: a second officer approves a plan that would erase what was refused; or nobody notices that the data has changed
so that the decision does not speak of all of it any more.
Rule: the plan that is approved is the narrowed one, by its own hash. If it would change anything that was not granted,
the decision is void and the case is decided anew on what is found now.
"""

from typing import Any

from django.db import transaction

from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from requests.deciding.cut import covers, cut_of
from requests.enums import RequestState
from requests.models import CategoryDecision, SubjectRequest
from requests.problems import DECISION_OUTDATED
from requests.services.anew import no_plan, queue_planning, undecided
from requests.services.moves import locked, move


def begin_narrowing(
    *, case: SubjectRequest, actor: Actor, action: str, data: dict[str, Any], **decided: Any
) -> SubjectRequest:
    """Have the plan of a decided, locked case made without what was refused."""
    move(case=case, to=RequestState.PLANNING, action=action, actor=actor, data=data, **(no_plan() | decided))
    queue_planning(case)
    return case


def go_on_narrowed(case: SubjectRequest) -> None:
    """The narrowed plan of a locked case at the stage of decision is there: it waits for the second officer.

    The stage that follows is the same as after a grant of all.
    """
    move(
        case=case, to=RequestState.AWAITING_APPROVAL, action="plan_narrowed", actor=SYSTEM,
        data={"plan": case.plan_hash},
    )  # fmt: skip


def still_speaks_of_all(case: SubjectRequest, plan: dict[str, Any]) -> bool:
    """Whether everything that a narrowed plan would change was granted."""
    return covers(cut_of(case), plan, kind=case.kind)


@transaction.atomic
def void_decision(*, case: SubjectRequest, problem: str = DECISION_OUTDATED) -> SubjectRequest:
    """The decision cannot be carried out as it was made: the data is looked for again, and an officer decides anew.

    Args:
        case: being planned or carried out; locked here.
        problem: why; said until an officer has decided again.
    """
    case = locked(case)
    CategoryDecision.objects.filter(case=case).delete()
    changes = {**undecided(), **no_plan(), "problem": problem}
    if case.state == RequestState.PLANNING:
        for name, value in changes.items():
            setattr(case, name, value)
        case.save(update_fields=list(changes))
        record(action="subject_request.decision_void", actor=SYSTEM, target=case, data={"problem": problem})
    else:
        move(
            case=case, to=RequestState.PLANNING, action="decision_void", actor=SYSTEM, data={"problem": problem},
            **changes,
        )  # fmt: skip
    queue_planning(case)
    return case
