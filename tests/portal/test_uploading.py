"""Sending a document that was asked for."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from requests.case_files.asking import ask_for_file
from requests.case_files.storage import folder
from requests.models import CaseFile, CaseFileRole, SubjectRequest
from requests.views import uploading
from tests.documents import photo
from tests.portal.conftest import enter, submit, text_of

WORDS = "A copy of your Ghana Card, because two people have your name."
PAGE = "/requests/status/upload/"


@pytest.fixture(autouse=True)
def clean_folder(alpha, settings):
    settings.CLAMD_ADDRESS = None
    yield
    for path in folder().iterdir():
        path.unlink()


@pytest.fixture
def case(alpha):
    return submit()


@pytest.fixture
def ask(case, officer):
    return ask_for_file(case=case, officer=officer, role=CaseFileRole.IDENTITY_DOCUMENT, words=WORDS)


def sent(name="card.jpg", content=None, **more) -> dict:
    return {"file": SimpleUploadedFile(name, photo() if content is None else content)} | more


def test_whoever_was_asked_sends_a_document_and_is_asked_no_more(visitor, case, ask):
    enter(visitor, case)
    assert WORDS in text_of(visitor.get("/requests/status/"))
    page = text_of(visitor.get(PAGE))
    assert (WORDS in page, "delete it once your request is decided" in page) == (True, True)
    after = text_of(visitor.post(PAGE, sent(ask=str(ask.pk)), follow=True))
    assert "We have your document. Thank you." in after
    assert WORDS not in after
    file = CaseFile.objects.get()
    assert (file.role, file.is_from_person, file.kind) == ("identity_document", True, "jpg")
    assert visitor.post(PAGE, sent(), follow=True).redirect_chain[-1][0] == "/requests/status/"
    assert CaseFile.objects.count() == 1


def test_nobody_gets_to_the_page_without_a_visit_or_without_being_asked(visitor, case):
    assert visitor.get(PAGE).url == "/requests/track/"
    assert visitor.post(PAGE, sent()).url == "/requests/track/"
    enter(visitor, case)
    assert visitor.get(PAGE).url == "/requests/status/"
    visitor.post(PAGE, sent())
    assert CaseFile.objects.count() == 0


def test_a_question_of_another_case_takes_no_file(visitor, case, ask):
    other = submit(email="kofi@example.com")
    enter(visitor, other)
    visitor.post(PAGE, sent(ask=str(ask.pk)))
    assert CaseFile.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose the file that you want to send."),
        (sent("card.exe", b"MZ"), "This kind of file is not taken. Use one of: pdf, jpg, jpeg, png."),
        (sent("card.pdf", b"MZ"), "The name of this file ends in .pdf, but its content is of another kind."),
        (sent("card.pdf", b""), "The file is empty."),
        (sent("card.jpg", b"\xff\xd8\xff"), "This document cannot be read"),
    ],
)
def test_what_is_wrong_is_said_at_the_top_and_at_the_field(visitor, case, ask, data, words):
    enter(visitor, case)
    page = text_of(visitor.post(PAGE, data))
    assert "<title>Error: " in page
    assert page.count(words) == 2
    assert CaseFile.objects.count() == 0


def test_a_file_over_the_limit_is_refused_in_words(visitor, case, ask, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    enter(visitor, case)
    page = text_of(visitor.post(PAGE, sent("a.pdf", b"%PDF" + b"x" * 2000)))
    assert page.count("The file is too large; it may have 25 MB at most.") == 2
    assert CaseFile.objects.count() == 0


def test_floods_are_stopped(visitor, case, ask, monkeypatch):
    monkeypatch.setattr(uploading, "FOR_ONE_CASE", 1)
    enter(visitor, case)
    assert [visitor.post(PAGE, {}).status_code for _time in range(2)] == [200, 429]


def test_two_questions_are_answered_one_after_the_other(visitor, case, ask, officer):
    ask_for_file(case=case, officer=officer, role=CaseFileRole.EVIDENCE, words="The bill that is wrong.")
    enter(visitor, case)
    first = visitor.post(PAGE, sent(ask=str(ask.pk)))
    assert first.url == PAGE
    assert "The bill that is wrong." in text_of(visitor.get(PAGE))
    assert visitor.post(PAGE, sent()).url == "/requests/status/"
    assert sorted(CaseFile.objects.values_list("role", flat=True)) == ["evidence", "identity_document"]


EVIDENCE = "/requests/status/evidence/"


def test_who_wants_something_corrected_sends_what_shows_it_until_it_is_decided(visitor, officer):
    case = submit(kind="rectification")
    SubjectRequest.objects.filter(pk=case.pk).update(state="deciding")
    assert visitor.post(EVIDENCE, sent()).url == "/requests/track/"
    enter(visitor, case)
    assert EVIDENCE in visitor.get("/requests/status/").content.decode()
    assert "You need not send anything." in text_of(visitor.get(EVIDENCE))
    for name in ("bill.jpg", "letter.jpg"):
        assert "We have your document. Thank you." in text_of(visitor.post(EVIDENCE, sent(name), follow=True))
    found = CaseFile.objects.order_by("added_at")
    assert [(each.name, each.role, each.is_from_person) for each in found] == [
        ("bill.jpg", "evidence", True),
        ("letter.jpg", "evidence", True),
    ]
    assert "JPG" in text_of(visitor.post(EVIDENCE, sent("notes.txt", b"words")))
    SubjectRequest.objects.filter(pk=case.pk).update(state="executing", decided_at=timezone.now())
    assert EVIDENCE not in visitor.get("/requests/status/").content.decode()
    assert visitor.post(EVIDENCE, sent()).url == "/requests/status/"
    assert CaseFile.objects.count() == 2


def test_nobody_sends_evidence_where_nothing_is_to_be_corrected(visitor, case):
    enter(visitor, case)
    assert visitor.get(EVIDENCE).url == visitor.post(EVIDENCE, sent()).url == "/requests/status/"
    assert CaseFile.objects.count() == 0
