"""Files of tasks come in through the door of all files: scanned before they count, images without what lies beside."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from privacy.documents.enums import ScanResult
from privacy.errands.errors import FileInfected, FileNotScanned
from privacy.errands.files import folder, read_file
from privacy.errands.models import Errand, ErrandFile, ErrandState
from requests.errors import TaskRefused
from requests.services.tasks import declare_task, reopen_task
from tests.clamd import EICAR
from tests.documents import photo
from tests.requests.case_files.conftest import clamd
from tests.requests.conftest import run_jobs
from tests.requests.test_erasure import second
from tests.requests.test_manual_sources import archive, copy_case, members, proof, started

__all__ = ["archive", "clamd", "copy_case", "second"]


def declare(officer, *uploads: SimpleUploadedFile) -> ErrandFile:
    declare_task(errand=Errand.objects.get(), officer=officer, state=ErrandState.DONE, uploads=list(uploads))
    return ErrandFile.objects.get(is_kept=True)


@pytest.fixture(autouse=True)
def clean_folder(alpha, settings):
    settings.CLAMD_ADDRESS = None
    yield
    for path in folder().iterdir():
        path.unlink()


def test_a_clean_proof_counts_and_says_that_it_was_scanned(archive, officer, second, clamd):
    started(officer, second)
    file = declare(officer, proof())
    assert file.scan == ScanResult.CLEAN
    assert clamd.received == [b"".join(read_file(file))]


def test_an_infected_proof_closes_nothing_and_leaves_no_file(archive, officer, second, clamd):
    started(officer, second)
    with pytest.raises(TaskRefused, match="Malware was found"):
        declare(officer, proof("clean.pdf"), proof("bad.txt", EICAR))
    assert (Errand.objects.get().state, ErrandFile.objects.count(), list(folder().iterdir())) == ("open", 0, [])
    assert declare(officer, proof("clean.pdf")).scan == ScanResult.CLEAN


def test_without_an_answer_of_the_scanner_nothing_is_declared(archive, officer, second, clamd):
    started(officer, second)
    clamd.answer = b"stream: OK, perhaps\0"
    with pytest.raises(TaskRefused, match="scanner does not answer"):
        declare(officer, proof())
    assert (Errand.objects.get().state, ErrandFile.objects.count(), list(folder().iterdir())) == ("open", 0, [])
    clamd.answer = None
    assert declare(officer, proof()).scan == ScanResult.CLEAN


def test_a_screenshot_is_kept_without_the_place_where_it_was_taken(archive, officer, second):
    started(officer, second)
    content = b"".join(read_file(declare(officer, proof("screen.jpg", photo()))))
    assert b"Ama Mensah" in photo()
    assert b"Ama Mensah" not in content
    assert content.startswith(b"\xff\xd8\xff")


def test_an_image_that_is_none_is_refused(archive, officer, second):
    started(officer, second)
    with pytest.raises(TaskRefused, match="cannot be read"):
        declare(officer, proof("screen.jpg", b"\xff\xd8\xff broken"))
    assert ErrandFile.objects.count() == 0


def test_a_file_from_before_there_was_a_scanner_is_scanned_before_it_is_opened(
    archive, officer, second, settings, request
):
    started(officer, second)
    file = declare(officer, proof("log.txt", EICAR))
    assert (file.scan, b"".join(read_file(file))) == (ScanResult.UNSCANNED, EICAR)
    daemon = request.getfixturevalue("clamd")
    daemon.answer = b"ERROR\0"
    with pytest.raises(FileNotScanned):
        read_file(file)
    assert len(list(folder().iterdir())) == 1
    daemon.answer = None
    with pytest.raises(FileInfected):
        read_file(file)
    file.refresh_from_db()
    assert (file.scan, file.deleted_at is not None, list(folder().iterdir())) == (ScanResult.INFECTED, True, [])


def test_no_package_is_made_with_a_copy_that_was_infected_nor_quietly_without_it(copy_case, officer, request):
    declare(officer, proof("notes.txt", EICAR))
    request.getfixturevalue("clamd")
    for _again in range(2):
        run_jobs("requests.build_package")
        copy_case.refresh_from_db()
        assert (copy_case.state, copy_case.problem) == ("executing", "file_infected")
    reopen_task(errand=Errand.objects.get(), officer=officer)
    declare(officer, proof("notes.txt", b"He called twice."))
    run_jobs("requests.build_package")
    copy_case.refresh_from_db()
    assert (copy_case.state, copy_case.problem) == ("completed", "")
    assert [content for name, content in members(copy_case).items() if name.startswith("other/")] == [
        b"He called twice."
    ]
