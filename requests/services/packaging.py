"""Queueing the making of an access package, and what follows when it is made or its time is over."""

import secrets
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from privacy.errands.models import Errand, ErrandWork
from privacy.jobs.models import Job, JobState
from privacy.jobs.services import enqueue, wake
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.tenants.context import current_organisation
from requests.enums import RequestState
from requests.errors import WrongState
from requests.models import SubjectRequest
from requests.services.moves import check_may_handle, expect, locked
from requests.traits import Answer, traits_of

BUILD_JOB = "requests.build_package"
EXPIRE_JOB = "requests.expire_packages"
KEPT_FOR = timedelta(days=14)
DOWNLOADS = 20


def queue_package(case: SubjectRequest) -> None:
    """Have the package made. Each asking is a slot of its own."""
    enqueue(kind=BUILD_JOB, slot=f"{case.pk}/{secrets.token_hex(4)}")


def copy_moved(errand: Errand) -> None:
    """Told when somebody who was asked for a copy has answered, or is to be asked again: the package is made now."""
    if errand.work != ErrandWork.ACCESS:
        return
    SubjectRequest.objects.filter(pk=errand.case_id, closed_at__isnull=True).exclude(problem="").update(problem="")
    schema_name = current_organisation().schema_name
    jobs = Job.objects.filter(schema_name=schema_name, kind=BUILD_JOB, slot__startswith=f"{errand.case_id}/")
    alive = jobs.filter(state__in=[JobState.PENDING, JobState.RUNNING]).order_by("pk").first()
    if alive is None:
        queue_package(SubjectRequest.objects.get(pk=errand.case_id))
        return
    if jobs.filter(pk=alive.pk, state=JobState.PENDING).update(due_at=timezone.now()):
        transaction.on_commit(partial(wake, schema_name, alive.pk))


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
    if traits_of(case.kind).answer is not Answer.PACKAGE:
        raise WrongState(RequestState.EXECUTING.label)
    record(action="subject_request.package_asked_again", actor=Actor.officer(officer), target=case)
    queue_package(case)
    return case
