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
from privacy.letters.models import Letter, LetterState
from privacy.letters.services import discard_unposted
from privacy.officers.models import Officer
from privacy.tenants.context import current_organisation
from requests.enums import RequestState
from requests.errors import WrongState
from requests.fulfilment.storage import remove_file
from requests.models import AccessPackage, SubjectRequest
from requests.services.moves import check_may_handle, expect, locked
from requests.traits import Answer, traits_of

BUILD_JOB = "requests.build_package"
EXPIRE_JOB = "requests.expire_packages"
KEPT_FOR = timedelta(days=14)
DOWNLOADS = 20
COVERING = ("case_package_by_post", "case_partly_granted")
"""Kinds of letters that go into the envelope with a package."""


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


def waiting_package(case: SubjectRequest) -> AccessPackage | None:
    """The package of a case that is made and waits for the post; None when there is none."""
    package = AccessPackage.objects.filter(case=case, for_post=True).first()
    return package if package is not None and package.waits_for_post else None


def covering_letter(case: SubjectRequest) -> Letter | None:
    """The letter that goes with a package that waits for the post; None until it is written."""
    return Letter.objects.filter(case_id=case.pk, kind__in=COVERING, state=LetterState.BY_POST).first()


def may_be_made_again(case: SubjectRequest) -> bool:
    """Whether the package of a case that is carried out may be made again: not while one waits to be taken."""
    package = waiting_package(case)
    return package is None or not package.downloads_left


@transaction.atomic
def rebuild_package(*, case: SubjectRequest, officer: Officer) -> SubjectRequest:
    """Have the package made again after it could not be made, or was lost on the way from here to the post.

    Raises:
        NotAllowed: the case is not this officer's.
        WrongState: no package is being made for this case, or one waits to be taken.
    """
    case = locked(case)
    check_may_handle(officer, case)
    expect(case, RequestState.EXECUTING)
    if traits_of(case.kind).answer is not Answer.PACKAGE or not may_be_made_again(case):
        raise WrongState(RequestState.EXECUTING.label)
    record(action="subject_request.package_asked_again", actor=Actor.officer(officer), target=case)
    if (lost := waiting_package(case)) is not None:
        _throw_away(lost, officer)
    queue_package(case)
    return case


def _throw_away(package: AccessPackage, officer: Officer) -> None:
    """The file that was lost, and the letter with its SHA-256, which names no other. Copies from others stay."""
    if (letter := covering_letter(package.case)) is not None:
        discard_unposted(letter=letter, officer=officer)
    remove_file(package)
    record(action="access_package.deleted", actor=Actor.officer(officer), target=package.case)
    package.delete()
