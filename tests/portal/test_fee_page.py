"""What somebody answers about a cost, on the page that told them of it."""

import re
from decimal import Decimal

import pytest

from privacy.ledger.models import LedgerEntry
from privacy.register.models import OrganisationProfile
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
