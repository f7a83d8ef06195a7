"""Identity documents go with the decision, and thirty days after they came at the latest."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from privacy.jobs.models import Job
from privacy.jobs.registry import JobHandle
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from requests.case_files.asking import ask_for_file
from requests.case_files.deleting import delete_identity_documents, delete_overdue_identity_documents
from requests.case_files.errors import FileClosed
from requests.case_files.opening import open_file, openings
from requests.case_files.storage import folder, path_of
from requests.models import CaseFile, CaseFileRole, FileAsk
from requests.own_data.jobs import own_data
from tests.requests.case_files.conftest import PDF, added
from tests.requests.conftest import run_jobs


def all_roles(case, officer) -> dict[str, CaseFile]:
    roles = [role for role in CaseFileRole if role != CaseFileRole.REDACTED]
    return {role: added(case, officer, role=role) for role in roles}


def test_the_decision_takes_identity_documents_and_leaves_the_rest(case, officer):
    files = all_roles(case, officer)
    b"".join(open_file(file=files["identity_document"], officer=officer))
    assert delete_identity_documents(case=case, actor=Actor.officer(officer)) == 2
    gone = [files["identity_document"], files["authority"]]
    assert all(path_of(file).exists() for file in gone)
    for file in gone:
        file.refresh_from_db()
        with pytest.raises(FileClosed):
            open_file(file=file, officer=officer)
    assert run_jobs("requests.delete_file") == 2
    assert sorted(path.stem for path in folder().iterdir()) == sorted(
        str(file.pk) for role, file in files.items() if file not in gone
    )
    kept = CaseFile.objects.get(pk=gone[0].pk)
    assert (kept.name, kept.kind, len(kept.digest), kept.size) == (None, "pdf", 64, len(PDF))
    assert kept.deleted_at >= kept.deletion_asked_at
    assert openings(kept).count() == 1
    assert delete_identity_documents(case=case, actor=SYSTEM) == 0
    assert LedgerEntry.objects.filter(action="subject_request.file_deleted").count() == 2


def test_a_decision_that_is_rolled_back_deletes_nothing(case, officer):
    file = added(case, officer, role=CaseFileRole.IDENTITY_DOCUMENT)
    with transaction.atomic():
        assert delete_identity_documents(case=case, actor=SYSTEM) == 1
        transaction.set_rollback(True)
    assert run_jobs("requests.delete_file") == 0
    file.refresh_from_db()
    assert b"".join(open_file(file=file, officer=officer)) == PDF


def test_a_file_that_cannot_be_deleted_now_is_tried_again(case, officer, monkeypatch):
    file = added(case, officer, role=CaseFileRole.IDENTITY_DOCUMENT)
    delete_identity_documents(case=case, actor=SYSTEM)

    def refuse(self, **_more):
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(type(Path()), "unlink", refuse)
        run_jobs("requests.delete_file")
    assert (Job.objects.get(kind="requests.delete_file").state, path_of(file).exists()) == ("pending", True)
    run_jobs("requests.delete_file")
    file.refresh_from_db()
    assert (path_of(file).exists(), file.deleted_at is not None) == (False, True)


def test_nothing_more_is_asked_for_once_it_is_decided(case, officer):
    ask_for_file(case=case, officer=officer, role=CaseFileRole.IDENTITY_DOCUMENT, words="A card.")
    ask_for_file(case=case, officer=officer, role=CaseFileRole.EVIDENCE, words="The bill.")
    delete_identity_documents(case=case, actor=SYSTEM)
    assert list(FileAsk.objects.filter(ended_at__isnull=True).values_list("role", flat=True)) == ["evidence"]


def test_after_thirty_days_they_go_whatever_became_of_the_case(case, officer):
    file, evidence = added(case, officer, role=CaseFileRole.AUTHORITY), added(case, officer)
    almost = timezone.now() + timedelta(days=29, hours=23)
    assert delete_overdue_identity_documents(now=almost) == 0
    CaseFile.objects.update(added_at=timezone.now() - timedelta(days=30))
    own_data(JobHandle(1, "daily", 1, "me"))
    run_jobs("requests.delete_file")
    assert (path_of(file).exists(), path_of(evidence).exists()) == (False, True)


def test_what_a_closed_case_still_has_goes_with_the_next_day(case, officer):
    file = added(case, officer, role=CaseFileRole.IDENTITY_DOCUMENT)
    type(case).objects.filter(pk=case.pk).update(state="withdrawn", closed_at=timezone.now())
    assert delete_overdue_identity_documents() == 1
    run_jobs("requests.delete_file")
    assert not path_of(file).exists()


def test_a_file_that_never_became_whole_is_removed(case, officer):
    added(case, officer)
    half = CaseFile.objects.create(case=case, role="evidence", kind="pdf", name="x.pdf")
    path_of(half).write_bytes(b"half")
    own_data(JobHandle(1, "daily", 1, "me"))
    assert CaseFile.objects.count() == 2
    CaseFile.objects.filter(pk=half.pk).update(added_at=timezone.now() - timedelta(hours=2))
    own_data(JobHandle(2, "daily", 1, "me"))
    assert (CaseFile.objects.count(), path_of(half).exists()) == (1, False)
