"""What officers do with tasks of their cases: declare what came of them, take them over, open them again.

Danger: a colleague who has nothing to do with a case reads who it is about, or deletes what is under a hold.
Rule: a task is worked on by who may handle its case; while another hold keeps the person's data, nothing is declared.
"""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile

from privacy.errands import services
from privacy.errands.errors import ErrandError
from privacy.errands.files import drop_file, store_file
from privacy.errands.models import Errand, ErrandFile, ErrandState, ErrandWork, FileRole
from privacy.errands.uploads import checked_upload
from privacy.officers.models import Officer
from requests.errors import NotAllowed, TaskHeld, TaskRefused
from requests.models import SubjectRequest
from requests.services.moves import check_may_handle
from retention.holding import holds_on


def declare_task(
    *, errand: Errand, officer: Officer, state: ErrandState, comment: str = "", uploads: Sequence[UploadedFile] = ()
) -> Errand:
    """Declare a task done, say that nothing was found, or that it cannot be done.

    Files are encrypted before the task is closed, and removed again when somebody else was faster.

    Raises:
        NotAllowed: the case is not this officer's, or a processor does the work.
        TaskHeld: the person's data is under a hold.
        TaskRefused: it is closed already, its evidence is missing, or a file is not taken; the message says which.
    """
    _check_may_do(errand, officer)
    if errand.work == ErrandWork.ERASURE and is_held(errand):
        raise TaskHeld
    role = FileRole.COPY if errand.work == ErrandWork.ACCESS else FileRole.PROOF
    stored: list[ErrandFile] = []
    try:
        for name, chunks in [checked_upload(upload) for upload in uploads]:
            stored.append(store_file(errand=errand, role=role, name=name, chunks=chunks))
        return services.close_errand(errand=errand, state=state, officer=officer, comment=comment, files=stored)
    except BaseException as error:
        for file in stored:
            drop_file(file)
        if isinstance(error, ErrandError):
            raise TaskRefused(str(error)) from None
        raise


def take_task_over(*, errand: Errand, officer: Officer) -> Errand:
    """Do a colleague's task.

    Raises:
        NotAllowed: the case is not this officer's.
        TaskRefused: there is nothing left to do.
    """
    _check_may_do(errand, officer)
    try:
        return services.take_over(errand=errand, officer=officer)
    except ErrandError as error:
        raise TaskRefused(str(error)) from None


def reopen_task(*, errand: Errand, officer: Officer) -> Errand:
    """Have a task done after all that could not be done.

    Raises:
        NotAllowed: the case is not this officer's.
        TaskRefused: it is open, or was done.
    """
    check_may_handle(officer, case_of(errand))
    try:
        return services.reopen_errand(errand=errand, officer=officer)
    except ErrandError as error:
        raise TaskRefused(str(error)) from None


def case_of(errand: Errand) -> SubjectRequest:
    """The case that a task belongs to."""
    return SubjectRequest.objects.get(pk=errand.case_id)


def is_held(errand: Errand) -> bool:
    """Whether a hold other than the case's own keeps the person's data."""
    return holds_on(errand.subject, except_cases=[errand.case_id]).exists()


def _check_may_do(errand: Errand, officer: Officer) -> None:
    check_may_handle(officer, case_of(errand))
    if errand.work != ErrandWork.CORRECTION and hasattr(errand.source, "processor"):
        raise NotAllowed
