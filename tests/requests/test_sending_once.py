"""A page that is sent twice does its work once."""

import uuid

import pytest
from django.http import QueryDict

from privacy.ledger.actors import Actor
from requests.errors import FeeRefused, PageSentBefore
from requests.models import SentPage, SubjectRequest
from requests.services.asking_back import take_reply
from requests.services.sending_once import Done, number_to_show, send_once, was_sent_before
from requests.services.staff_intake import enter_case
from tests.privacy.jobs.test_owning import in_threads
from tests.requests.test_at_the_same_time import inside, officer_named
from tests.requests.test_staff_intake import entry


def sent(number: object, **typed: str) -> QueryDict:
    form = QueryDict(mutable=True)
    form.update({"page": str(number), "csrfmiddlewaretoken": uuid.uuid4().hex} | typed)
    return form


def replied(case, text: str):
    return lambda: take_reply(case=case, actor=Actor.subject(case.subject), text=text)


def test_the_second_time_nothing_is_done_and_the_first_is_found(case):
    number = uuid.uuid4()
    assert was_sent_before(sent(number, text="One.")) is False
    first = send_once(typed=sent(number, text="One."), work=replied(case, "One."))
    second = send_once(typed=sent(number, text="One."), work=replied(case, "One."))
    assert (first.before, second) == (False, Done(case, before=True))
    assert was_sent_before(sent(number, text="One.")) is True
    assert SubjectRequest.objects.get().details == "Everything, please.\n\nOne."


def test_other_words_under_the_same_number_are_neither_done_nor_taken_for_the_first(case):
    number = uuid.uuid4()
    send_once(typed=sent(number, text="One."), work=replied(case, "One."))
    with pytest.raises(PageSentBefore):
        send_once(typed=sent(number, text="Two."), work=replied(case, "Two."))
    assert was_sent_before(sent(number, text="Two.")) is False
    assert number_to_show(sent(number)) != number
    send_once(typed=sent(number_to_show(sent(number)), text="Two."), work=replied(case, "Two."))
    assert SubjectRequest.objects.get().details == "Everything, please.\n\nOne.\n\nTwo."


def test_work_that_is_refused_does_not_use_up_the_number(case):
    number = uuid.uuid4()

    def refused() -> SubjectRequest:
        replied(case, "Half.")()
        raise FeeRefused

    with pytest.raises(FeeRefused):
        send_once(typed=sent(number, text="One."), work=refused)
    assert (number_to_show(sent(number)), SentPage.objects.count()) == (number, 0)
    assert send_once(typed=sent(number, text="One."), work=replied(case, "One.")).before is False
    assert SubjectRequest.objects.get().details == "Everything, please.\n\nOne."


@pytest.mark.parametrize("number", ["", "7", "not a number"])
def test_without_a_number_each_is_work_of_its_own(case, number):
    for _time in range(2):
        assert send_once(typed=sent(number, text="One."), work=replied(case, "One.")).before is False
    assert SubjectRequest.objects.get().details == "Everything, please.\n\nOne.\n\nOne."


def test_of_what_was_typed_nothing_is_kept_that_can_be_guessed(case):
    numbers = [uuid.uuid4(), uuid.uuid4()]
    for number in numbers:
        send_once(typed=sent(number, text="One."), work=replied(case, "One."))
    digests = {bytes(each.content_digest) for each in SentPage.objects.all()}
    assert [len(digest) for digest in digests] == [32]


def test_three_presses_at_the_same_moment_enter_one_case(committed):
    officer, number = officer_named("first"), uuid.uuid4()
    found = []

    def press() -> None:
        found.append(send_once(typed=sent(number), work=lambda: enter_case(entry=entry(), officer=officer)))

    assert in_threads(3, inside(committed, press)) == ["done", "done", "done"]
    assert sorted(each.before for each in found) == [False, True, True]
    assert {each.case.pk for each in found} == {SubjectRequest.objects.get().pk}
