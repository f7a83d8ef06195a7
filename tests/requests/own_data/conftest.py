import datetime as dt
import os
import time
import uuid

import pytest
from django.utils import timezone

from privacy.datamap.models import Source, SourceKind
from privacy.errands.files import store_file
from privacy.errands.models import Errand, ErrandFile, ErrandState, ErrandWork, FileRole
from privacy.jobs.registry import JobHandle
from privacy.letters.models import Letter
from privacy.officers.models import Officer
from privacy.subjects.models import Subject
from privacy.subjects.services import find_or_add_subject
from requests.fulfilment.storage import file_name_for, folder
from requests.models import AccessPackage, Approval, CaseOfficerPermission, SubjectRequest
from requests.own_data.jobs import own_data
from retention.models import Rule

LONG_AGO = dt.timedelta(days=4 * 366)


@pytest.fixture
def portal(committed) -> Source:
    """The portal's own tables with their rules, as the job of a new organisation makes them, in windows of two rows."""
    assert own_data(JobHandle(1, "daily", 1, "me")) is True
    return Source.objects.get(kind=SourceKind.PORTAL)


@pytest.fixture(autouse=True)
def _small_windows(settings):
    settings.RETENTION_WINDOW_ROWS = 2


def rule_over(model) -> Rule:
    return Rule.objects.get(dataset__table_name=model._meta.db_table)


def person(name: str) -> Subject:
    return find_or_add_subject(kind="email", value=f"{name}@example.com", name=name)


def case_of(subject: Subject, *, closed: dt.timedelta | None = LONG_AGO) -> SubjectRequest:
    """A case that was closed so long ago, or is open, with everything that hangs from one."""
    now = timezone.now()
    today, state = now.date(), "executing" if closed is None else "completed"
    case = SubjectRequest.objects.create(
        reference=uuid.uuid4().hex[:12], kind="access", subject=subject, received_at=now, received_on=today,
        due_on=today, target_on=today, deadlines=[], decided_at=now, state=state,
        closed_at=None if closed is None else now - closed,
    )  # fmt: skip
    officer = Officer.objects.order_by("pk").first()
    Approval.objects.create(case=case, plan_hash="a" * 64, officer=officer)
    CaseOfficerPermission.objects.create(user=officer, content_object=case, permission_id=_any_permission())
    AccessPackage.objects.create(
        case=case, file_name=file_name_for(case.pk), expires_at=now, downloads_left=1, size=4, rows=1
    )
    store_package(case)
    return case


def store_package(case: SubjectRequest) -> None:
    path = folder() / file_name_for(case.pk)
    path.write_bytes(b"seal")
    grow_old(path)


def task_of(case: SubjectRequest, source: Source) -> ErrandFile:
    errand = Errand.objects.create(
        source=source, case_id=case.pk, subject=case.subject, work=ErrandWork.ACCESS, ask_hash="b" * 64,
        due_on=timezone.now().date(), state=ErrandState.DONE, closed_at=timezone.now(),
    )  # fmt: skip
    return store_file(errand=errand, role=FileRole.PROOF, name="proof.pdf", chunks=[b"%PDF"])


def letter_to(subject: Subject | None, *, age: dt.timedelta = LONG_AGO, case: SubjectRequest | None = None) -> Letter:
    letter = Letter.objects.create(
        kind="test", subject=subject, case_id=case.pk if case else None, address="a@example.com", heading="H", body="B"
    )
    Letter.objects.filter(pk=letter.pk).update(created_at=timezone.now() - age)
    return letter


def grow_old(path) -> None:
    """As if the file had been there for two hours."""
    then = time.time() - 7200
    os.utime(path, (then, then))


def _any_permission() -> int:
    from django.contrib.auth.models import Permission

    return Permission.objects.get(codename="handle_subjectrequest").pk
