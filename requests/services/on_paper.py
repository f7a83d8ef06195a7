"""What a person without an e-mail address answers on paper or by telephone; an officer writes it down for them.

Danger: an officer agrees to a cost in somebody's name.
Rule: only who may handle the case writes it down, the ledger names them as the one who did, and what follows is the
same as if the person had answered on their page.
"""

from django.db import transaction

from privacy.ledger.actors import Actor
from privacy.officers.models import Officer
from requests.models import FeeState, SubjectRequest
from requests.services.asking_back import take_reply
from requests.services.fees import accept_fee, change_instead, decline_fee
from requests.services.moves import check_may_handle, locked


@transaction.atomic
def record_fee_answer(
    *, case: SubjectRequest, officer: Officer, estimate_id: int, answer: FeeState, details: str = ""
) -> SubjectRequest:
    """Write down what the person said about an estimate.

    Args:
        estimate_id: the estimate that they were told.
        answer: accepted, declined or changed.
        details: what they want instead, when changed.

    Raises:
        NotAllowed: the case is not this officer's.
        FeeChanged: another estimate waits by now.
        FeeRefused: nothing was asked, it is answered already, the case is closed, or nothing was written about the
            change.
        ValueError: that is no answer of a person.
    """
    case, actor = locked(case), Actor.officer(officer)
    check_may_handle(officer, case)
    match answer:
        case FeeState.ACCEPTED:
            return accept_fee(case=case, actor=actor, estimate_id=estimate_id)
        case FeeState.DECLINED:
            return decline_fee(case=case, actor=actor, estimate_id=estimate_id)
        case FeeState.CHANGED:
            return change_instead(case=case, actor=actor, estimate_id=estimate_id, details=details)
        case _:
            raise ValueError(answer)


@transaction.atomic
def record_reply(*, case: SubjectRequest, officer: Officer, text: str) -> SubjectRequest:
    """Write down what the person replied; a question of ours that was open is answered by it.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: the case is closed.
        QuestionRefused: nothing was written, or too much.
    """
    case = locked(case)
    check_may_handle(officer, case)
    return take_reply(case=case, actor=Actor.officer(officer), text=text)
