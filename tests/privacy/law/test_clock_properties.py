"""What must hold for every rule and every day, tried on many."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.law.catalogue import jurisdictions, rule_by_version
from privacy.law.clock import due_date
from privacy.law.counting import add_months
from privacy.law.deadline import Deadline
from privacy.law.enums import FirstDay, Unit
from privacy.law.errors import ExtensionNotAllowed
from privacy.law.events import Extended, WaitBegan, WaitEnded
from privacy.law.shapes import Rule
from tests.privacy.law.retracing import retrace, weekdays_after

RULES = [rule for one in jurisdictions() for rule in one.rules]
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
rules = st.sampled_from(RULES)


def due(rule: Rule, received_on: date, **options) -> Deadline:
    calendar = rule.period.calendar or rule.period.calendar_may_be[0]
    return due_date(rule, received_on, calendar=calendar, **options)


def earliest_allowed(rule: Rule, received_on: date) -> date:
    """The day the law's words give, before any holiday is looked at."""
    span = rule.period.span
    if span.unit is Unit.CALENDAR_MONTH:
        return add_months(received_on, span.n)
    return received_on + timedelta(days=span.n - (rule.period.first_day is FirstDay.INCLUDED))


@given(rules, days)
def test_a_deadline_is_never_earlier_than_the_words_of_the_law(rule, received_on):
    found = due(rule, received_on)

    assert found.due_on >= earliest_allowed(rule, received_on)
    if rule.period.span.unit is Unit.BUSINESS_DAY:
        assert weekdays_after(received_on, found.due_on) >= rule.period.span.n


@given(rules, days)
def test_who_asks_a_day_later_is_never_answered_earlier(rule, received_on):
    assert due(rule, received_on).due_on <= due(rule, received_on + timedelta(days=1)).due_on


@given(rules, days)
def test_the_sentences_lead_to_the_date(rule, received_on):
    found = due(rule, received_on)

    assert retrace(found) == found.due_on


@given(rules, days, st.integers(0, 6), st.integers(0, 40), st.booleans())
def test_the_sentences_lead_to_the_date_after_waits_and_an_extension(rule, received_on, asked, answered, extend):
    events = []
    for stop in rule.stops:
        asked_on = received_on + timedelta(days=asked)
        if events:
            asked_on = max(asked_on, events[-1].on)
        events.append(WaitBegan(asked_on, stop.cause, frozenset(stop.needs)))
        events.append(WaitEnded(asked_on + timedelta(days=answered), stop.cause))
    limit = due(rule, received_on, events=events)
    if extend and rule.extension and (not events or events[-1].on <= limit.due_on):
        grounds = rule.extension.grounds
        events.append(Extended(limit.due_on, under=rule.id, ground=grounds[0] if grounds else None))
    found = due(rule, received_on, events=events)

    assert retrace(found) == found.due_on
    assert found.due_on >= due(rule, received_on).due_on


@given(rules, days)
def test_silence_is_refusal_from_the_day_after_the_limit_or_never(rule, received_on):
    found = due(rule, received_on)

    assert found.deemed_refused_on == (found.due_on + timedelta(days=1) if rule.deemed_refusal else None)


@given(rules, days, st.integers(0, 200))
def test_an_extension_is_taken_until_the_limit_and_never_after_it(rule, received_on, after):
    limit, notified_on = due(rule, received_on).due_on, received_on + timedelta(days=after)
    grounds = rule.extension.grounds if rule.extension else ()
    notice = Extended(notified_on, under=rule.id, ground=grounds[0] if grounds else None)
    if rule.extension is not None and notified_on <= limit:
        assert due(rule, received_on, events=[notice]).due_on > limit
    else:
        with pytest.raises(ExtensionNotAllowed, match=r"too late|knows no extension"):
            due(rule, received_on, events=[notice])


@given(rules, days)
def test_the_target_lies_between_receipt_and_deadline(rule, received_on):
    found = due(rule, received_on)

    assert received_on <= found.target_on <= found.due_on


@given(rules, days, st.sets(st.integers(1, 60)))
def test_more_holidays_never_bring_a_deadline_forward(rule, received_on, offsets):
    overlay = {received_on + timedelta(days=n): "Day of mourning" for n in offsets}

    assert due(rule, received_on, overlay=overlay).due_on >= due(rule, received_on).due_on


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 10, 31), 3, date(2027, 1, 31)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
    ],
)
def test_months_end_on_the_corresponding_date_or_the_end_of_the_month(start, months, end):
    assert add_months(start, months) == end


def test_a_leap_day_counts_as_a_day():
    access = next(rule for rule in RULES if rule.id == "CA-AB.access")

    assert due(access, date(2028, 2, 1)).due_on == date(2028, 3, 17)
    assert due(access, date(2027, 2, 1)).due_on == date(2027, 3, 18)


def test_the_night_the_clocks_change_is_a_day_like_any_other():
    access = next(rule for rule in RULES if rule.id == "BR.access")

    assert due(access, date(2026, 3, 1)).due_on == date(2026, 3, 16)  # clocks changed in Vancouver on 8 March
    assert due(access, date(2026, 10, 25)).due_on == date(2026, 11, 9)  # and back on 1 November


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}@{rule.effective_from}")
def test_every_rule_is_found_again_by_its_version(rule):
    assert rule_by_version(rule_id=rule.id, version=rule.version) == rule
