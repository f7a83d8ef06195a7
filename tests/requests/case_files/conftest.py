import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from requests.case_files.adding import add_file
from requests.case_files.storage import folder
from requests.models import CaseFile, CaseFileRole
from tests.clamd import over_tcp
from tests.documents import text_document

PDF = b"%PDF-1.7 a letter of Kofi Boateng"


def upload(name: str = "letter.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def added(case, officer, *, role=CaseFileRole.EVIDENCE, name="letter.pdf", content=PDF, **more) -> CaseFile:
    return add_file(case=case, officer=officer, role=role, upload=upload(name, content), **more)


def document(case, officer, *, pages: int = 1, rotate: int = 0) -> CaseFile:
    """A real PDF that is to be released."""
    return added(case, officer, role=CaseFileRole.ANSWER, content=text_document(pages, rotate=rotate))


@pytest.fixture
def clamd(settings):
    with over_tcp() as daemon:
        settings.CLAMD_ADDRESS = daemon.address
        yield daemon


@pytest.fixture(autouse=True)
def clean_folder(alpha, settings):
    """Nothing that a test in another folder left, and nothing for the next one."""
    settings.CLAMD_ADDRESS = None
    _empty()
    yield
    _empty()


def _empty() -> None:
    for path in folder().iterdir():
        path.unlink()
