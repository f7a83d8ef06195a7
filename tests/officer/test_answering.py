"""Answering, looking into a complaint and handing it on, as officers do it on their pages."""

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.officers.models import Officer
from requests import services
from requests.complaint_clock import authorities_for
from requests.enums import RequestState as S
from requests.errors import WrongState
from requests.models import CaseAnswer, Escalation, InvestigationNote, MeasureTaken, SubjectRequest
from requests.services.answering import answer_case
from requests.services.complaints import add_note, record_measure
from tests.officer.test_case_page import page, stage, text
from tests.requests.in_words import GIVEN, begun, to_be_answered

SENT = {
    "question": {"text": "We keep call notes for one year."},
    "complaint": {"text": "The letter came nine days late.", "outcome": "upheld"},
    "reconsideration": {
        "text": "Your new job was not counted.", "is_changed": "yes", "new_decision": "Six instalments.",
        "took_no_part": "on",
    },
}  # fmt: skip
KINDS = sorted(SENT)


@pytest.mark.parametrize("kind", KINDS)
def test_the_next_step_leads_to_the_answer_which_closes_the_case(officer, officer_client, kind):
    case = to_be_answered(kind, officer)
    shown = text(officer_client.get(page(case)))
    assert f'href="{page(case, "answer")}"' in shown
    assert page(case, "decide") not in shown
    form = text(officer_client.get(page(case, "answer")))
    assert ("had no part in this decision" in form) == (kind == "reconsideration")
    assert ("Is the complaint right?" in form) == (kind == "complaint")
    response = officer_client.post(page(case, "answer"), SENT[kind], follow=True)
    assert "Answered. The letter is on its way, and the case is closed." in text(response)
    assert (stage(case), CaseAnswer.objects.get(case=case).text) == (S.COMPLETED, SENT[kind]["text"])
    assert SENT[kind]["text"] in text(response)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_missing_is_said_above_the_form_with_everything_that_was_typed(officer, officer_client, kind):
    case = to_be_answered(kind, officer)
    sent = SENT[kind] | {"text": "", "new_decision": "Kept while typing."}
    shown = text(officer_client.post(page(case, "answer"), sent))
    assert "There is a problem" in shown
    assert ("Kept while typing." in shown) == (kind == "reconsideration")
    assert stage(case) == S.DECIDING


def test_a_reconsideration_needs_the_officers_word_that_they_had_no_part_in_it(officer, officer_client):
    case = to_be_answered("reconsideration", officer)
    sent = {name: value for name, value in SENT["reconsideration"].items() if name != "took_no_part"}
    officer_client.post(page(case, "answer"), sent)
    assert stage(case) == S.DECIDING


@pytest.mark.parametrize("kind", KINDS)
def test_the_letter_is_shown_as_mail_and_on_paper_before_it_is_sent(officer, officer_client, kind):
    case = to_be_answered(kind, officer)
    before = Letter.objects.count()
    mail = text(officer_client.post(page(case, "answer-preview"), SENT[kind]))
    assert SENT[kind]["text"] in mail
    assert case.reference in mail
    paper = officer_client.post(page(case, "answer-paper"), SENT[kind])
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert (Letter.objects.count(), stage(case)) == (before, S.DECIDING)
    assert "Write the answer" in text(officer_client.post(page(case, "answer-preview"), SENT[kind] | {"text": ""}))


def test_the_page_for_deciding_is_the_page_for_answering(officer, officer_client):
    case = to_be_answered("question", officer)
    assert "Answer and close" in text(officer_client.get(page(case, "decide")))
    response = officer_client.post(page(case, "grant"), {"plan_hash": ""}, follow=True)
    assert "answered in words" in text(response)
    assert stage(case) == S.DECIDING


def test_an_answered_case_is_not_answered_again(officer, officer_client):
    case = to_be_answered("question", officer)
    officer_client.post(page(case, "answer"), SENT["question"])
    for act in ("answer", "answer-paper", "decide"):
        response = officer_client.post(page(case, act), SENT["question"] | {"text": "We keep them for two years."})
        shown = text(response)
        assert (response.status_code, "There is nothing to answer in this case now." in shown) == (409, True)
        assert "We keep them for two years." in shown
    assert Letter.objects.filter(case_id=case.pk, kind="case_question_answered").count() == 1


def test_an_answer_that_a_colleague_was_quicker_with_is_not_lost(officer_client, officer, monkeypatch):
    case = to_be_answered("question", officer)

    def too_late(**_given):
        raise WrongState("planning")

    monkeypatch.setattr("requests.admin.answer_views.answer_case", too_late)
    response = officer_client.post(page(case, "answer"), SENT["question"])
    assert (response.status_code, SENT["question"]["text"] in text(response)) == (409, True)


def test_what_was_typed_for_an_act_on_a_case_that_has_moved_on_is_not_lost(officer, officer_client):
    case = begun("complaint")
    answer_case(case=case, officer=officer, given=GIVEN["complaint"])
    response = officer_client.post(page(case, "write-progress"), {"text": "We have read the file."})
    shown = text(response)
    assert (response.status_code, "this cannot be done any more" in shown) == (409, True)
    assert "We have read the file." in shown


def involved_in(make_officer) -> tuple[Officer, SubjectRequest, SubjectRequest]:
    involved, about = make_officer(), begun("access")
    services.confirm_identity(case=about, officer=involved)
    return involved, about, begun("complaint", about=about)


def test_whoever_handled_the_case_sees_why_they_cannot_and_who_can(officer, make_officer, sign_in):
    involved, about, complaint = involved_in(make_officer)
    browser = sign_in(involved)
    shown = text(browser.get(page(complaint)))
    assert "You cannot look into this complaint" in shown
    assert f"{involved.full_name}: confirmed the identity" in shown
    assert officer.full_name in shown
    for act in ("answer", "add-note", "authority-file"):
        assert page(complaint, act) not in shown
    assert "cannot look into this complaint" in text(browser.get(page(complaint, "answer"), follow=True))
    refused = browser.post(page(complaint, "answer"), SENT["complaint"])
    assert (about.reference in text(refused), SENT["complaint"]["text"] in text(refused)) == (True, True)
    assert stage(complaint) == S.DECIDING
    assert "cannot look into" in text(browser.post(page(complaint, "answer-preview"), SENT["complaint"]))
    assert "cannot look into" in text(browser.get(page(complaint, "authority-file"), follow=True))


def test_assigning_it_to_whoever_handled_the_case_is_refused_in_words(officer, officer_client, make_officer):
    involved, _about, complaint = involved_in(make_officer)
    assign = page(complaint, "assign")
    response = officer_client.post(assign, {"assignee": involved.pk}, follow=True)
    assert f"{involved.full_name} cannot look into this complaint" in text(response)
    complaint.refresh_from_db()
    assert complaint.assignee is None
    officer_client.post(assign, {"assignee": officer.pk})
    complaint.refresh_from_db()
    assert complaint.assignee == officer


def test_a_complaint_is_looked_into_on_its_page(officer, officer_client):
    about = begun("access")
    case = begun("complaint")
    shown = text(officer_client.get(page(case)))
    for act in ("write-progress", "add-note", "record-measure", "link-complaint", "escalate-senior"):
        assert page(case, act) in shown
    assert page(case, "acknowledge-complaint") not in shown
    assert "acknowledged" in shown
    officer_client.post(page(case, "link-complaint"), {"own": about.reference})
    officer_client.post(page(case, "add-note"), {"text": "The branch had the letter."})
    officer_client.post(page(case, "record-measure"), {"text": "A second officer stands in."})
    officer_client.post(page(case, "write-progress"), {"text": "We have read the file."})
    case.refresh_from_db()
    assert case.about_case_id == about.pk
    assert (InvestigationNote.objects.get().text, MeasureTaken.objects.get().text) == (
        "The branch had the letter.", "A second officer stands in.",
    )  # fmt: skip
    shown = text(officer_client.get(page(case)))
    for words in ("The branch had the letter.", "A second officer stands in.", about.reference):
        assert words in shown
    form = text(officer_client.get(page(case, "answer")))
    assert "A second officer stands in." in form
    assert case.reference in text(officer_client.get(page(about)))


def test_a_handler_who_gives_a_complaint_up_is_led_to_the_queue(officer, make_officer, sign_in):
    case = begun("complaint")
    services.assign(case=case, officer=officer, assignee=(handler := make_officer("case_handler")))
    browser = sign_in(handler)
    response = browser.post(page(case, "escalate-senior"), {"to": officer.pk, "reasons": "It is grave."}, follow=True)
    assert "The complaint is with another Privacy Officer." in text(response)
    case.refresh_from_db()
    assert case.assignee == officer
    assert browser.get(page(case)).status_code == 404


def test_an_answered_complaint_goes_to_the_authority_from_its_page(officer, officer_client):
    case = begun("complaint")
    answer_case(case=case, officer=officer, given=GIVEN["complaint"])
    shown = text(officer_client.get(page(case)))
    assert page(case, "escalate-authority") in shown
    [body, *_others] = authorities_for(case)
    officer_client.post(page(case, "escalate-authority"), {"authority": body.code, "reasons": "They asked us."})
    assert Escalation.objects.get().authority == body.code
    shown = text(officer_client.get(page(case)))
    assert body.name in shown
    assert "The person can turn to it until" in shown or "No last day for the person is known" in shown


def test_the_file_for_the_authority_is_downloaded_and_noted(officer, officer_client):
    case = begun("complaint")
    officer_client.get(page(case, "authority-file"))
    assert not LedgerEntry.objects.filter(action="subject_request.authority_file_made").exists()
    for reader, action in (("authority", "authority_file_made"), ("person", "person_copy_made")):
        response = officer_client.post(page(case, "authority-file"), {"for": reader})
        assert response["Content-Type"] == "application/zip"
        assert "no-store" in response["Cache-Control"]
        assert f"{case.reference}-{reader}.zip" in response["Content-Disposition"]
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            assert json.loads(archive.read("file.json"))["for"] == reader
        assert LedgerEntry.objects.filter(action=f"subject_request.{action}").count() == 1


def test_the_queue_flags_complaints_and_the_cases_that_they_are_about(officer_client):
    about = begun("access")
    begun("erasure")
    begun("complaint", about=about)
    shown = text(officer_client.get("/officer/requests/subjectrequest/"))
    flags = [f'<span class="pd-badge pd-badge--soon">{words}</span>' for words in ("complaint", "complained of")]
    assert [shown.count(flag) for flag in flags] == [1, 1]


def test_a_complaint_with_much_in_it_costs_no_more_queries(officer, officer_client):
    case = begun("complaint", about=begun("access"))
    officer_client.get(page(case))

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            officer_client.get(page(case))
        return len(seen)

    before = queries()
    for number in range(5):
        add_note(case=case, officer=officer, text=f"Note {number}.")
        record_measure(case=case, officer=officer, text=f"Measure {number}.")
    assert queries() == before
