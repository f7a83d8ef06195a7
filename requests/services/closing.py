"""Ways in which a case ends without an answer: withdrawn by the person, or never confirmed."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from privacy.ledger.actors import SYSTEM, Actor
from privacy.subjects.links import revoke_links
from privacy.subjects.models import LinkPurpose
from requests.enums import RequestState
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.services.locks import unlock_data
from requests.services.moves import locked, move
from requests.services.remembering import forget_addresses, forget_words


@transaction.atomic
def withdraw_request(*, case: SubjectRequest, actor: Actor) -> SubjectRequest:
    """The person does not want to go on. Not possible any more once the case is being carried out.

    Raises:
        WrongState: it is being carried out, or closed.
    """
    case = locked(case)
    was_confirmed = case.state != RequestState.UNCONFIRMED
    move(case=case, to=RequestState.WITHDRAWN, action="withdrawn", actor=actor, frozen_keys=None, problem="")
    revoke_links(purpose=LinkPurpose.CONFIRM, target_id=case.pk)
    unlock_data(case=case, actor=actor)
    if was_confirmed:
        write_case_letter(kind="withdrawn", case=case, actor=actor)
    return case


@transaction.atomic
def lapse_request(*, case_id: uuid.UUID | str, after: timedelta) -> None:
    """Close a case whose link was never used, with a letter to the address that was given, and forget what was typed:
    it may have been anybody.

    Args:
        after: how long the person had. A case that is younger, or has moved on, stays as it is.
    """
    case = locked(case_id)
    if case.state != RequestState.UNCONFIRMED or case.received_at > timezone.now() - after:
        return
    move(case=case, to=RequestState.LAPSED, action="lapsed", actor=SYSTEM)
    revoke_links(purpose=LinkPurpose.CONFIRM, target_id=case.pk)
    forget_words(case=case)  # first, so that the letter repeats nothing that was typed beside the address
    letter = write_case_letter(kind="not_confirmed", case=case, actor=SYSTEM)
    forget_addresses(case=case, but=letter)
