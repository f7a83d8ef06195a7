"""Who opens what, after which scan, and that it is written down."""

import pytest

from privacy.documents.enums import ScanResult
from privacy.jobs.models import Job
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from requests.case_files.errors import FileClosed, FileNotForYou
from requests.case_files.opening import open_file, openings
from requests.case_files.scanning import scan_what_is_unknown
from requests.case_files.storage import path_of
from requests.errors import NotAllowed
from requests.models import CaseFileRole
from requests.services import assign
from tests.clamd import EICAR
from tests.requests.case_files.conftest import PDF, added
from tests.requests.conftest import run_jobs


def content_for(file, officer) -> bytes:
    file.refresh_from_db()
    return b"".join(open_file(file=file, officer=officer))


def test_with_a_scanner_a_file_opens_once_it_was_found_clean(case, officer, clamd):
    file = added(case, officer)
    with pytest.raises(FileClosed, match="waits for the virus scanner"):
        content_for(file, officer)
    assert run_jobs("requests.scan_file") == 1
    assert content_for(file, officer) == PDF
    assert (clamd.received, file.scan, file.scanned_at is not None) == ([PDF], ScanResult.CLEAN, True)


def test_malware_is_never_opened_and_deleted(case, officer, clamd):
    file = added(case, officer, name="a.txt", content=b"x " + EICAR)
    run_jobs("requests.scan_file")
    file.refresh_from_db()
    assert (file.scan, file.finding) == (ScanResult.INFECTED, "Win.Test.EICAR_HDB-1")
    with pytest.raises(FileClosed, match="Malware"):
        content_for(file, officer)
    assert path_of(file).exists()
    run_jobs("requests.delete_file")
    file.refresh_from_db()
    assert (path_of(file).exists(), file.name, len(file.digest)) == (False, None, 64)
    with pytest.raises(FileClosed, match="Malware"):
        content_for(file, officer)


def test_while_the_scanner_is_away_the_file_stays_closed_and_is_scanned_later(case, officer, clamd, settings):
    file = added(case, officer)
    there = settings.CLAMD_ADDRESS
    settings.CLAMD_ADDRESS = ("127.0.0.1", 1)
    run_jobs("requests.scan_file")
    job = Job.objects.get(kind="requests.scan_file")
    assert (job.state, job.problem) == ("pending", "scanner_unreachable")
    with pytest.raises(FileClosed):
        content_for(file, officer)
    settings.CLAMD_ADDRESS = there
    run_jobs("requests.scan_file")
    assert content_for(file, officer) == PDF


def test_an_answer_that_is_neither_leaves_the_file_closed(case, officer, clamd):
    file = added(case, officer)
    clamd.answer = b"stream: UNSURE\0"
    run_jobs("requests.scan_file")
    with pytest.raises(FileClosed):
        content_for(file, officer)


def test_without_a_scanner_files_open_unscanned_until_there_is_one(case, officer, settings, clamd):
    there, settings.CLAMD_ADDRESS = settings.CLAMD_ADDRESS, None
    file = added(case, officer)
    assert (file.scan, content_for(file, officer)) == (ScanResult.UNSCANNED, PDF)
    assert scan_what_is_unknown() == 0
    settings.CLAMD_ADDRESS = there
    with pytest.raises(FileClosed):
        content_for(file, officer)
    assert scan_what_is_unknown() == 1
    run_jobs("requests.scan_file")
    assert content_for(file, officer) == PDF


@pytest.mark.parametrize("role", [CaseFileRole.IDENTITY_DOCUMENT, CaseFileRole.AUTHORITY])
def test_what_shows_who_somebody_is_needs_a_permission_besides(case, officer, role, monkeypatch):
    from requests.case_files import opening

    file, other = added(case, officer, role=role), added(case, officer)
    assert content_for(file, officer) == PDF
    monkeypatch.setattr(opening, "SENSITIVE", "requests.a_permission_that_nobody_has")
    with pytest.raises(FileNotForYou):
        content_for(file, officer)
    assert content_for(other, officer) == PDF


def test_the_permission_alone_opens_nothing(case, officer, make_officer):
    file = added(case, officer, role=CaseFileRole.IDENTITY_DOCUMENT)
    handler, auditor = make_officer(Role.CASE_HANDLER), make_officer(Role.AUDITOR)
    assert handler.has_perm("requests.view_identity_document")
    assert not auditor.has_perm("requests.view_identity_document")
    for stranger in (handler, auditor):
        with pytest.raises(NotAllowed):
            content_for(file, stranger)
    assert openings(file).count() == 0
    assign(case=case, officer=officer, assignee=handler)
    assert content_for(file, handler) == PDF


def test_each_opening_is_written_down_before_a_byte_leaves(case, officer):
    file, other = added(case, officer), added(case, officer)
    reading = open_file(file=file, officer=officer)
    assert [entry.actor_id for entry in openings(file)] == [str(officer.pk)]
    assert b"".join(reading) == PDF
    content_for(file, officer)
    assert (openings(file).count(), openings(other).count()) == (2, 0)
    assert LedgerEntry.objects.filter(action="subject_request.file_opened", object_id=str(case.pk)).count() == 2


def test_what_the_portal_made_itself_needs_no_scanner(case, officer, settings, clamd):
    file = added(case, officer)
    with pytest.raises(FileClosed):
        content_for(file, officer)
    type(file).objects.filter(pk=file.pk).update(scan=ScanResult.MADE_HERE)
    assert content_for(file, officer) == PDF
    assert scan_what_is_unknown() == 0
