"""Whether the address that somebody writes from is on file, for the officer who is to say who they are.

It is looked for as soon as work begins. Whoever opened the link in a mail to an address that is on file is a level
surer than somebody who only has a mailbox; where somebody else asks for the person, or staff entered the case, nobody
has shown that they have it, and it only says that the person is known.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.errors import DatamapIncomplete
from privacy.datamap.subject_match import OnFile, on_file
from privacy.jobs.registry import Retry
from privacy.jobs.services import enqueue
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.subjects.models import IdentifierKind
from requests.enums import IdentityLevel, RequestState
from requests.models import SubjectRequest
from requests.problems import SOURCE_UNREACHABLE
from requests.services.moves import locked

MATCH_JOB = "requests.match"


def queue_match(case: SubjectRequest) -> None:
    """Have it looked for whether the person is on file."""
    enqueue(kind=MATCH_JOB, slot=str(case.pk))


def match_identity(*, case_id: str) -> None:
    """Look for the person's e-mail address while an officer has still to say who asks; else there is nothing to do.

    What cannot be looked for is left to the officer, who is told of it when the data is looked for.

    Raises:
        Retry: a source cannot be reached now.
    """
    case = SubjectRequest.objects.filter(pk=case_id, state=RequestState.RECEIVED, on_file__isnull=True).first()
    if case is None:
        return
    try:
        found = on_file(case.subject.identifiers.filter(kind=IdentifierKind.EMAIL))
    except DatamapIncomplete:
        return
    except EngineError as error:
        if error.retryable:
            raise Retry(SOURCE_UNREACHABLE) from error
        return
    keep_match(case=case, found=found)


@transaction.atomic
def keep_match(*, case: SubjectRequest, found: Sequence[OnFile]) -> None:
    """Write down where the address was found, unless the case has moved on meanwhile."""
    case = locked(case)
    if case.state != RequestState.RECEIVED or case.on_file is not None:
        return
    case.on_file = {"at": timezone.now().isoformat(), "places": [each.to_data() for each in found]}
    if found and case.identity_level == IdentityLevel.MAIL_LINK:
        case.identity_level = IdentityLevel.MATCHED
    case.save(update_fields=["on_file", "identity_level"])
    rows = sum(each.rows for each in found)
    record(action="subject_request.identity_matched", actor=SYSTEM, target=case, data={"rows": rows})
