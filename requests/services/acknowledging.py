"""Telling a person that we have their request, where they were not told when it came in."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.letters.models import Letter, LetterState
from privacy.officers.models import Officer
from privacy.subjects.models import LinkPurpose
from requests.enums import RequestKind, RequestState
from requests.errors import AcknowledgementRefused, WrongState
from requests.letters import write_case_letter
from requests.models import SubjectRequest
from requests.services.complaints import write_acknowledgement
from requests.services.moves import check_authority, check_may_handle, locked

_KINDS = ("acknowledged", "complaint_acknowledged")
_ON_THE_WAY = (LetterState.QUEUED, LetterState.SENT, LetterState.BY_POST)


@transaction.atomic
def acknowledge(*, case: SubjectRequest, officer: Officer) -> Letter:
    """Write the acknowledgement of a case that has none yet.

    Raises:
        NotAllowed: the officer may not handle the case.
        WrongState: it is closed, or the person has not confirmed it.
        AuthorityNotChecked: somebody asks for the person, and nobody looked by what right; they were asked for that.
        AcknowledgementRefused: it was acknowledged already, or there is no address left to write to.
    """
    case = locked(case)
    check_may_handle(officer, case)
    if case.closed_at is not None or case.state == RequestState.UNCONFIRMED:
        raise WrongState(case.get_state_display())
    if acknowledged([case.pk]):
        raise AcknowledgementRefused(_("The person was told already that we have it."))
    check_authority(case)
    actor = Actor.officer(officer)
    if case.kind == RequestKind.COMPLAINT:
        letter = write_acknowledgement(case, actor)
    else:
        letter = write_case_letter(kind="acknowledged", case=case, actor=actor, link=LinkPurpose.TRACK)
    if letter is None:
        raise AcknowledgementRefused(_("There is no e-mail address of the person to write to."))
    record(action="subject_request.acknowledged", actor=actor, target=case)
    return letter


def acknowledged(cases: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """The ids of those whose person was told that we have their case, or is about to be, in one query."""
    letters = Letter.objects.filter(
        case_id__in=list(cases), kind__in=[f"case_{kind}" for kind in _KINDS], state__in=_ON_THE_WAY
    )
    return {case for case in letters.values_list("case_id", flat=True) if case is not None}
