"""What waiting for the data subject does to a clock: nothing, a pause or a restart, as the law has it."""

from datetime import date

import pytest

from privacy.law.catalogue import rule_for
from privacy.law.clock import due_date
from privacy.law.enums import Cause, Condition, KindOfRequest
from privacy.law.errors import ClockError
from privacy.law.events import WaitBegan, WaitEnded
from privacy.law.shapes import Rule
from tests.privacy.law.test_golden_vectors import words

RECEIVED = date(2026, 3, 2)
VOUCHED = frozenset({Condition.ASKED_WITHOUT_DELAY, Condition.REASONABLE_DOUBT})


def access(law: str) -> Rule:
    return rule_for(law=law, kind=KindOfRequest.ACCESS, on=RECEIVED)


def waited(cause: Cause, begin: date, end: date, confirmed=frozenset()) -> list:
    return [WaitBegan(begin, cause, confirmed), WaitEnded(end, cause)]


@pytest.mark.parametrize("law", ["US-CA", "CA-FED"])
def test_where_the_law_forbids_it_checking_identity_stops_nothing(law):
    events = waited(Cause.IDENTITY, date(2026, 3, 3), date(2026, 3, 13))
    found = due_date(access(law), RECEIVED, events=events)

    assert found.due_on == due_date(access(law), RECEIVED).due_on
    assert words(found)[1] == "Waiting for proof of identity since Tuesday 3 March 2026 does not stop this clock."


def test_a_fee_estimate_stops_alberta_for_as_many_days_as_the_answer_takes():
    found = due_date(access("CA-AB"), RECEIVED, events=waited(Cause.FEE, date(2026, 3, 10), date(2026, 3, 17)))

    assert found.due_on == date(2026, 4, 23)
    assert words(found)[3] == (
        "It stood from Tuesday 10 March 2026 to Tuesday 17 March 2026, so 7 calendar days are added: "
        "Thursday 23 April 2026."
    )


def test_a_fee_answered_on_the_same_day_gains_nothing():
    found = due_date(access("CA-AB"), RECEIVED, events=waited(Cause.FEE, date(2026, 3, 10), date(2026, 3, 10)))

    assert (found.due_on, words(found)) == (date(2026, 4, 16), words(due_date(access("CA-AB"), RECEIVED)))


def test_proof_of_identity_restarts_the_british_month():
    found = due_date(access("UK"), RECEIVED, events=waited(Cause.IDENTITY, date(2026, 3, 4), date(2026, 3, 12)))

    assert (found.starts_on, found.due_on) == (date(2026, 3, 12), date(2026, 4, 13))
    assert words(found)[1] == (
        "The clock starts anew on Thursday 12 March 2026, when the wait for proof of identity ended."
    )


def test_where_a_restart_is_disputed_the_pause_date_is_the_target():
    asked_late = waited(Cause.IDENTITY, date(2026, 4, 1), date(2026, 4, 2))
    found = due_date(access("UK"), RECEIVED, events=asked_late)

    assert found.due_on == date(2026, 5, 5)  # 2 May is a Saturday, 4 May a bank holiday
    assert found.target_on == date(2026, 4, 7)  # 2 April and one day: Good Friday, rolled over Easter


def test_the_latest_of_identity_and_fee_starts_the_british_month():
    events = [
        WaitBegan(date(2026, 3, 3), Cause.IDENTITY),
        WaitBegan(date(2026, 3, 3), Cause.FEE),
        WaitEnded(date(2026, 3, 10), Cause.FEE),
        WaitEnded(date(2026, 3, 16), Cause.IDENTITY),
    ]

    assert due_date(access("UK"), RECEIVED, events=events).starts_on == date(2026, 3, 16)


def test_a_pause_before_the_restart_is_not_added_to_the_new_month():
    events = [
        WaitBegan(date(2026, 3, 4), Cause.CLARIFICATION),
        WaitBegan(date(2026, 3, 4), Cause.IDENTITY),
        WaitEnded(date(2026, 3, 10), Cause.IDENTITY),
        WaitEnded(date(2026, 3, 12), Cause.CLARIFICATION),
    ]
    found = due_date(access("UK"), RECEIVED, events=events)

    assert words(found)[4] == (
        "It stood from Tuesday 10 March 2026 to Thursday 12 March 2026, so 2 calendar days are added: "
        "Sunday 12 April 2026."
    )


def test_a_clock_that_stands_can_be_asked_a_second_question_past_its_first_limit():
    first = WaitBegan(date(2026, 3, 31), Cause.IDENTITY, VOUCHED)
    second = WaitBegan(date(2026, 4, 10), Cause.CLARIFICATION)
    ends = [WaitEnded(date(2026, 4, 13), Cause.IDENTITY), WaitEnded(date(2026, 4, 20), Cause.CLARIFICATION)]

    alone = due_date(access("EU"), RECEIVED, events=[second, ends[1]], calendar="DE")
    both = due_date(access("EU"), RECEIVED, events=[first, second, *ends], calendar="DE")

    assert (alone.due_on, both.due_on) == (date(2026, 4, 2), date(2026, 4, 22))


def test_overlapping_waits_are_not_counted_twice():
    events = [
        WaitBegan(date(2026, 3, 3), Cause.IDENTITY, VOUCHED),
        WaitBegan(date(2026, 3, 5), Cause.CLARIFICATION),
        WaitEnded(date(2026, 3, 10), Cause.IDENTITY),
        WaitEnded(date(2026, 3, 12), Cause.CLARIFICATION),
    ]
    found = due_date(access("EU"), RECEIVED, events=events, calendar="IE")

    assert words(found)[3] == (
        "It stood from Tuesday 3 March 2026 to Thursday 12 March 2026, so 9 calendar days are added: "
        "Saturday 11 April 2026."
    )
    assert found.due_on == date(2026, 4, 13)


@pytest.mark.parametrize(
    ("confirmed", "due_on"),
    [
        (frozenset(), date(2026, 4, 2)),
        (frozenset({Condition.ASKED_WITHOUT_DELAY}), date(2026, 4, 2)),
        (VOUCHED, date(2026, 4, 9)),
    ],
)
def test_identity_stops_a_european_clock_only_when_every_condition_is_vouched_for(confirmed, due_on):
    events = waited(Cause.IDENTITY, date(2026, 3, 3), date(2026, 3, 10), confirmed)
    found = due_date(access("EU"), RECEIVED, events=events, calendar="DE")
    unconfirmed = [sentence for sentence in words(found) if "not all confirmed" in sentence]

    assert (found.due_on, len(unconfirmed)) == (due_on, 0 if confirmed == VOUCHED else 1)


def test_a_question_asked_after_the_limit_comes_too_late_to_stop_it():
    on_the_day, too_late = date(2026, 4, 16), date(2026, 4, 17)

    late = due_date(access("CA-AB"), RECEIVED, events=waited(Cause.FEE, too_late, date(2026, 4, 24)))
    in_time = due_date(access("CA-AB"), RECEIVED, events=waited(Cause.FEE, on_the_day, date(2026, 4, 24)))

    assert (late.due_on, in_time.due_on) == (date(2026, 4, 16), date(2026, 4, 24))
    assert words(late)[1] == (
        "Waiting for an answer about the fee since Friday 17 April 2026 does not stop this clock, "
        "because it had already run out."
    )


def test_an_open_wait_is_credited_up_to_the_day_one_looks():
    events = [WaitBegan(date(2026, 3, 10), Cause.FEE)]

    blind = due_date(access("CA-AB"), RECEIVED, events=events)
    looking = due_date(access("CA-AB"), RECEIVED, events=events, as_of=date(2026, 3, 20))

    assert (blind.due_on, blind.waiting_for) == (date(2026, 4, 16), (Cause.FEE,))
    assert (looking.due_on, looking.waiting_for) == (date(2026, 4, 27), (Cause.FEE,))  # 26 April is a Sunday
    assert words(looking)[-2] == "The clock has stood since Tuesday 10 March 2026, waiting for an answer about the fee."


def test_an_open_restart_says_what_would_happen():
    events = [WaitBegan(date(2026, 3, 10), Cause.IDENTITY)]
    found = due_date(access("UK"), RECEIVED, events=events, as_of=date(2026, 3, 20))

    assert found.due_on == date(2026, 4, 20)
    assert words(found)[1] == (
        "If what is awaited (proof of identity) came on Friday 20 March 2026, the clock would start anew on that day."
    )


def test_a_business_day_clock_loses_business_days_only(promise_of_five_business_days):
    events = waited(Cause.CLARIFICATION, date(2026, 3, 6), date(2026, 3, 9))  # Friday to Monday
    found = due_date(promise_of_five_business_days, RECEIVED, events=events)

    assert due_date(promise_of_five_business_days, RECEIVED).due_on == date(2026, 3, 9)
    assert found.due_on == date(2026, 3, 10)


def test_a_weekend_of_waiting_costs_a_business_day_clock_nothing(promise_of_five_business_days):
    events = waited(Cause.CLARIFICATION, date(2026, 3, 7), date(2026, 3, 8))  # Saturday to Sunday
    found = due_date(promise_of_five_business_days, RECEIVED, events=events)

    assert words(found) == words(due_date(promise_of_five_business_days, RECEIVED))


@pytest.mark.parametrize(
    ("events", "message"),
    [
        (
            [WaitEnded(date(2026, 3, 5), Cause.FEE)],
            "Nobody was waiting for fee on 2026-03-05; record the question first.",
        ),
        (
            [WaitBegan(date(2026, 3, 5), Cause.FEE), WaitBegan(date(2026, 3, 6), Cause.FEE)],
            "Already waiting for fee on 2026-03-06; end that wait first.",
        ),
        (
            [WaitBegan(date(2026, 3, 1), Cause.FEE)],
            "An event of 2026-03-01 follows one of 2026-03-02; record events in order of their date.",
        ),
    ],
)
def test_a_history_that_contradicts_itself_is_refused(events, message):
    with pytest.raises(ClockError) as caught:
        due_date(access("CA-AB"), RECEIVED, events=events)

    assert str(caught.value) == message
