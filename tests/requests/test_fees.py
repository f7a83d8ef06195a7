from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from privacy.jobs.models import Job
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from privacy.register.models import OrganisationProfile
from requests.admin.presenting import flags
from requests.enums import Outcome, RequestState
from requests.errors import FeeChanged, FeeRefused, WrongState
from requests.models import FeeEstimate, FeeState, SubjectRequest
from requests.services import fees
from tests.requests.conftest import confirmed, letter_kinds, letter_of, run_jobs


def case_under(*laws: str, kind: str = "access") -> SubjectRequest:
    OrganisationProfile.objects.update(laws=list(laws), country="CA", promise_days=None, time_zone="UTC")
    return confirmed(kind=kind)


def estimate(case, officer, **more) -> FeeEstimate:
    given = {"amount": Decimal("40.00"), "currency": "cad", "work": "Copying 400 pages."} | more
    return fees.estimate_fee(case=case, officer=officer, **given)


def again(case) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=case.pk)


def test_the_person_is_told_the_cost_and_the_clock_stands_where_the_law_says_so(alpha, officer):
    case = case_under("CA-AB")
    found = estimate(case, officer, deposit=Decimal("20.00"))
    assert (str(found), found.answer, again(case).waiting_for) == ("CAD 40.00", FeeState.ASKED, "fee")
    assert found.lapses_on == found.estimated_on + timedelta(days=30)
    letter = letter_of(case, "fee_estimate")
    assert ("CAD\u00a040.00" in letter.body, "CAD\u00a020.00" in letter.body, "400 pages" in letter.body) == (
        True,
        True,
        True,
    )
    assert "40.00" not in str(LedgerEntry.objects.get(action="letter.written", object_id=str(letter.pk)).data)


def test_the_person_who_wants_to_go_on_lets_the_clock_run_again_once_the_deposit_is_there(alpha, officer):
    case = case_under("CA-AB")
    found = estimate(case, officer, deposit=Decimal("20.00"))
    fees.accept_fee(case=case, actor=Actor.subject(case.subject), estimate_id=found.pk)
    assert again(case).waiting_for == "fee"
    fees.record_deposit(case=case, officer=officer)
    assert (again(case).waiting_for, FeeEstimate.objects.get().answer) == ("", FeeState.ACCEPTED)
    with pytest.raises(FeeRefused):
        fees.record_deposit(case=case, officer=officer)


def test_without_a_deposit_a_yes_is_enough(alpha, officer):
    case = case_under("CA-AB")
    found = estimate(case, officer)
    fees.accept_fee(case=case, actor=SYSTEM, estimate_id=found.pk)
    assert again(case).waiting_for == ""


def test_the_person_who_does_not_want_to_go_on_has_withdrawn(alpha, officer):
    case = case_under("CA-FED")
    found = estimate(case, officer)
    flagged = "fee pending" in flags(again(case))
    fees.decline_fee(case=case, actor=SYSTEM, estimate_id=found.pk)
    assert (again(case).state, FeeEstimate.objects.get().answer) == (RequestState.WITHDRAWN, FeeState.DECLINED)
    assert (flagged, "fee pending" in flags(again(case))) == (True, False)
    with pytest.raises(FeeRefused):
        fees.accept_fee(case=case, actor=SYSTEM, estimate_id=found.pk)


def test_the_person_can_ask_for_less_instead(alpha, officer):
    case = case_under("CA-AB")
    found = estimate(case, officer)
    with pytest.raises(FeeRefused, match="Write what you want instead"):
        fees.change_instead(case=case, actor=SYSTEM, estimate_id=found.pk, details="  ")
    fees.change_instead(case=case, actor=SYSTEM, estimate_id=found.pk, details="Only 2025.")
    assert (again(case).details, again(case).waiting_for) == ("Everything, please.\n\nOnly 2025.", "")
    assert estimate(case, officer, amount=Decimal("5")).answer == FeeState.ASKED  # it may be asked anew


def test_a_fee_may_be_waived(alpha, officer):
    case = case_under("CA-AB")
    estimate(case, officer)
    fees.waive_fee(case=case, officer=officer)
    assert (again(case).waiting_for, FeeEstimate.objects.get().answer) == ("", FeeState.WAIVED)
    with pytest.raises(FeeRefused, match="no fee that waits"):
        fees.waive_fee(case=case, officer=officer)


@pytest.mark.parametrize(
    ("laws", "more", "message"),
    [
        (["BR"], {}, "No fee may be asked"),
        (["CA-AB", "BR"], {}, "No fee may be asked"),
        (["CA-FED"], {"deposit": Decimal("1")}, "knows no deposit"),
        (["EU"], {}, "manifestly unfounded or excessive"),
        (["CA-AB"], {"amount": Decimal("0")}, "above zero"),
        (["CA-AB"], {"deposit": Decimal("41")}, "no more than the cost"),
        (["CA-AB"], {"currency": "$"}, "three letters"),
        (["CA-AB"], {"work": " "}, "what the fee is for"),
    ],
)
def test_a_fee_that_a_law_of_the_case_does_not_allow_is_refused_without_a_trace(alpha, officer, laws, more, message):
    case = case_under(*laws)
    with pytest.raises(FeeRefused, match=message):
        estimate(case, officer, **more)
    assert (FeeEstimate.objects.count(), again(case).waiting_for, letter_kinds(case).count("fee_estimate")) == (
        0, "", 0,
    )  # fmt: skip


def test_an_excessive_request_may_cost_something_under_the_gdpr(alpha, officer):
    case = case_under("EU")
    assert estimate(case, officer, is_excessive=True).lapses_on is None


def test_silence_is_a_withdrawal_only_where_every_law_says_so_and_only_after_the_day(alpha, officer):
    case = case_under("CA-AB")
    found = estimate(case, officer)
    fees.lapse_fee(case_id=case.pk, estimate_id=found.pk)
    assert again(case).closed_at is None  # the day is not over
    FeeEstimate.objects.update(lapses_on=timezone.now().date() - timedelta(days=1))
    for _time in range(2):  # a job may come twice
        fees.lapse_fee(case_id=case.pk, estimate_id=found.pk)
    kept = again(case)
    assert (kept.state, kept.outcome) == (RequestState.WITHDRAWN, Outcome.FEE_LAPSED)
    assert letter_kinds(case).count("fee_lapsed") == 1

    both = case_under("CA-AB", "CA-FED")
    assert estimate(both, officer).lapses_on is None
    assert Job.objects.filter(kind=fees.LAPSE_FEE_JOB, slot__startswith=str(both.pk)).count() == 0


def test_the_job_that_lets_a_request_lapse_leaves_an_answered_one_alone(alpha, officer):
    case = case_under("CA-AB")
    found = estimate(case, officer)
    fees.accept_fee(case=case, actor=SYSTEM, estimate_id=found.pk)
    assert run_jobs(fees.LAPSE_FEE_JOB) == 1
    assert again(case).closed_at is None


def test_no_fee_is_asked_for_work_that_is_done_or_twice(alpha, officer):
    case = case_under("CA-AB")
    estimate(case, officer)
    with pytest.raises(FeeRefused, match="asked already"):
        estimate(case, officer)
    SubjectRequest.objects.filter(pk=case.pk).update(state=RequestState.EXECUTING, decided_at=timezone.now())
    with pytest.raises(WrongState):
        estimate(case, officer)


def test_the_letter_writes_an_amount_as_the_page_does(alpha, officer):
    case = case_under("CA-AB")
    found = estimate(case, officer, amount=Decimal("25"), deposit=Decimal("5"))
    body = letter_of(case, "fee_estimate").body.replace("\u00a0", " ")  # never broken between lines
    assert (str(found), "CAD 25.00" in body, "CAD 5.00" in body) == ("CAD 25.00", True, True)


@pytest.mark.parametrize(
    ("law", "kind", "message"),
    [
        ("GH", "objection", r"Act 843 s\. 39\(2\) gives it free of charge"),
        ("BR", "access", "gives it free of charge"),
        ("CA-FED", "erasure", "says nothing of one"),
    ],
)
def test_a_fee_that_no_law_allows_is_refused_for_what_the_law_says(alpha, officer, law, kind, message):
    case = case_under(law, kind=kind)
    with pytest.raises(FeeRefused, match=message):
        estimate(case, officer)
    assert FeeEstimate.objects.count() == 0


def test_a_yes_to_one_estimate_is_none_to_another(alpha, officer):
    case = case_under("CA-AB")
    read = estimate(case, officer, amount=Decimal("10"))
    fees.waive_fee(case=case, officer=officer)
    waiting = estimate(case, officer, amount=Decimal("5000"))
    for answer in (fees.accept_fee, fees.decline_fee, partial(fees.change_instead, details="Only 2025.")):
        with pytest.raises(FeeChanged):
            answer(case=case, actor=SYSTEM, estimate_id=read.pk)
    waiting.refresh_from_db()
    assert (waiting.answer, again(case).details, again(case).closed_at) == ("asked", "Everything, please.", None)
    fees.accept_fee(case=case, actor=SYSTEM, estimate_id=waiting.pk)
