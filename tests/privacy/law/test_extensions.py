"""A deadline moves once, by no more than the law allows, and only while it has not passed."""

from datetime import date, timedelta

import pytest

from privacy.law.catalogue import rule_for
from privacy.law.clock import due_date
from privacy.law.enums import Cause, ExtensionGround, KindOfRequest
from privacy.law.errors import ExtensionNotAllowed
from privacy.law.events import Extended, WaitBegan, WaitEnded

RECEIVED = date(2026, 3, 2)
LIMIT = date(2026, 4, 1)


def federal(*events) -> date:
    return due_date(rule_for(law="CA-FED", kind=KindOfRequest.ACCESS, on=RECEIVED), RECEIVED, events=events).due_on


def notice(on=LIMIT, n=None, ground=ExtensionGround.CONSULTATIONS, permitted=False) -> Extended:
    return Extended(on, under="CA-FED.access", n=n, ground=ground, permitted_by_authority=permitted)


def test_an_extension_without_a_length_takes_all_that_is_allowed():
    assert federal(notice()) == LIMIT + timedelta(days=30)


def test_a_shorter_extension_is_as_long_as_the_notice_says():
    assert federal(notice(n=10)) == date(2026, 4, 11)


def test_the_longest_extension_may_be_named_in_full():
    assert federal(notice(n=30)) == federal(notice())


def test_an_extension_under_another_law_leaves_this_clock_alone():
    assert federal(Extended(LIMIT, under="CA-BC.access")) == LIMIT


def test_an_extension_for_an_alternative_format_is_as_long_as_is_needed():
    assert federal(notice(n=90, ground=ExtensionGround.ALTERNATIVE_FORMAT)) == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([notice(n=31)], "PIPEDA s. 8(3) allows at most 30 calendar days, not 31."),
        ([notice(n=0)], "An extension is 1 or more calendar days, not 0."),
        (
            [notice(on=LIMIT + timedelta(days=1))],
            "PIPEDA s. 8(3) wants notice by 2026-04-01; 2026-04-02 is too late.",
        ),
        ([notice(), notice()], "PIPEDA s. 8(3) allows 1 extension(s), and they are used up."),
        (
            [notice(ground=None)],
            "PIPEDA s. 8(3) extends only for one of these grounds, so name one: "
            "unreasonable_interference, consultations, alternative_format.",
        ),
        (
            [notice(ground=ExtensionGround.ALTERNATIVE_FORMAT)],
            "An extension without a fixed limit needs its length; give n.",
        ),
        ([notice(n=60, permitted=True)], "PIPEDA s. 8(3) gives the authority no power to permit more."),
    ],
)
def test_an_extension_the_law_does_not_allow_is_refused_with_the_reason(events, message):
    with pytest.raises(ExtensionNotAllowed) as caught:
        federal(*events)

    assert str(caught.value) == message


def test_a_law_without_extension_says_so():
    quebec = rule_for(law="CA-QC", kind=KindOfRequest.ACCESS, on=RECEIVED)

    with pytest.raises(ExtensionNotAllowed, match=r"^CQLR P-39\.1 s\. 32 knows no extension; answer by 2026-04-01\.$"):
        due_date(quebec, RECEIVED, events=[Extended(LIMIT, under="CA-QC.access")])


def test_the_commissioner_may_permit_british_columbia_more_than_thirty_business_days():
    bc = rule_for(law="CA-BC", kind=KindOfRequest.ACCESS, on=RECEIVED)
    on = date(2026, 4, 10)

    usual = due_date(bc, RECEIVED, events=[Extended(on, under="CA-BC.access")])
    permitted = due_date(bc, RECEIVED, events=[Extended(on, under="CA-BC.access", n=45, permitted_by_authority=True)])

    assert usual.due_on == date(2026, 5, 27)  # Victoria Day is in between
    assert permitted.due_on == date(2026, 6, 17)
    with pytest.raises(ExtensionNotAllowed, match=r"^BC PIPA s\. 29 allows at most 30 business days, not 45\.$"):
        due_date(bc, RECEIVED, events=[Extended(on, under="CA-BC.access", n=45)])


def test_the_last_day_for_notice_is_the_limit_and_none_once_extended():
    rule = rule_for(law="CA-FED", kind=KindOfRequest.ACCESS, on=RECEIVED)

    assert due_date(rule, RECEIVED).extension_notice_by == LIMIT
    assert due_date(rule, RECEIVED, events=[notice()]).extension_notice_by is None


def test_a_pause_gives_later_notice_of_extension_its_time():
    alberta = rule_for(law="CA-AB", kind=KindOfRequest.ACCESS, on=RECEIVED)
    waits = [WaitBegan(date(2026, 3, 10), Cause.FEE), WaitEnded(date(2026, 3, 17), Cause.FEE)]
    late = Extended(date(2026, 4, 20), under="CA-AB.access")

    assert due_date(alberta, RECEIVED, events=[*waits, late]).due_on == date(2026, 5, 23)
    with pytest.raises(ExtensionNotAllowed, match=r"^AB PIPA s\. 28 wants notice by 2026-04-16;"):
        due_date(alberta, RECEIVED, events=[late])


def test_silence_is_refusal_from_the_day_after_the_limit_where_the_law_says_so():
    rule = rule_for(law="CA-FED", kind=KindOfRequest.ACCESS, on=RECEIVED)
    without = rule_for(law="GH", kind=KindOfRequest.ACCESS, on=RECEIVED)

    assert due_date(rule, RECEIVED).deemed_refused_on == date(2026, 4, 2)
    assert due_date(without, RECEIVED).deemed_refused_on is None
