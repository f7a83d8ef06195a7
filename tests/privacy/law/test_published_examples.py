"""Deadlines that authorities have worked out in public, beside ours (`published_examples.yaml`).

Where an authority's example differs, the row says so and why; ours must then be the earlier date, never the later.
"""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from privacy.law.afterwards import fee_lapses_on
from privacy.law.calendars import holidays_of
from privacy.law.catalogue import rule_for
from privacy.law.clock import due_date
from privacy.law.deadline import Deadline
from privacy.law.enums import Cause, ExtensionGround, KindOfRequest
from privacy.law.events import Extended, WaitBegan, WaitEnded

PUBLISHED = yaml.safe_load((Path(__file__).parent / "published_examples.yaml").read_text(encoding="utf-8"))
DAY = timedelta(days=1)


def deadline(law: str, received_on: date, **options) -> Deadline:
    return due_date(rule_for(law=law, kind=KindOfRequest.ACCESS, on=received_on), received_on, **options)


@pytest.mark.parametrize("row", PUBLISHED["dates"], ids=lambda row: f"{row['source']}: {row['says'][:60]}")
def test_our_date_is_the_published_one_or_an_earlier_one_that_says_why(row):
    found = deadline(row["law"], row["received"])

    assert found.due_on == row.get("ours", row["published"])
    if "ours" in row:
        assert found.due_on < row["published"]
        assert row["because"]


@pytest.mark.parametrize("row", PUBLISHED["days"], ids=lambda row: row["source"])
def test_our_clock_says_late_where_the_canadian_commissioner_did(row):
    received_on = date(2026, 10, 5)  # day 30 is Wednesday 4 November, no holiday
    events = []
    if "asked_on_day" in row:
        cause, asked = Cause(row["asked_about"]), received_on + row["asked_on_day"] * DAY
        events = [WaitBegan(asked, cause), WaitEnded(asked + row.get("asked_for_days", 5) * DAY, cause)]
    found = deadline("CA-FED", received_on, events=events)
    answered_on = received_on + row["answered_on_day"] * DAY

    assert (answered_on - found.due_on).days == row["late_by"]
    assert found.deemed_refused_on <= answered_on
    if "published_late_by" in row:  # we never count an answer as less late than the authority did
        assert row["late_by"] > row["published_late_by"]
        assert row["because"]


def test_an_estimate_stops_and_acceptance_restarts_the_clock_as_the_guide_of_alberta_says():
    received_on, told_on = date(2026, 3, 2), date(2026, 3, 12)
    accepted_on = told_on + 20 * DAY
    waited = [WaitBegan(told_on, Cause.FEE), WaitEnded(accepted_on, Cause.FEE)]
    access = rule_for(law="CA-AB", kind=KindOfRequest.ACCESS, on=received_on)

    days_used, days_left = 10, 35
    assert deadline("CA-AB", received_on, events=waited).due_on == accepted_on + days_left * DAY
    assert days_used + days_left == 45
    assert fee_lapses_on(access, told_on) == told_on + 30 * DAY


def by_the_manual(day: date) -> date:
    """The next work day, as the manual of the Treasury Board moves deadlines off weekends and holidays."""
    while day.weekday() > 4 or day in holidays_of("CA", day.year):
        day += DAY
    return day


def test_the_federal_clock_never_runs_longer_than_by_the_manual_and_is_stricter_on_saturdays_only():
    differing = []
    for n in range(2 * 365):
        received_on = date(2026, 1, 1) + n * DAY
        ours, manual = deadline("CA-FED", received_on).due_on, by_the_manual(received_on + 30 * DAY)
        assert ours <= manual
        if ours != manual:
            differing.append(ours.weekday())

    assert set(differing) == {5}
    assert len(differing) > 90


def test_a_federal_extension_counts_from_receipt_as_by_the_manual():
    """The first limit falls on Sunday 5 April and moves to Tuesday; the extended one is day 60, not Tuesday plus 30."""
    received_on = date(2026, 3, 6)
    notice = Extended(date(2026, 4, 7), under="CA-FED.access", ground=ExtensionGround.CONSULTATIONS)

    assert deadline("CA-FED", received_on).due_on == date(2026, 4, 7)
    assert deadline("CA-FED", received_on, events=[notice]).due_on == received_on + 60 * DAY == date(2026, 5, 5)


def test_every_example_names_where_it_was_read():
    sources = PUBLISHED["sources"]
    rows = [*PUBLISHED["dates"], *PUBLISHED["days"]]

    assert {row["source"] for row in rows} | {"alberta-guide", "tbs-manual"} == sources.keys()
    assert [name for name, source in sources.items() if source.keys() != {"title", "publisher", "address"}] == []
    assert [name for name, source in sources.items() if not source["address"].startswith("https://")] == []
    assert len(rows) >= 8
