"""Asking the person for a document."""

import pytest

from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from requests.case_files.adding import answer_ask
from requests.case_files.asking import ask_for_file, take_ask_back
from requests.case_files.errors import AskRefused, FileNotTaken
from requests.case_files.selectors import open_asks
from requests.errors import NotAllowed
from requests.models import CaseFile, CaseFileRole, FileAsk
from tests.requests.case_files.conftest import upload
from tests.requests.conftest import letter_of

WORDS = "A copy of your Ghana Card, because two people have your name."


@pytest.fixture
def ask(case, officer) -> FileAsk:
    return ask_for_file(case=case, officer=officer, role=CaseFileRole.IDENTITY_DOCUMENT, words=WORDS)


def test_the_letter_says_what_is_needed_and_leads_to_the_page(ask, case):
    letter = letter_of(case, "file_asked")
    assert WORDS in letter.body
    assert "delete it once your request is decided" in letter.body
    assert "/requests/track/" in letter.secret
    entry = LedgerEntry.objects.get(action="subject_request.file_asked")
    assert "Ghana" not in str(entry.data)


def test_what_the_person_sends_answers_the_question(ask, case):
    file = answer_ask(ask=ask, upload=upload())
    ask.refresh_from_db()
    assert (ask.file, ask.ended_at is not None, open_asks(case)) == (file, True, [])
    assert (file.is_from_person, file.officer, file.role) == (True, None, "identity_document")
    assert LedgerEntry.objects.get(action="subject_request.file_added").actor_kind == "subject"


def test_a_question_is_answered_once(ask):
    stale = FileAsk.objects.get(pk=ask.pk)
    answer_ask(ask=ask, upload=upload())
    with pytest.raises(FileNotTaken):
        answer_ask(ask=stale, upload=upload())
    assert CaseFile.objects.count() == 1


def test_a_question_taken_back_takes_no_file(ask, officer, make_officer):
    with pytest.raises(NotAllowed):
        take_ask_back(ask=ask, officer=make_officer(Role.CASE_HANDLER))
    take_ask_back(ask=ask, officer=officer)
    with pytest.raises(FileNotTaken):
        answer_ask(ask=ask, upload=upload())


@pytest.mark.parametrize(("role", "words"), [("evidence", "  "), ("answer", "The answer"), ("identity_document", "x")])
def test_what_cannot_be_asked_for_is_refused_and_no_letter_goes_out(ask, case, officer, role, words):
    with pytest.raises(AskRefused):
        ask_for_file(case=case, officer=officer, role=CaseFileRole(role), words=words)
    assert FileAsk.objects.count() == 1


def test_nobody_is_asked_who_cannot_be_written_to(case, officer):
    case.subject.identifiers.all().delete()
    with pytest.raises(AskRefused, match="no e-mail address"):
        ask_for_file(case=case, officer=officer, role=CaseFileRole.EVIDENCE, words="The bill.")
    assert FileAsk.objects.count() == 0
