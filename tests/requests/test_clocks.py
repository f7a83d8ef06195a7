from datetime import UTC, date, datetime, timedelta

import pytest

from privacy.law.errors import LawError, UnknownLaw
from privacy.law.shapes import Rule
from privacy.law.snapshots import from_snapshot
from privacy.register.models import OrganisationProfile
from requests.clocks import clocks_at_receipt, rules_of
from tests.requests.conftest import submit

MONDAY = date(2026, 11, 2)


def profile_with(**fields) -> None:
    OrganisationProfile.objects.update(**fields)


def test_the_earliest_of_several_laws_binds_and_all_are_kept(alpha):
    profile_with(laws=["CA-FED", "CA-BC"], country="CA", promise_days=None)
    clocks = clocks_at_receipt(kind="access", received_on=MONDAY)
    assert [clock["citation"] for clock in clocks.deadlines] == ["PIPEDA s. 8(3)", "BC PIPA s. 29"]
    assert clocks.due_on == date(2026, 12, 2)


def test_a_promise_counts_business_days_by_the_holidays_of_the_laws(alpha):
    profile_with(laws=["CA-BC"], country="CA", promise_days=30, promise_unit="business_day")
    clocks = clocks_at_receipt(kind="access", received_on=MONDAY)
    promise = next(clock for clock in clocks.deadlines if clock["origin"] == "promise")
    assert promise["citation"] == "The organisation's own policy"
    assert promise["due_on"] == clocks.deadlines[0]["due_on"] == "2026-12-15"  # Remembrance Day is not counted
    assert clocks.deadlines[0]["origin"] == "law"  # of the same day the law is named first


def test_a_shorter_promise_binds_before_the_law(alpha):
    profile_with(laws=["GH"], country="GH", promise_days=10, promise_unit="calendar_day")
    clocks = clocks_at_receipt(kind="erasure", received_on=MONDAY)
    assert (clocks.due_on, clocks.deadlines[0]["origin"]) == (date(2026, 11, 12), "promise")


def test_a_promise_alone_gives_a_date_and_nothing_at_all_is_an_error(alpha):
    profile_with(laws=[], country="GH", promise_days=10, promise_unit="calendar_day")
    assert clocks_at_receipt(kind="access", received_on=MONDAY).due_on == date(2026, 11, 12)
    profile_with(laws=[], promise_days=None)
    with pytest.raises(LawError):
        clocks_at_receipt(kind="access", received_on=MONDAY)


def test_an_unknown_law_is_an_error_and_not_a_case_without_a_clock(alpha):
    profile_with(laws=["GH", "XX"])
    with pytest.raises(UnknownLaw):
        clocks_at_receipt(kind="access", received_on=MONDAY)


def test_where_the_law_leaves_the_calendar_open_the_earliest_date_is_taken(alpha):
    received = date(2026, 11, 25)
    profile_with(laws=["EU"], promise_days=None, country="DE")
    in_germany = clocks_at_receipt(kind="access", received_on=received).due_on
    profile_with(country="GH")
    anywhere = clocks_at_receipt(kind="access", received_on=received).due_on
    each = []
    for country in ("AT", "FR", "SE"):
        profile_with(country=country)
        each.append(clocks_at_receipt(kind="access", received_on=received).due_on)
    assert anywhere <= min([in_germany, *each])
    assert received < anywhere <= received + timedelta(days=35)


def test_the_snapshot_holds_the_rule_as_it_was(alpha):
    profile_with(laws=["CA-FED"], country="CA")
    case = submit(kind="access")
    (rule,) = rules_of(case.deadlines)
    kept = case.deadlines[0]
    assert (rule.id, rule.version) == (kept["rule_id"], kept["rule_version"])
    assert from_snapshot(Rule, kept["rule"]) == rule
    assert rule.hold_until_recourse_exhausted is True


def test_the_date_of_receipt_is_the_local_one(alpha):
    profile_with(time_zone="America/Vancouver")
    late = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)  # the evening of the second in Vancouver
    assert submit(received_at=late).received_on == date(2026, 11, 2)
    profile_with(time_zone="UTC")
    assert submit(received_at=late).received_on == date(2026, 11, 3)
