"""Making a request, one question a page."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from privacy.letters.models import Letter
from requests.models import SubjectRequest
from requests.views import asking
from tests.portal.conftest import AMA, ANSWERS, ask, path_of, stored_sessions, submit, text_of

PAGES = [path_of(question) for question in ANSWERS]


def test_answering_every_question_leads_to_a_request(visitor, hurry):
    assert ask(visitor).url == "/requests/new/check/"
    assert visitor.post("/requests/new/check/", {}).url == "/requests/sent/"
    case = SubjectRequest.objects.get()
    assert (case.kind, case.name, case.details, case.state) == (
        "access",
        "Ama Mensah",
        "Everything, please.",
        "unconfirmed",
    )
    assert case.subject.identifiers.get().value == AMA
    assert Letter.objects.get().kind == "case_confirm"


def test_each_answer_leads_to_the_next_question(visitor):
    led_to = [visitor.post(path_of(question), answer).url for question, answer in ANSWERS.items()]
    assert led_to == [*PAGES[1:], "/requests/new/check/"]


@pytest.mark.parametrize("path", [*PAGES[1:], "/requests/new/check/"])
def test_no_question_can_be_skipped(visitor, path):
    assert visitor.get(path).url == "/requests/new/"
    assert visitor.post(path, {"name": "Ama", "email": AMA, "details": "", "behalf": "self"}).url == "/requests/new/"
    visitor.post("/requests/new/", {"kind": "access"})
    expected = 200 if path == PAGES[1] else 302
    assert visitor.get(path).status_code == expected


def test_the_first_page_takes_its_answer_from_a_link(visitor):
    assert text_of(visitor.get("/requests/new/?kind=erasure")).count("checked") == 1
    assert 'value="erasure" id="id_kind_erasure" checked' in text_of(visitor.get("/requests/new/?kind=erasure"))
    assert "checked" not in text_of(visitor.get("/requests/new/?kind=nonsense"))
    visitor.post("/requests/new/", {"kind": "access"})
    assert 'value="erasure" id="id_kind_erasure" checked' in text_of(visitor.get("/requests/new/?kind=erasure"))
    assert 'value="access" id="id_kind" checked' in text_of(visitor.get("/requests/new/"))


@pytest.mark.parametrize(
    ("question", "answer", "message", "target"),
    [
        ("kind", "", "Choose what you want to do.", "id_kind"),
        ("kind", "nonsense", "Choose one of the things listed.", "id_kind"),
        ("name", "  ", "Enter your full name.", "id_name"),
        ("name", "a" * 151, "Enter your name with 150 characters at most.", "id_name"),
        ("email", "", "Enter your e-mail address.", "id_email"),
        ("email", "ama@", "Enter an e-mail address in the form name@example.com.", "id_email"),
        ("details", "a" * 10_001, "Shorten this to 10000 characters; it has 10001.", "id_details"),
    ],
)
def test_a_wrong_answer_is_explained_at_the_top_and_at_the_field(visitor, question, answer, message, target):
    if question != "kind":
        assert ask(visitor, until=question).url == path_of(question)
    path = path_of(question)
    text = text_of(visitor.post(path, {question: answer}))
    assert "<title>Error: " in text
    assert "There is a problem" in text
    assert f'<a href="#{target}">{message}</a>' in text
    assert f'id="{target}"' in text
    assert f'id="id_{question}_error"' in text
    assert text.count(message) == 2


def test_a_wrong_answer_stays_in_its_field(visitor):
    ask(visitor, until="email")
    assert 'value="ama@"' in text_of(visitor.post("/requests/new/email/", {"email": "ama@"}))


def test_an_answer_can_be_changed_from_the_last_page(visitor, hurry):
    ask(visitor)
    assert 'href="/requests/new/check/">Back' in text_of(visitor.get("/requests/new/name/"))
    assert visitor.post("/requests/new/name/", {"name": "Ama  Owusu"}).url == "/requests/new/check/"
    visitor.post("/requests/new/check/", {})
    assert SubjectRequest.objects.get().name == "Ama Owusu"


def test_the_last_page_shows_every_answer(visitor):
    ask(visitor)
    text = text_of(visitor.get("/requests/new/check/"))
    for shown in ("See my data", "Ama Mensah", AMA, "Everything, please."):
        assert shown in text
    assert "cannot be undone" not in text
    ask(visitor, kind="erasure")
    assert "cannot be undone" in text_of(visitor.get("/requests/new/check/"))


def test_what_was_typed_is_unreadable_in_the_session(visitor):
    ask(visitor)
    stored = stored_sessions()
    assert "request_answers" in stored
    assert "Mensah" not in stored
    assert AMA not in stored


def test_answers_are_forgotten_after_an_hour(visitor):
    ask(visitor)
    assert visitor.get("/requests/new/check/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert visitor.get("/requests/new/check/").url == "/requests/new/"


def test_what_was_being_written_when_the_answers_were_forgotten_is_kept_and_asked_no_more(visitor, hurry):
    ask(visitor, until="details")
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        answer = visitor.post(path_of("details"), {"details": "All letters of 2025."}, follow=True)
        assert answer.redirect_chain[-1][0] == "/requests/new/"
        assert "What you have just sent is kept." in text_of(answer)
        for question in [*ANSWERS][:-1]:
            last = visitor.post(path_of(question), ANSWERS[question])
        assert last.url == "/requests/new/check/"
        assert "All letters of 2025." in text_of(visitor.get("/requests/new/check/"))
        visitor.post("/requests/new/check/", {})
    assert SubjectRequest.objects.get().details == "All letters of 2025."


def test_what_cannot_be_taken_is_shown_again_although_the_answers_were_forgotten(visitor):
    ask(visitor, until="details")
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        shown = text_of(visitor.post(path_of("details"), {"details": "x" * 10_001}))
    assert ("Shorten this to 10000 characters" in shown, "x" * 10_001 in shown) == (True, True)


def test_a_choice_that_comes_too_late_is_not_taken_out_of_turn(visitor):
    assert visitor.post(path_of("irreversible"), {}).url == "/requests/new/"
    assert visitor.post(path_of("behalf"), {"behalf": "self"}).url == "/requests/new/"
    assert "request_answers" not in visitor.session


def test_who_sends_answers_that_were_forgotten_is_told_that_nothing_was_sent(visitor, hurry):
    ask(visitor)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        answer = visitor.post("/requests/new/check/", {}, follow=True)
    assert (answer.redirect_chain[-1][0], "nothing was sent" in text_of(answer)) == ("/requests/new/", True)
    assert SubjectRequest.objects.count() == 0


def test_the_page_after_sending_is_the_same_whether_or_not_the_address_is_known(visitor, hurry):
    submit(email=AMA)
    seen = []
    for email in (AMA, "new.person@example.com"):
        ask(visitor, email=email)
        visitor.post("/requests/new/check/", {})
        case = SubjectRequest.objects.latest("received_at")
        seen.append(text_of(visitor.get("/requests/sent/")).replace(email, "").replace(case.reference, ""))
    assert seen[0] == seen[1]
    assert "Check your inbox" in seen[0]


def test_sending_twice_makes_one_request(visitor, hurry):
    ask(visitor)
    visitor.post("/requests/new/check/", {})
    assert visitor.post("/requests/new/check/", {}).url == "/requests/sent/"
    assert SubjectRequest.objects.count() == 1


def test_the_page_after_sending_needs_a_request(visitor):
    assert visitor.get("/requests/sent/").url == "/"


def test_sending_faster_than_people_do_is_refused_and_works_later(visitor):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(visitor)
        text = text_of(visitor.post("/requests/new/check/", {}))
        assert "faster than people usually are" in text
        assert SubjectRequest.objects.count() == 0
        clock.shift(timedelta(seconds=5))
        assert visitor.post("/requests/new/check/", {}).url == "/requests/sent/"


def test_a_program_that_fills_in_every_field_is_told_so(visitor, hurry):
    ask(visitor)
    text = text_of(visitor.post("/requests/new/check/", {"website": "https://spam.example"}))
    assert "It is there to stop programs." in text
    assert SubjectRequest.objects.count() == 0
    assert visitor.post("/requests/new/check/", {"website": ""}).url == "/requests/sent/"


@pytest.mark.parametrize("limit", ["FROM_ONE_MACHINE", "FOR_ONE_ADDRESS"])
def test_too_many_requests_are_refused_with_the_same_page(visitor, hurry, monkeypatch, limit):
    monkeypatch.setattr(asking, limit, 2)
    answers = []
    for _time in range(3):
        ask(visitor)
        answers.append(visitor.post("/requests/new/check/", {}))
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "tried too often" in text_of(answers[2])
    assert SubjectRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "en"), ("fr-CA,fr;q=0.9,en;q=0.8", "fr"), ("de, en;q=0.9, fr;q=0.8", "en"), ("de", "en"), ("FR", "fr")],
)
def test_the_language_of_the_browser_is_chosen_for_our_letters(visitor, hurry, accepted, language):
    ask(visitor)
    text = text_of(visitor.get("/requests/new/check/", headers={"accept-language": accepted}))
    assert re.findall(r'name="language" value="(\w+)"[^>]* checked', text) == [language]
    assert [name in text for name in ("In which language should we write to you?", "English", "Français")] == [True] * 3
    visitor.post("/requests/new/check/", {"language": language})
    assert SubjectRequest.objects.get().language == language


def test_who_chooses_french_is_written_to_in_french_whatever_the_browser_says(visitor, hurry):
    ask(visitor)
    visitor.post("/requests/new/check/", {"language": "fr"}, headers={"accept-language": "en"})
    assert SubjectRequest.objects.get().language == "fr"
    assert "Madame, Monsieur" in Letter.objects.get().body


def test_a_language_that_we_do_not_write_in_is_refused_and_nothing_is_lost(visitor, hurry):
    ask(visitor)
    text = text_of(visitor.post("/requests/new/check/", {"language": "de"}))
    assert "Choose one of the languages listed." in text
    assert SubjectRequest.objects.count() == 0
    visitor.post("/requests/new/check/", {"language": "en"})
    assert SubjectRequest.objects.get().language == "en"
