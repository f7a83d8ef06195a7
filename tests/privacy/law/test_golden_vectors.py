"""Dates worked out by hand or by a regulator, with the words that explain them."""

from datetime import date

from privacy.law.catalogue import rule_for
from privacy.law.clock import due_date
from privacy.law.deadline import Deadline
from privacy.law.enums import KindOfRequest
from privacy.law.events import Extended


def deadline(law: str, received: str, kind: KindOfRequest = KindOfRequest.ACCESS, **options) -> Deadline:
    received_on = date.fromisoformat(received)
    return due_date(rule_for(law=law, kind=kind, on=received_on), received_on, **options)


def words(found: Deadline) -> list[str]:
    return [str(step) for step in found.explanation]


def test_thirty_calendar_days_in_federal_canada():
    found = deadline("CA-FED", "2026-03-02")

    assert found.due_on == date(2026, 4, 1)
    assert words(found) == [
        "Received on Monday 2 March 2026.",
        "PIPEDA s. 8(3) gives 30 calendar days; the day of receipt is not counted.",
        "Counted from Monday 2 March 2026, the period ends on Wednesday 1 April 2026.",
        "The last day to answer is Wednesday 1 April 2026.",
    ]


def test_good_friday_moves_a_federal_deadline_to_saturday_which_is_no_holiday():
    found = deadline("CA-FED", "2026-03-04")

    assert found.due_on == date(2026, 4, 4)
    assert words(found)[2:] == [
        "Counted from Wednesday 4 March 2026, the period ends on Friday 3 April 2026.",
        "It cannot end on Friday 3 April 2026 (Good Friday), so it moves to Saturday 4 April 2026.",
        "The last day to answer is Saturday 4 April 2026.",
    ]


def test_easter_sunday_and_easter_monday_move_a_federal_deadline_to_tuesday():
    found = deadline("CA-FED", "2026-03-06")

    assert found.due_on == date(2026, 4, 7)
    assert words(found)[2:] == [
        "Counted from Friday 6 March 2026, the period ends on Sunday 5 April 2026.",
        "It cannot end on Sunday 5 April 2026 (Sunday), so it moves to Monday 6 April 2026.",
        "It cannot end on Monday 6 April 2026 (Easter Monday), so it moves to Tuesday 7 April 2026.",
        "The last day to answer is Tuesday 7 April 2026.",
    ]


def test_british_columbia_counts_business_days_and_leaves_easter_monday_in():
    found = deadline("CA-BC", "2026-03-02")

    assert found.due_on == date(2026, 4, 14)
    assert words(found) == [
        "Received on Monday 2 March 2026.",
        "BC PIPA s. 29 gives 30 business days; the day of receipt is not counted.",
        "Friday 3 April 2026 is not counted: Good Friday.",
        "Counted from Monday 2 March 2026, the period ends on Tuesday 14 April 2026.",
        "The last day to answer is Tuesday 14 April 2026.",
    ]


def test_an_overlay_that_names_easter_monday_gives_british_columbia_one_day_more():
    found = deadline("CA-BC", "2026-03-02", overlay={date(2026, 4, 6): "Easter Monday"})

    assert found.due_on == date(2026, 4, 15)
    assert words(found)[2:4] == [
        "Friday 3 April 2026 is not counted: Good Friday.",
        "Monday 6 April 2026 is not counted: Easter Monday.",
    ]


def test_british_columbia_over_christmas_and_new_year():
    found = deadline("CA-BC", "2026-12-01")

    assert found.due_on == date(2027, 1, 14)
    assert words(found)[2:4] == [
        "Friday 25 December 2026 is not counted: Christmas Day.",
        "Friday 1 January 2027 is not counted: New Year's Day.",
    ]


def test_alberta_gives_forty_five_calendar_days():
    found = deadline("CA-AB", "2026-03-02")

    assert found.due_on == date(2026, 4, 16)
    assert words(found)[1] == "AB PIPA s. 28 gives 45 calendar days; the day of receipt is not counted."


def test_the_month_of_the_united_kingdom_rolls_from_saturday_to_monday():
    found = deadline("UK", "2026-09-03")

    assert found.due_on == date(2026, 10, 5)
    assert words(found) == [
        "Received on Thursday 3 September 2026.",
        "UK GDPR art. 12A, 15 gives 1 calendar month, to the corresponding date or the end of the month.",
        "Counted from Thursday 3 September 2026, the period ends on Saturday 3 October 2026.",
        "It cannot end on Saturday 3 October 2026 (Saturday), so it moves to Sunday 4 October 2026.",
        "It cannot end on Sunday 4 October 2026 (Sunday), so it moves to Monday 5 October 2026.",
        "The last day to answer is Monday 5 October 2026.",
    ]


def test_a_month_from_31_january_is_clamped_to_the_end_of_february_and_then_rolled():
    found = deadline("UK", "2027-01-31")

    assert found.due_on == date(2027, 3, 1)
    assert words(found)[2:4] == [
        "Counted from Sunday 31 January 2027, the period ends on Sunday 28 February 2027.",
        "It cannot end on Sunday 28 February 2027 (Sunday), so it moves to Monday 1 March 2027.",
    ]


def test_christmas_boxing_day_and_its_substitute_move_a_british_month_to_29_december():
    found = deadline("UK", "2026-11-25")

    assert found.due_on == date(2026, 12, 29)
    assert words(found)[3:] == [
        "It cannot end on Friday 25 December 2026 (Christmas Day), so it moves to Saturday 26 December 2026.",
        "It cannot end on Saturday 26 December 2026 (Boxing Day), so it moves to Sunday 27 December 2026.",
        "It cannot end on Sunday 27 December 2026 (Sunday), so it moves to Monday 28 December 2026.",
        "It cannot end on Monday 28 December 2026 (Boxing Day (observed)), so it moves to Tuesday 29 December 2026.",
        "The last day to answer is Tuesday 29 December 2026.",
    ]


def test_a_british_extension_is_counted_from_the_original_start_not_from_the_rolled_end():
    found = deadline("UK", "2027-01-31", events=[Extended(date(2027, 2, 20), under="UK.access")])

    assert found.due_on == date(2027, 4, 30)
    assert words(found)[3] == (
        "By notice of Saturday 20 February 2027 it is extended by 2 calendar months, "
        "counted again from Sunday 31 January 2027, to Friday 30 April 2027."
    )


def test_a_month_in_germany_rolls_over_easter():
    found = deadline("EU", "2026-03-05", calendar="DE")

    assert found.due_on == date(2026, 4, 7)
    assert words(found)[3:5] == [
        "It cannot end on Sunday 5 April 2026 (Sunday), so it moves to Monday 6 April 2026.",
        "It cannot end on Monday 6 April 2026 (Easter Monday), so it moves to Tuesday 7 April 2026.",
    ]


def test_a_british_complaint_is_acknowledged_within_thirty_days_rolled():
    found = deadline("UK", "2026-11-25", KindOfRequest.COMPLAINT)

    assert (found.due_on, found.acknowledge_by) == (date(2026, 12, 29), date(2026, 12, 29))
    assert words(found)[1] == "DPA 2018 s. 164A gives 30 calendar days; the day of receipt is not counted."
    assert words(found)[-1] == "The last day to acknowledge is Tuesday 29 December 2026."


def test_california_acknowledges_in_ten_business_days_and_answers_in_forty_five():
    found = deadline("US-CA", "2026-03-02")

    assert found.acknowledge_by == date(2026, 3, 16)
    assert found.due_on == date(2026, 4, 15)
    assert words(found)[1:3] == [
        "CCPA regulations s. 7021 gives 45 calendar days; the day of receipt is the first.",
        "Counted from Monday 2 March 2026, the period ends on Wednesday 15 April 2026.",
    ]


def test_california_ends_after_ninety_days_at_the_latest():
    found = deadline("US-CA", "2026-03-02", events=[Extended(date(2026, 4, 10), under="US-CA.access")])

    assert found.due_on == date(2026, 5, 30)
    assert words(found)[3] == (
        "By notice of Friday 10 April 2026 it is extended by 45 calendar days, to Saturday 30 May 2026."
    )


def test_a_californian_opt_out_is_done_in_fifteen_business_days():
    assert deadline("US-CA", "2026-03-02", KindOfRequest.OBJECTION).due_on == date(2026, 3, 23)


def test_ghana_answers_an_objection_in_twenty_one_days():
    found = deadline("GH", "2026-03-02", KindOfRequest.OBJECTION)

    assert found.due_on == date(2026, 3, 23)
    assert words(found)[1] == "Act 843 s. 39(2) gives 21 calendar days; the day of receipt is not counted."


def test_ghana_gives_access_in_forty_days_and_aims_at_twenty_one():
    found = deadline("GH", "2026-03-02")

    assert (found.due_on, found.target_on) == (date(2026, 4, 11), date(2026, 3, 23))


def test_brazil_gives_the_complete_statement_in_fifteen_days():
    assert deadline("BR", "2026-03-02").due_on == date(2026, 3, 17)


def test_canada_honours_an_unsubscription_in_ten_business_days():
    assert deadline("CA-CASL", "2026-03-02", KindOfRequest.CONSENT_WITHDRAWAL).due_on == date(2026, 3, 16)
