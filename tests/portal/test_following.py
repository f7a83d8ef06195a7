"""Asking for a tracking link, and the case as its person sees it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.formats import date_format

from privacy.letters.models import Letter
from privacy.register.selectors import local_date
from privacy.subjects.models import LinkPurpose
from requests import services
from requests.case_files.storage import path_of
from requests.enums import RequestState
from requests.models import CaseFile, SubjectRequest
from requests.services.asking_back import ask_for_clarification
from requests.views import following
from tests.documents import photo
from tests.portal.conftest import AMA, enter, statements, submit, text_of


def _confirmed(visitor) -> SubjectRequest:
    case = submit()
    enter(visitor, case, LinkPurpose.CONFIRM)
    case.refresh_from_db()
    return case


def test_asking_for_a_link_answers_the_same_for_known_and_unknown_by_the_same_work(visitor):
    case = submit()
    typed = [
        {"reference": case.reference, "email": AMA},
        {"reference": case.reference, "email": "stranger@example.com"},
        {"reference": "PR-0000-0000", "email": AMA},
    ]
    visitor.post("/requests/track/", typed[0])
    seen = [statements(lambda data=data: visitor.post("/requests/track/", data)) for data in typed]
    assert [answer.url for _sql, answer in seen] == ["/requests/track/sent/"] * 3
    assert seen[1][0] == seen[0][0]
    assert seen[2][0] == seen[0][0]
    assert Letter.objects.exclude(kind="case_confirm").count() == 0


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"reference": "", "email": AMA}, "Enter the reference of your request."),
        ({"reference": "PR-1234-5678", "email": AMA}, "Check the reference: it looks like PR-7F3K-92QD"),
        ({"reference": "PR-0000-0000", "email": ""}, "Enter your e-mail address."),
        ({"reference": "PR-0000-0000", "email": "ama"}, "Enter an e-mail address in the form name@example.com."),
        ({"reference": "PR-0000-0000", "email": AMA, "website": "x"}, "It is there to stop programs."),
    ],
)
def test_what_is_typed_wrong_is_explained(visitor, data, message):
    text = text_of(visitor.post("/requests/track/", data))
    assert "<title>Error: " in text
    assert message in text


def test_asking_too_often_is_refused(visitor, monkeypatch):
    monkeypatch.setattr(following, "FROM_ONE_MACHINE", 1)
    data = {"reference": "PR-0000-0000", "email": AMA}
    assert [visitor.post("/requests/track/", data).status_code for _time in range(2)] == [302, 429]


def test_the_status_page_says_where_the_case_stands_and_why_by_then(visitor):
    case = _confirmed(visitor)
    enter(visitor, case)
    text = text_of(visitor.get("/requests/status/"))
    for shown in (
        case.reference,
        "Received. We are making sure that it is you.",
        "Act 843 s. 35",
        "gives 40 calendar days",
    ):
        assert shown in text
    assert text.index("You sent your request.") < text.index("You confirmed that it is you; we started.")


def test_an_officers_problem_and_name_are_not_shown_to_the_person(visitor, officer):
    case = _confirmed(visitor)
    SubjectRequest.objects.update(problem="source_unreachable", assignee=officer)
    enter(visitor, case)
    text = text_of(visitor.get("/requests/status/"))
    assert case.reference in text
    assert officer.full_name not in text
    assert "source" not in text


def test_withdrawing_says_first_what_it_means(visitor):
    case = _confirmed(visitor)
    enter(visitor, case)
    assert "We stop working on it and close it." in text_of(visitor.get("/requests/status/withdraw/"))
    case.refresh_from_db()
    assert case.state == RequestState.RECEIVED
    assert "Your request is withdrawn" in text_of(visitor.post("/requests/status/withdraw/"))
    case.refresh_from_db()
    assert case.state == RequestState.WITHDRAWN


def test_a_closed_case_cannot_be_withdrawn_again(visitor):
    case = _confirmed(visitor)
    enter(visitor, case)
    visitor.post("/requests/status/withdraw/")
    assert "Withdraw my request" not in text_of(visitor.get("/requests/status/"))
    assert visitor.get("/requests/status/withdraw/").url == "/requests/status/"
    assert visitor.post("/requests/status/withdraw/").url == "/requests/status/"


WAYS = ["The number of one of your invoices", "A copy of your Ghana Card, all but name and photo blacked out"]


def _asked_who_they_are(visitor, officer) -> SubjectRequest:
    case = _confirmed(visitor)
    services.ask_identity(case=case, officer=officer, ways=WAYS)
    enter(visitor, case)
    return SubjectRequest.objects.get(pk=case.pk)


def test_whoever_is_asked_who_they_are_reads_it_on_the_page_and_answers_there(visitor, officer):
    case = _asked_who_they_are(visitor, officer)
    text = text_of(visitor.get("/requests/status/"))
    for shown in ("Waiting for you: show us who you are", *WAYS, date_format(case.identity_until, "l j F Y")):
        assert shown in text
    assert text.count("Send a document") == 1
    assert WAYS[0] in text_of(visitor.get("/requests/status/reply/"))
    visitor.post("/requests/status/reply/", {"text": "My invoice has the number 4711."})
    after = text_of(visitor.get("/requests/status/"))
    assert ("We have your answer" in after, "Received. We are making sure" in after, WAYS[0] in after) == (
        True, True, False,
    )  # fmt: skip
    case.refresh_from_db()
    assert (case.waiting_for, case.identity_until) == ("", None)


def test_a_document_that_is_sent_answers_the_question_who_they_are(visitor, officer, settings):
    settings.CLAMD_ADDRESS = None
    case = _asked_who_they_are(visitor, officer)
    assert WAYS[1] in text_of(visitor.get("/requests/status/upload/"))
    visitor.post("/requests/status/upload/", {"file": SimpleUploadedFile("card.jpg", photo())})
    file = CaseFile.objects.get()
    case.refresh_from_db()
    assert (file.role, file.is_from_person, case.waiting_for, case.state) == ("identity_document", True, "", "received")
    assert "Show us who you are" not in text_of(visitor.get("/requests/status/"))
    path_of(file).unlink()


def test_our_question_stands_on_the_page_until_it_is_answered(visitor, officer):
    case = _confirmed(visitor)
    ask_for_clarification(case=case, officer=officer, questions="Which branch, and which years?")
    enter(visitor, case)
    text = text_of(visitor.get("/requests/status/"))
    assert ("Waiting for you: answer our question" in text, "Which branch, and which years?" in text) == (True, True)
    assert "Which branch, and which years?" in text_of(visitor.get("/requests/status/reply/"))
    visitor.post("/requests/status/reply/", {"text": "Leeds, since 2020."})
    after = text_of(visitor.get("/requests/status/"))
    assert ("Waiting for you" in after, "Which branch" in after) == (False, False)


def test_whoever_asks_for_another_reads_about_their_right_and_sends_what_shows_it(visitor, settings):
    settings.CLAMD_ADDRESS = None
    kofi = {"name": "Kofi Mensah", "email": "kofi@example.com", "authority": "guardian"}
    case = services.submit_request(kind="access", email=AMA, name="Ama Mensah", details="", representative=kofi)
    enter(visitor, case, LinkPurpose.CONFIRM)
    enter(visitor, case)
    text = text_of(visitor.get("/requests/status/"))
    for shown in (
        "that you may ask for somebody else",
        "You confirmed your e-mail address",
        "We need a document from you",
    ):
        assert shown in text
    assert "that it is you" not in text
    visitor.post("/requests/status/upload/", {"file": SimpleUploadedFile("mandate.jpg", photo())})
    file = CaseFile.objects.get()
    assert (file.role, file.is_from_person) == ("authority", True)
    path_of(file).unlink()


def test_the_page_names_whom_a_request_is_about_once_the_authority_of_who_asks_was_seen(visitor, officer):
    kofi = {"name": "Kofi Mensah", "email": "kofi@example.com", "authority": "guardian"}
    case = services.submit_request(kind="erasure", email=AMA, name="Ama Mensah", details="", representative=kofi)
    enter(visitor, case, LinkPurpose.CONFIRM)
    enter(visitor, case)
    assert "Ama Mensah" not in text_of(visitor.get("/requests/status/"))
    services.accept_authority(case=case, officer=officer, evidence="Birth certificate.")
    text = text_of(visitor.get("/requests/status/"))
    assert "This request is about Ama Mensah." in text
    assert "Received. We are making sure who makes the request." in text
    services.reject_identity(case=case, officer=officer)
    assert "Closed: we could not confirm who makes the request." in text_of(visitor.get("/requests/status/"))
    SubjectRequest.objects.filter(pk=case.pk).update(state=RequestState.RECEIVED, closed_at=None)
    services.end_representation(case=case, officer=officer, reason="The mandate was revoked.")
    enter(visitor, case)
    assert "This request is about" not in text_of(visitor.get("/requests/status/"))


MEANT = "Where this page says “my data” or “your data”, the data about {} person is meant."
NAMELESS, NAMED = MEANT.format("that"), MEANT.format("this")
PAGES = [f"/requests/status/{page}" for page in ("", "reply/", "upload/", "withdraw/")]


def test_every_page_of_a_case_says_to_who_acts_for_another_whose_data_is_meant(visitor, officer):
    kofi = {"name": "Kofi Mensah", "email": "kofi@example.com", "authority": "guardian"}
    case = services.submit_request(kind="erasure", email=AMA, name="Ama Mensah", details="", representative=kofi)
    enter(visitor, case, LinkPurpose.CONFIRM)
    assert NAMELESS in text_of(visitor.get("/requests/confirmed/"))
    enter(visitor, case)
    assert [(NAMELESS in text, "Ama Mensah" in text) for text in map(text_of, map(visitor.get, PAGES))] == [
        (True, False)
    ] * len(PAGES)
    services.accept_authority(case=case, officer=officer, evidence="Birth certificate.")
    services.ask_identity(case=case, officer=officer, ways=WAYS)
    assert [f"about Ama Mensah. {NAMED}" in text for text in map(text_of, map(visitor.get, PAGES))] == [True] * 4
    own = _confirmed(visitor)
    services.ask_identity(case=own, officer=officer, ways=WAYS)
    enter(visitor, own)
    assert [MEANT[:30] in text for text in map(text_of, map(visitor.get, PAGES))] == [False] * len(PAGES)


def test_who_acts_for_another_is_asked_who_makes_the_request_and_not_whether_the_data_is_theirs(visitor, officer):
    kofi = {"name": "Kofi Mensah", "email": "kofi@example.com", "authority": "guardian"}
    case = services.submit_request(kind="erasure", email=AMA, name="Ama Mensah", details="", representative=kofi)
    enter(visitor, case, LinkPurpose.CONFIRM)
    services.ask_identity(case=case, officer=officer, ways=WAYS)
    enter(visitor, case)
    page, reply = text_of(visitor.get("/requests/status/")), text_of(visitor.get("/requests/status/reply/"))
    assert "Waiting for you: show us who makes the request, so that we can go on." in page
    assert "<h2>Show us who makes the request</h2>" in page
    assert "be sure who makes the request, and whose data it is about" in page
    assert "To show us who makes the request, one of these is enough:" in reply
    assert [words for words in ("who you are", "comes from the person") if words in page + reply] == []


@pytest.mark.parametrize(("back", "is_past"), [(1, True), (0, False)])
def test_the_page_promises_no_day_that_is_past(visitor, back, is_past):
    case = _confirmed(visitor)
    confirmed = text_of(visitor.get("/requests/confirmed/"))
    assert "It is past: we answer without further delay." not in confirmed
    SubjectRequest.objects.filter(pk=case.pk).update(due_on=local_date(timezone.now()) - timedelta(days=back))
    shown = [text_of(visitor.get("/requests/confirmed/"))]
    enter(visitor, case, LinkPurpose.TRACK)
    shown.append(text_of(visitor.get("/requests/status/")))
    for text in shown:
        assert ("It is past: we answer without further delay." in text, "at the latest" in text) == (
            is_past,
            not is_past,
        )
