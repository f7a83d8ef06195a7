"""Queueing the making of an access package, and what follows when it is made or its time is over."""

import secrets
from datetime import timedelta

from django.db import transaction

from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from requests.enums import RequestKind, RequestState
from requests.errors import WrongState
from requests.models import SubjectRequest
from requests.services.moves import check_may_handle, expect, locked

BUILD_JOB = "requests.build_package"
EXPIRE_JOB = "requests.expire_packages"
KEPT_FOR = timedelta(days=14)
DOWNLOADS = 20


def queue_package(case: SubjectRequest) -> None:
    """Have the package made. Each asking is a slot of its own."""
    enqueue(kind=BUILD_JOB, slot=f"{case.pk}/{secrets.token_hex(4)}")


@transaction.atomic
def rebuild_package(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """Have the package made again after it could not be made.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: no package is being made for this case.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.EXECUTING)
    if case.kind != RequestKind.ACCESS:
        raise WrongState(RequestState.EXECUTING.label)
    record(action="subject_request.package_asked_again", actor=Actor.officer(officer), target=case)
    queue_package(case)
    return case
