from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from privacy.law.enums import Cause, Condition, ExtensionGround, KindOfRequest
from privacy.law.events import Extended, WaitBegan, WaitEnded
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.register.models import HolidayOverlay, OrganisationProfile
from requests.clocks import clocks_at_receipt
from requests.enums import RequestKind, RequestState
from requests.errors import ClockRefused, WrongState
from requests.models import ClockEvent, SubjectRequest
from requests.services.clock_events import add_clock_event, events_of, latest_event_on, open_waits
from requests.services.moves import locked
from requests.traits import TRAITS
from tests.requests.conftest import confirmed

ALBERTA = ["CA-AB"]


def case_under(*laws: str) -> SubjectRequest:
    OrganisationProfile.objects.update(laws=list(laws), country="CA", promise_days=None, time_zone="UTC")
    return locked(confirmed(kind="access"))


def add(case, event, **more) -> SubjectRequest:
    return add_clock_event(case=case, event=event, actor=SYSTEM, **more)


def test_every_kind_of_request_has_traits_and_a_clock_in_law():
    assert set(TRAITS) == set(RequestKind)
    assert {kind.value for kind in RequestKind} == {kind.value for kind in KindOfRequest}


def test_a_wait_that_the_law_honours_moves_the_date_by_the_days_it_lasted(alpha):
    case = case_under(*ALBERTA)
    before, day = case.due_on, case.received_on
    add(case, WaitBegan(day + timedelta(days=1), Cause.FEE))
    assert (case.due_on, case.waiting_for) == (before, "fee")  # nothing is credited while nobody knows how long
    add(case, WaitEnded(day + timedelta(days=8), Cause.FEE))
    assert (case.due_on >= before + timedelta(days=7), case.waiting_for) == (True, "")
    kept = SubjectRequest.objects.get(pk=case.pk)
    assert (kept.due_on, kept.deadlines[0]["due_on"]) == (case.due_on, str(case.due_on))
    assert any("stood" in sentence or "waiting" in sentence.lower() for sentence in kept.deadlines[0]["sentences"])


def test_a_wait_that_no_law_of_the_case_honours_is_kept_and_moves_nothing(alpha):
    case = case_under("CA-FED")
    before = case.due_on
    add(case, WaitBegan(case.received_on, Cause.IDENTITY, frozenset({Condition.REASONABLE_DOUBT})))
    add(case, WaitEnded(case.received_on + timedelta(days=5), Cause.IDENTITY))
    assert case.due_on == before
    assert events_of(case) == [
        WaitBegan(case.received_on, Cause.IDENTITY, frozenset({Condition.REASONABLE_DOUBT})),
        WaitEnded(case.received_on + timedelta(days=5), Cause.IDENTITY),
    ]


def test_an_extension_moves_the_date_once_and_the_second_is_refused_without_a_trace(alpha):
    case = case_under("CA-FED")
    before, rule = case.due_on, case.deadlines[0]["rule_id"]
    extended = Extended(case.received_on, rule, 30, ExtensionGround.CONSULTATIONS)
    add(case, extended, reason="We ask three other companies.")
    assert case.due_on >= before + timedelta(days=30)
    kept = ClockEvent.objects.get()
    assert (kept.under, kept.n, kept.ground, kept.reason) == (
        rule, 30, "consultations", "We ask three other companies.",
    )  # fmt: skip
    after = case.due_on
    with pytest.raises(ClockRefused, match="used up"):
        add(case, extended)
    assert (locked(case).due_on, ClockEvent.objects.count()) == (after, 1)
    entries = LedgerEntry.objects.filter(action="subject_request.clock_extended")
    assert [entry.data["due"] for entry in entries] == [str(after)]


def test_an_extension_after_the_limit_is_refused(alpha):
    case = case_under("CA-FED")
    late = Extended(case.due_on + timedelta(days=1), case.deadlines[0]["rule_id"], 30, ExtensionGround.CONSULTATIONS)
    with pytest.raises(ClockRefused, match="too late"):
        add(case, late)
    assert ClockEvent.objects.count() == 0
    on_the_last_day = Extended(case.due_on, late.under, 30, late.ground)
    assert add(case, on_the_last_day).due_on > late.on


def test_a_closed_case_never_changes_its_dates(alpha):
    case = case_under(*ALBERTA)
    SubjectRequest.objects.filter(pk=case.pk).update(state=RequestState.WITHDRAWN, closed_at=timezone.now())
    case = locked(case)
    before = (case.due_on, case.target_on, case.deadlines)
    with pytest.raises(WrongState):
        add(case, WaitBegan(case.received_on, Cause.FEE))
    case = locked(case)
    assert ((case.due_on, case.target_on, case.deadlines), ClockEvent.objects.count()) == (before, 0)


def test_events_come_in_order_of_their_days(alpha):
    case = case_under(*ALBERTA)
    day = case.received_on + timedelta(days=3)
    add(case, WaitBegan(day, Cause.FEE))
    assert latest_event_on(case) == day
    with pytest.raises(ClockRefused, match="order"):
        add(case, WaitEnded(day - timedelta(days=1), Cause.FEE))
    assert open_waits(events_of(case)) == [Cause.FEE]


def test_the_rules_of_the_day_of_receipt_go_on_counting_when_the_profile_changes(alpha):
    case = case_under(*ALBERTA)
    before = case.due_on
    OrganisationProfile.objects.update(laws=["EU"], country="DE", promise_days=3)
    add(case, WaitBegan(case.received_on, Cause.IDENTITY))
    assert (case.due_on, [clock["law"] for clock in case.deadlines]) == (before, ["CA-AB"])


def test_days_that_officers_added_to_a_calendar_do_not_count(alpha):
    OrganisationProfile.objects.update(laws=["CA-BC"], country="CA", promise_days=None)
    monday = date(2026, 11, 2)
    before = clocks_at_receipt(kind="access", received_on=monday).due_on
    HolidayOverlay.objects.create(calendar="CA-BC", date=date(2026, 11, 4), name="Office closed")
    HolidayOverlay.objects.create(calendar="CA-AB", date=date(2026, 11, 5), name="Elsewhere")
    after = clocks_at_receipt(kind="access", received_on=monday)
    assert after.due_on == before + timedelta(days=1)
    assert any("Office closed" in sentence for sentence in after.deadlines[0]["sentences"])


def test_what_happened_to_a_clock_cannot_be_changed_and_goes_with_its_case(alpha):
    case = case_under(*ALBERTA)
    add(case, WaitBegan(case.received_on, Cause.FEE))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ClockEvent.objects.update(on=date(2020, 1, 1))
    assert ClockEvent.objects.filter(case=case).delete()[0] == 1
