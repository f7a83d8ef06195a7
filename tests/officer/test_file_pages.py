"""Files of cases and their redaction on the officers' site."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from requests.case_files.adding import add_file
from requests.case_files.selectors import files_card
from requests.case_files.storage import folder
from requests.enums import RequestState
from requests.models import CaseFile, CaseFileRole, FileAsk, Redaction
from requests.services import assign
from tests.documents import text_document
from tests.officer.making import make_case
from tests.requests.conftest import run_jobs

BOX = {"left": "8.4", "top": "10.9", "width": "58.8", "height": "2.9"}


@pytest.fixture(autouse=True)
def clean_folder(alpha, settings):
    settings.CLAMD_ADDRESS = None
    yield
    for path in folder().iterdir():
        path.unlink()


@pytest.fixture
def case(alpha):
    return make_case(kind="access", state=RequestState.DECIDING)


@pytest.fixture
def file(case, officer) -> CaseFile:
    upload = SimpleUploadedFile("Kofi's bill.pdf", text_document(2))
    return add_file(case=case, officer=officer, role=CaseFileRole.ANSWER, upload=upload)


def url(name: str, *args) -> str:
    return reverse(f"officer:{name}", args=args)


def sent(role="evidence", name="a.pdf", content=b"%PDF-1.4 x") -> dict:
    return {"add-role": role, "add-file": SimpleUploadedFile(name, content), "add-comment": "By post"}


def test_a_file_is_added_and_downloaded_as_an_attachment_nobody_keeps(case, officer_client):
    page = officer_client.post(url("case_files", case.pk), sent(name="Kofi's bill.pdf"), follow=True)
    assert "Kofi&#x27;s bill.pdf" in page.content.decode()
    file = CaseFile.objects.get()
    answer = officer_client.get(url("case_file_download", file.pk))
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 x"
    assert answer["Content-Disposition"].startswith("attachment;")
    headers = [answer[name] for name in ("Content-Type", "X-Content-Type-Options")]
    assert headers == ["application/octet-stream", "nosniff"]
    assert "no-store" in answer["Cache-Control"]
    shown = officer_client.get(url("case_file", file.pk)).content.decode()
    assert file.digest in shown
    assert "Nobody yet." not in shown


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"add-role": "evidence"}, "Choose a file."),
        (sent(role=""), "Choose what the file is."),
        (sent(role="redacted"), "Select a valid choice"),
        (sent(name="a.exe", content=b"MZ"), "This kind of file is not taken"),
        (sent(content=b""), "The file is empty"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_beside_it(case, officer_client, data, words):
    page = officer_client.post(url("case_files", case.pk), data)
    assert (page.status_code, CaseFile.objects.count()) == (200, 0)
    assert "There is a problem" in page.content.decode()
    assert words in page.content.decode()


def test_a_file_over_the_limit_is_refused_in_words(case, officer_client, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    page = officer_client.post(url("case_files", case.pk), sent(content=b"%PDF" + b"x" * 2000)).content.decode()
    assert "it may have 25 MB at most" in page
    assert CaseFile.objects.count() == 0


def test_the_person_is_asked_and_the_question_taken_back(case, officer_client):
    page = officer_client.post(
        url("case_file_ask", case.pk), {"ask-role": "identity_document", "ask-words": "Your Ghana Card."}, follow=True
    )
    assert "Your Ghana Card." in page.content.decode()
    assert Letter.objects.filter(kind="case_file_asked").count() == 1
    page = officer_client.post(url("case_file_take_back", FileAsk.objects.get().pk), follow=True)
    assert "Your Ghana Card." not in page.content.decode()


def test_identity_documents_can_be_deleted_before_the_decision(case, officer_client):
    officer_client.post(url("case_files", case.pk), sent(role="identity_document"))
    assert "Delete identity documents now" in officer_client.get(url("case_files", case.pk)).content.decode()
    assert "cannot be brought back" in officer_client.get(url("case_file_delete_identity", case.pk)).content.decode()
    assert CaseFile.objects.get().deletion_asked_at is None
    page = officer_client.post(url("case_file_delete_identity", case.pk), follow=True).content.decode()
    assert "This file is deleted." in page
    assert "a.pdf" not in page
    assert "Delete identity documents now" not in page


def test_names_of_files_are_for_those_who_may_open_them(case, file, auditor, handler, officer, sign_in):
    shown = sign_in(auditor).get(url("case_files", case.pk)).content.decode()
    assert "PDF file" in shown
    assert "Kofi" not in shown
    for name in ("case_file_download", "case_file"):
        text = sign_in(auditor).get(url(name, file.pk), follow=True).content.decode()
        assert "Kofi" not in text, name
    assert LedgerEntry.objects.filter(action="subject_request.file_opened").count() == 0
    names = [("case_files", case.pk), ("case_file", file.pk), ("case_file_download", file.pk)]
    assert [sign_in(handler).get(url(*name)).status_code for name in names] == [404, 404, 404]
    assign(case=case, officer=officer, assignee=handler)
    assert "Kofi" in sign_in(handler).get(url("case_files", case.pk)).content.decode()


def test_without_a_scanner_the_page_says_so(case, officer_client, settings):
    assert "Files are not scanned for viruses" in officer_client.get(url("case_files", case.pk)).content.decode()
    settings.CLAMD_ADDRESS = "/nowhere"
    assert "Files are not scanned" not in officer_client.get(url("case_files", case.pk)).content.decode()


def test_a_document_is_marked_previewed_and_copied(case, file, officer_client):
    page = officer_client.post(url("case_file_redact", file.pk), follow=True)
    redaction = Redaction.objects.get()
    assert page.request["PATH_INFO"] == url("redaction_page", redaction.pk, 1)
    image = url("redaction_image", redaction.pk, 1)
    plain = officer_client.get(image)
    assert (plain["Content-Type"], "no-store" in plain["Cache-Control"]) == ("image/png", True)
    page = officer_client.post(
        url("redaction_page", redaction.pk, 1), BOX | {"reason": "third_party"}, follow=True
    ).content.decode()
    assert 'x="8.40" y="10.90" width="58.80" height="2.90"' in page
    assert '<option value="third_party" selected' in page
    assert officer_client.get(image + "?preview=1").content != plain.content
    assert officer_client.get(image).content == plain.content
    officer_client.post(url("redaction_copy", redaction.pk))
    waiting = officer_client.get(url("redaction_log", redaction.pk))
    assert (waiting["X-Live"], "is being made" in waiting.content.decode()) == ("waiting", True)
    run_jobs("requests.make_redacted_copy")
    made = officer_client.get(url("redaction_log", redaction.pk))
    assert made["X-Live"] == "ended"
    assert "Page 1, 1 part: Personal information about another person" in made.content.decode()
    assert "the original" in officer_client.get(url("case_files", case.pk)).content.decode()
    again = officer_client.get(url("redaction_page", redaction.pk, 1))
    assert again.url == url("redaction_log", redaction.pk)
    assert LedgerEntry.objects.filter(action="subject_request.file_opened").count() == 1


def test_a_mark_is_removed_and_a_wrong_one_explained(file, officer_client):
    officer_client.post(url("case_file_redact", file.pk))
    redaction = Redaction.objects.get()
    here = url("redaction_page", redaction.pk, 2)
    wrong = officer_client.post(here, BOX | {"reason": "", "left": "x"}).content.decode()
    assert "Choose the reason why this part is withheld." in wrong
    officer_client.post(here, BOX | {"reason": "privilege"})
    redaction.refresh_from_db()
    officer_client.post(url("redaction_unmark", redaction.pk, 2), {"mark": redaction.marks[0]["id"]})
    redaction.refresh_from_db()
    assert redaction.marks == []
    refused = officer_client.post(url("redaction_copy", redaction.pk), follow=True).content.decode()
    assert "Mark what is to be withheld first." in refused


def test_strangers_to_the_case_find_no_redaction(file, officer_client, handler, sign_in):
    officer_client.post(url("case_file_redact", file.pk))
    redaction = Redaction.objects.get()
    client = sign_in(handler)
    pages = [("redaction_page", redaction.pk, 1), ("redaction_image", redaction.pk, 1), ("redaction_log", redaction.pk)]
    assert [client.get(url(*each)).status_code for each in pages] == [404, 404, 404]
    acts = [
        pages[0],
        ("redaction_unmark", redaction.pk, 1),
        ("redaction_copy", redaction.pk),
        ("case_file_redact", file.pk),
    ]
    assert [client.post(url(*each)).status_code for each in acts] == [404, 404, 404, 404]
    assert officer_client.get(url("redaction_page", redaction.pk, 3)).status_code == 404
    assert officer_client.get(url("redaction_image", redaction.pk, 3)).status_code == 404


def test_the_page_needs_as_many_queries_for_ten_files_as_for_one(case, file, officer, officer_client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            officer_client.get(url("case_files", case.pk))
        return len(captured)

    queries()
    few = queries()
    for _ in range(9):
        add_file(case=case, officer=officer, role=CaseFileRole.PROOF, upload=SimpleUploadedFile("b.txt", b"x"))
    assert queries() == few


def test_the_card_for_the_page_of_the_case_lists_files_and_questions(case, file, officer):
    from django.template.loader import render_to_string

    card = files_card(case, officer)
    shown = render_to_string("officer/requests/cards/files.html", {"card": card})
    assert (card["link"] in shown, "Kofi&#x27;s bill.pdf" in shown) == (True, True)
