"""What somebody answers about a cost, on the page that told them of it."""

import re
from decimal import Decimal

import pytest
from django.utils.html import escape

from privacy.ledger.models import LedgerEntry
from privacy.register.models import OrganisationProfile
from requests import services
from requests.models import FeeEstimate, FeeState, SubjectRequest
from requests.services import fees
from tests.portal.conftest import enter, submit, text_of

PAGE = "/requests/status/fee/"


@pytest.fixture
def case(visitor) -> SubjectRequest:
    """An open request in Alberta, where a fee may be asked, with its person on the portal."""
    OrganisationProfile.objects.update(laws=["CA-AB"], country="CA", promise_days=None, time_zone="UTC")
    case = submit()
    SubjectRequest.objects.filter(pk=case.pk).update(state="received")
    enter(visitor, case)
    return SubjectRequest.objects.get(pk=case.pk)


def ask(case, officer, amount: str) -> FeeEstimate:
    return fees.estimate_fee(case=case, officer=officer, amount=Decimal(amount), currency="CAD", work="Copies.")


def hidden_of(text: str) -> dict[str, str]:
    """What travels with the page unseen."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))


def answers() -> list[str]:
    return list(FeeEstimate.objects.order_by("id").values_list("answer", flat=True))


def test_who_agrees_to_the_cost_they_read_has_accepted_it(visitor, officer, case):
    ask(case, officer, "10")
    page = text_of(visitor.get(PAGE))
    answer = visitor.post(PAGE, hidden_of(page) | {"answer": "yes"})
    assert ("CAD 10.00" in page, answer.url, answers()) == (True, "/requests/status/", [FeeState.ACCEPTED])


@pytest.mark.parametrize("given", [{"answer": "yes"}, {"answer": "no"}, {"answer": "change", "details": "Only 2025."}])
def test_who_answers_a_cost_that_changed_meanwhile_reads_the_new_one_and_nothing_is_recorded(
    visitor, officer, case, given
):
    ask(case, officer, "10")
    seen = hidden_of(text_of(visitor.get(PAGE)))
    fees.waive_fee(case=case, officer=officer)
    ask(case, officer, "5000")
    text = text_of(visitor.post(PAGE, seen | given))
    for shown in ("CAD 5000.00", "The cost has changed since you opened this page", given.get("details", "")):
        assert shown in text
    assert " checked" not in text
    answered = LedgerEntry.objects.filter(action__in=[f"subject_request.fee_{each}" for each in FeeState.values])
    assert (answers(), [each.action for each in answered]) == (["waived", "asked"], ["subject_request.fee_waived"])
    visitor.post(PAGE, hidden_of(text) | {"answer": "yes"})
    assert answers() == ["waived", "accepted"]


def test_what_was_typed_about_a_cost_that_nobody_asks_any_more_can_be_sent_as_a_message(visitor, officer, case):
    ask(case, officer, "10")
    seen = hidden_of(text_of(visitor.get(PAGE)))
    fees.waive_fee(case=case, officer=officer)
    text = text_of(visitor.post(PAGE, seen | {"answer": "change", "details": "Only the letters of 2025."}))
    for shown in (
        "you owe nothing",
        "Nobody has it yet",
        "Only the letters of 2025.",
        'action="/requests/status/reply/"',
    ):
        assert shown in text
    assert SubjectRequest.objects.get(pk=case.pk).details == "Everything, please."
    visitor.post("/requests/status/reply/", {"text": "Only the letters of 2025."})
    assert SubjectRequest.objects.get(pk=case.pk).details == "Everything, please.\n\nOnly the letters of 2025."


def test_an_answer_without_words_about_a_cost_that_nobody_asks_any_more_is_told_to_be_void(visitor, officer, case):
    ask(case, officer, "10")
    seen = hidden_of(text_of(visitor.get(PAGE)))
    fees.waive_fee(case=case, officer=officer)
    answer = visitor.post(PAGE, seen | {"answer": "no"}, follow=True)
    assert answer.redirect_chain == [("/requests/status/", 302)]
    assert "you owe nothing. Your answer was not recorded." in text_of(answer)
    assert SubjectRequest.objects.get(pk=case.pk).closed_at is None


@pytest.mark.parametrize(("page", "field"), [(PAGE, "details"), ("/requests/status/reply/", "text")])
def test_what_was_typed_while_the_request_was_closed_is_shown_again_with_where_it_can_go(
    visitor, officer, case, page, field
):
    ask(case, officer, "10")
    seen = hidden_of(text_of(visitor.get(page)))
    services.reject_identity(case=case, officer=officer)
    typed = "My invoice has the number 4711 & I <know> it."
    text = text_of(visitor.post(page, seen | {"answer": "change", field: typed}))
    for shown in ("was closed while you were writing", escape(typed), "mailto:", "Complain about this request"):
        assert shown in text
    answer = visitor.post(page, seen | {"answer": "yes", field: " "}, follow=True)
    assert "Nothing of what you sent was recorded." in text_of(answer)


@pytest.mark.parametrize(
    ("page", "typed"),
    [(PAGE, {"answer": "change", "details": "Only 2025."}), ("/requests/status/reply/", {"text": "Only 2025."})],
)
def test_what_is_sent_twice_from_one_page_is_taken_once(visitor, officer, case, page, typed):
    ask(case, officer, "10")
    sent = hidden_of(text_of(visitor.get(page))) | typed
    answers = [visitor.post(page, sent, follow=True) for _time in range(2)]
    assert [answer.redirect_chain for answer in answers] == [[("/requests/status/", 302)]] * 2
    taken = "It was taken once, and not again."
    assert [taken in text_of(answer) for answer in answers] == [False, True]
    assert SubjectRequest.objects.get(pk=case.pk).details == "Everything, please.\n\nOnly 2025."


def test_another_message_from_a_page_that_was_sent_is_shown_again_before_it_goes(visitor, case):
    page = "/requests/status/reply/"
    sent = hidden_of(text_of(visitor.get(page)))
    visitor.post(page, sent | {"text": "One."})
    text = text_of(visitor.post(page, sent | {"text": "Two."}))
    assert ("You have sent this page before" in text, ">\nTwo.</textarea>" in text) == (True, True)
    visitor.post(page, hidden_of(text) | {"text": "Two."})
    assert SubjectRequest.objects.get(pk=case.pk).details == "Everything, please.\n\nOne.\n\nTwo."
