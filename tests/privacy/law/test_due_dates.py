"""Laws and promises side by side: the earliest binds, all are shown."""

from datetime import date

import pytest

from privacy.law.deadline import earliest
from privacy.law.due_dates import due_dates
from privacy.law.enums import KindOfRequest, Origin, Unit
from privacy.law.errors import CalendarError, LawError, UnknownLaw
from privacy.law.shapes import Period, PolicyPromise, Span

RECEIVED = date(2026, 3, 2)
THIRTY_BUSINESS_DAYS = PolicyPromise(
    id="promise.access",
    version="2026-01",
    citation="Privacy Policy 9.4",
    period=Period(Span(30, Unit.BUSINESS_DAY), "CA-BC"),
)


def ids(found) -> list[tuple[str, date]]:
    return [(one.rule_id, one.due_on) for one in found.deadlines]


def test_a_promise_of_thirty_business_days_is_later_than_the_federal_statute_and_both_are_shown():
    found = due_dates(
        laws=["CA-FED", "CA-BC"], kind=KindOfRequest.ACCESS, received_on=RECEIVED, promises=[THIRTY_BUSINESS_DAYS]
    )

    assert ids(found) == [
        ("CA-FED.access", date(2026, 4, 1)),
        ("CA-BC.access", date(2026, 4, 14)),
        ("promise.access", date(2026, 4, 14)),
    ]
    assert (found.due_on, found.binding.origin) == (date(2026, 4, 1), Origin.LAW)
    assert str(found.deadlines[2].explanation[1]) == (
        "Privacy Policy 9.4 gives 30 business days; the day of receipt is not counted."
    )


def test_a_promise_shorter_than_the_statute_binds():
    promise = PolicyPromise(
        id="promise.access", version="1", citation="Our policy", period=Period(Span(30, Unit.CALENDAR_DAY), "GH")
    )
    found = due_dates(laws=["GH"], kind=KindOfRequest.ACCESS, received_on=RECEIVED, promises=[promise])

    assert ids(found) == [("promise.access", date(2026, 4, 1)), ("GH.access", date(2026, 4, 11))]


def test_on_the_same_day_the_statute_goes_before_the_promise():
    promise = PolicyPromise(
        id="A promise", version="1", citation="Our policy", period=Period(Span(40, Unit.CALENDAR_DAY), "GH")
    )
    found = due_dates(laws=["GH"], kind=KindOfRequest.ACCESS, received_on=RECEIVED, promises=[promise])

    assert ids(found) == [("GH.access", date(2026, 4, 11)), ("A promise", date(2026, 4, 11))]


def test_the_target_is_seventy_percent_of_the_window():
    found = due_dates(laws=["CA-FED"], kind=KindOfRequest.ACCESS, received_on=RECEIVED)

    assert (found.target_on, found.due_on) == (date(2026, 3, 23), date(2026, 4, 1))  # 21 of 30 days


def test_one_law_alone_gives_one_deadline():
    found = due_dates(laws=["GH"], kind=KindOfRequest.OBJECTION, received_on=RECEIVED)

    assert ids(found) == [("GH.objection", date(2026, 3, 23))]


def test_a_law_that_does_not_cover_the_kind_is_left_out_beside_one_that_does():
    laws = ["CA-FED", "CA-CASL"]
    asked = due_dates(laws=laws, kind=KindOfRequest.ACCESS, received_on=RECEIVED)
    withdrawn = due_dates(laws=laws, kind=KindOfRequest.CONSENT_WITHDRAWAL, received_on=RECEIVED)

    assert ids(asked) == [("CA-FED.access", date(2026, 4, 1))]
    assert ids(withdrawn) == [
        ("CA-CASL.consent_withdrawal", date(2026, 3, 16)),
        ("CA-FED.consent_withdrawal", date(2026, 4, 1)),
    ]


def test_target_and_acknowledgement_are_the_earliest_of_all():
    found = due_dates(laws=["US-CA", "GH"], kind=KindOfRequest.ACCESS, received_on=RECEIVED)

    assert (found.target_on, found.acknowledge_by) == (date(2026, 3, 23), date(2026, 3, 16))


def test_no_acknowledgement_is_due_where_no_law_asks_for_one():
    assert due_dates(laws=["GH"], kind=KindOfRequest.ACCESS, received_on=RECEIVED).acknowledge_by is None


def test_a_european_clock_needs_a_member_state():
    with pytest.raises(CalendarError, match=r"^This rule needs to know whose holidays count; choose one of: AT, BE,"):
        due_dates(laws=["EU"], kind=KindOfRequest.ACCESS, received_on=date(2026, 3, 5))
    found = due_dates(laws=["EU"], kind=KindOfRequest.ACCESS, received_on=date(2026, 3, 5), calendars={"EU": "DE"})

    assert found.due_on == date(2026, 4, 7)


def test_a_calendar_the_rule_does_not_offer_is_refused():
    with pytest.raises(CalendarError, match=r"^This rule does not count by the holidays of 'GH'; it offers: CA\.$"):
        due_dates(laws=["CA-FED"], kind=KindOfRequest.ACCESS, received_on=RECEIVED, calendars={"CA-FED": "GH"})


@pytest.mark.parametrize("laws", [[], ["CA-CASL"]])
def test_without_a_law_for_the_kind_there_is_an_error_and_no_date(laws):
    with pytest.raises(UnknownLaw, match=r"^None of the laws .* has a rule for access\.$"):
        due_dates(laws=laws, kind=KindOfRequest.ACCESS, received_on=RECEIVED)


def test_no_deadline_at_all_is_an_error():
    with pytest.raises(LawError, match=r"^No law and no promise applies"):
        earliest([])
