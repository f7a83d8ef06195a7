"""An officer's page that is sent twice: by a second press, a second window, or the back button."""

import re
import uuid

import pytest

from privacy.letters.models import Letter
from requests.enums import RequestState
from requests.enums import RequestState as S
from requests.models import SubjectRequest
from tests.officer.making import PLAN, make_case
from tests.officer.test_act_previews import page
from tests.officer.test_decide_page import filled
from tests.officer.test_entering import ENTER, given, page_of
from tests.requests.conftest import confirmed, letter_kinds
from tests.requests.deciding import to_decide

TOLD = {"text": "We have asked the shop for its records."}


@pytest.fixture
def complaint(alpha) -> SubjectRequest:
    return confirmed(kind="complaint")


def number_on(answer) -> str:
    """The number that a page was shown with."""
    return re.search(r'name="page" value="([0-9a-f-]{36})"', answer.content.decode())[1]


def test_a_letter_that_is_sent_twice_from_one_page_goes_once(officer_client, complaint):
    path = page(complaint, "write_progress")
    sent = TOLD | {"page": number_on(officer_client.get(path))}
    answers = [officer_client.post(path, sent, follow=True) for _time in range(2)]
    assert [answer.redirect_chain for answer in answers] == [[(page_of(complaint), 302)]] * 2
    assert letter_kinds(complaint).count("complaint_progress") == 1
    said = ["The letter is on its way.", "You had sent this page already. It was done once, and not again."]
    assert [[words in answer.content.decode() for words in said] for answer in answers] == [
        [True, False],
        [False, True],
    ]
    again = TOLD | {"page": number_on(officer_client.get(path))}
    officer_client.post(path, again)  # from the page opened anew it is another letter
    assert letter_kinds(complaint).count("complaint_progress") == 2


def test_other_words_from_a_page_that_was_sent_are_shown_again_before_they_go(officer_client, complaint):
    path = page(complaint, "write_progress")
    number = number_on(officer_client.get(path))
    officer_client.post(path, TOLD | {"page": number})
    other = {"text": "We have heard the shop."}
    shown = officer_client.post(path, other | {"page": number})
    assert [words in shown.content.decode() for words in ("You have sent this page before", other["text"])] == [
        True
    ] * 2
    assert letter_kinds(complaint).count("complaint_progress") == 1
    officer_client.post(path, other | {"page": number_on(shown)})
    assert letter_kinds(complaint).count("complaint_progress") == 2


def test_the_letter_seen_first_belongs_to_the_page_it_is_seen_on(officer_client, alpha):
    case = confirmed(kind="access")
    path = page(case, "ask_person")
    typed = {"questions": "Which years?", "page": number_on(officer_client.get(path))}
    assert number_on(officer_client.post(path, typed | {"preview": "1"})) == typed["page"]
    answers = [officer_client.post(path, typed, follow=True) for _time in range(2)]
    assert letter_kinds(case).count("clarification") == 1
    assert "You had sent this page already." in answers[1].content.decode()


def test_a_case_that_is_entered_twice_from_one_page_is_one_case_with_one_letter(officer_client):
    typed = given() | {"page": number_on(officer_client.get(ENTER))}
    answers = [officer_client.post(ENTER, typed) for _time in range(2)]
    case = SubjectRequest.objects.get()
    assert [answer["Location"] for answer in answers] == [page_of(case)] * 2
    assert (Letter.objects.filter(case_id=case.pk).count(), case.state) == (1, RequestState.RECEIVED)
    shown = officer_client.post(ENTER, typed | {"name": "Kofi Mensah"})
    assert "You have sent this page before, with other words" in shown.content.decode()
    assert SubjectRequest.objects.count() == 1
    officer_client.post(ENTER, typed | {"name": "Kofi Mensah", "page": number_on(shown)})
    assert SubjectRequest.objects.count() == 2


REFUSED = {"ground": "GH.retention_required", "text": "The tax office wants them."}
PRESSED = [
    ("question", "answer", "answer", {"text": "The shop receives it."}, S.COMPLETED),
    ("erasure", "decide", "refuse", REFUSED, S.REFUSED),
    ("erasure", "decide", "grant", {}, S.AWAITING_APPROVAL),
    ("objection", "decide_purposes", "decide_purposes", {"seen": "", "scope-0-verdict": "stop"}, S.COMPLETED),
]


@pytest.mark.parametrize(("kind", "shown", "act", "typed", "then"), PRESSED)
def test_a_decision_that_is_pressed_twice_is_told_as_made_and_not_as_refused(
    officer_client, kind, shown, act, typed, then
):  # fmt: skip
    case = make_case(kind=kind, state=S.DECIDING)
    sent = typed | {"plan_hash": PLAN["hash"], "page": number_on(officer_client.get(page(case, shown)))}
    answers = [officer_client.post(page(case, act), sent, follow=True) for _time in range(2)]
    said = ["You had sent this page already. It was done once, and not again.", "Not done", "This cannot be done while"]
    assert [[words in answer.content.decode() for words in said] for answer in answers] == [
        [False, False, False],
        [True, False, False],
    ]
    case.refresh_from_db()
    assert case.state == then

    other = sent | {"page": str(uuid.uuid4())}  # from another window it was not done
    late = officer_client.post(page(case, act), other, follow=True).content.decode()
    assert [words in late for words in said] == [False, bool(typed), not typed]


def test_parts_that_are_decided_twice_from_one_page_are_told_as_decided(officer_client):
    case = to_decide("identity", "financial")
    sent = filled(case, "grant", "refuse") | {"page": number_on(officer_client.get(page(case, "decide")))}
    answers = [officer_client.post(page(case, "decide_parts"), sent, follow=True).content.decode() for _time in "12"]
    assert ["You had sent this page already." in answer for answer in answers] == [False, True]
    case.refresh_from_db()
    assert (case.state, case.outcome) == (S.EXECUTING, "partial")
