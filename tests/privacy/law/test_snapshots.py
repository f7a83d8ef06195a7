import json
from datetime import date

import pytest

from privacy.law.catalogue import jurisdictions, rule_for
from privacy.law.clock import due_date
from privacy.law.enums import KindOfRequest, Unit
from privacy.law.errors import PeriodError, SnapshotError
from privacy.law.shapes import Extension, Period, PolicyPromise, Rule, Span
from privacy.law.snapshots import from_snapshot, to_snapshot

RULES = [rule for one in jurisdictions() for rule in one.rules]
DAY = date(2026, 3, 2)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}@{rule.effective_from}")
def test_a_stored_rule_is_read_back_as_it_was(rule):
    stored = json.loads(json.dumps(to_snapshot(rule)))

    assert from_snapshot(Rule, stored) == rule


def test_a_stored_promise_is_read_back_and_counts_the_same(promise_of_five_business_days):
    stored = json.loads(json.dumps(to_snapshot(promise_of_five_business_days)))
    found = from_snapshot(PolicyPromise, stored)

    assert found == promise_of_five_business_days
    assert due_date(found, DAY) == due_date(promise_of_five_business_days, DAY)


@pytest.mark.parametrize(
    "change",
    [
        {"deemed_refusal": "yes"},
        {"kind": "gossip"},
        {"unheard_of": 1},
        {"effective_from": "yesterday"},
        {"stops": "none"},
        {"period": None},
        {"target": {"n": 0, "unit": "calendar_day"}},
    ],
)
def test_a_stored_rule_that_was_altered_is_refused(change):
    stored = to_snapshot(rule_for(law="GH", kind=KindOfRequest.ACCESS, on=DAY))

    with pytest.raises(SnapshotError, match=r"^The stored rule cannot be read by this release \("):
        from_snapshot(Rule, {**stored, **change})


def test_a_stored_rule_with_a_missing_part_is_refused():
    stored = to_snapshot(rule_for(law="GH", kind=KindOfRequest.ACCESS, on=DAY))
    del stored["deemed_refusal"]

    with pytest.raises(SnapshotError, match="deemed_refusal"):
        from_snapshot(Rule, stored)


@pytest.mark.parametrize("n", [0, -1, 10_001])
def test_a_period_nobody_can_mean_is_refused(n):
    with pytest.raises(PeriodError, match=rf"^A period is 1 to 10000 calendar_days long, not {n}\.$"):
        Span(n, Unit.CALENDAR_DAY)


def test_a_promise_is_extended_in_its_own_unit():
    period = Period(Span(30, Unit.BUSINESS_DAY), "CA-BC")

    with pytest.raises(PeriodError, match=r"^A promise is extended in the unit it is made in"):
        PolicyPromise(
            id="p", version="1", citation="p", period=period, extension=Extension(Span(1, Unit.CALENDAR_MONTH))
        )
