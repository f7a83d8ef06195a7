"""A clock that stands, on the days that pass while it does."""

from datetime import date, timedelta

import time_machine

from privacy.law.enums import Cause
from privacy.law.events import WaitBegan, WaitEnded
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.register.models import OrganisationProfile
from requests.admin.case_page import head_context
from requests.admin.counts import count_cases
from requests.api.answers import whole
from requests.models import Reminder, SubjectRequest
from requests.selectors import due_status
from requests.services.clock_events import add_clock_event
from requests.services.deadlines import look_at_deadlines
from requests.services.extending import extendable
from requests.services.moves import locked
from tests.requests.conftest import confirmed, letter_kinds

RECEIVED = date(2026, 9, 1)


def day(n: int) -> date:
    """The n-th day after receipt."""
    return RECEIVED + timedelta(days=n)


def noon(n: int):
    return time_machine.travel(f"{day(n)}T12:00:00+00:00", tick=True)


def received_under(*laws: str, promise: int | None = None) -> SubjectRequest:
    OrganisationProfile.objects.update(
        laws=list(laws), country="CA", promise_days=promise, promise_unit="calendar_day", time_zone="UTC"
    )
    with noon(0):
        return confirmed(kind="access")


def waits(case: SubjectRequest, cause: Cause, *, since: int) -> SubjectRequest:
    with noon(since):
        return add_clock_event(case=locked(case), event=WaitBegan(day(since), cause), actor=SYSTEM)


def look(n: int) -> None:
    with noon(n):
        look_at_deadlines()


def again(case: SubjectRequest) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=case.pk)


def stands(case: SubjectRequest, n: int, officer) -> tuple[str, int, int]:
    """The badge, and the numbers of overdue cases and of those that are due soon, on a day."""
    with noon(n):
        counts = count_cases(officer)
        return due_status(again(case), day(n)).words, counts.overdue, counts.soon


PAUSED = ("paused: waiting for the person", 0, 0)


def test_alberta_counts_no_day_of_waiting_for_an_answer_about_the_fee(alpha, officer):
    case, other = received_under("CA-AB"), received_under("CA-FED")
    waits(case, Cause.FEE, since=40)
    waits(other, Cause.FEE, since=20)  # no section of PIPEDA stops its clock
    for n in (46, 60, 69):
        assert stands(case, n, officer) == (*PAUSED[:1], 1, 0)  # nobody looked yet today, and only the other is late
        look(n)
        kept = again(case)
        assert (kept.due_on, kept.deemed_refused_on, kept.clock_stands) == (day(45 + n - 40), None, True)
        assert stands(case, n, officer) == (*PAUSED[:1], 1, 0)
    assert (letter_kinds(case).count("deemed_refused"), letter_kinds(other).count("deemed_refused")) == (0, 1)
    assert not Reminder.objects.filter(case=case, day__gt=day(45)).exists()


def test_what_stood_goes_on_with_the_days_that_were_left_and_is_overdue_after_them(alpha, officer):
    case = received_under("CA-AB")
    waits(case, Cause.FEE, since=40)
    look(50)
    with noon(50):
        add_clock_event(case=locked(case), event=WaitEnded(day(50), Cause.FEE), actor=SYSTEM)
    kept = again(case)
    assert (kept.due_on, kept.stands_until, stands(case, 54, officer)) == (day(55), None, ("due in 1 day", 0, 1))
    assert stands(case, 56, officer) == ("1 day overdue", 1, 0)
    look(56)
    assert again(case).deemed_refused_on == day(56)


def test_the_month_of_the_united_kingdom_begins_when_it_is_shown_who_asks(alpha, officer):
    case = received_under("UK")
    waits(case, Cause.IDENTITY, since=2)
    assert stands(case, 36, officer) == PAUSED
    look(36)
    assert (again(case).due_on > day(60), stands(case, 36, officer)) == (True, PAUSED)


def test_a_clock_that_runs_beside_one_that_stands_is_overdue_in_its_time_although_nobody_looked(alpha, officer):
    case = received_under("CA-AB", promise=50)
    waits(case, Cause.FEE, since=40)
    assert again(case).stands_until == day(50)
    assert stands(case, 42, officer) == ("due in 8 days", 0, 0)
    assert stands(case, 47, officer) == ("due in 3 days", 0, 1)
    assert stands(case, 51, officer) == ("1 day overdue", 1, 0)
    look(51)
    assert (again(case).due_on, again(case).stands_until) == (day(50), None)  # it binds: the law stands at day 56


def test_a_wait_that_stops_no_clock_hides_no_date(alpha, officer):
    case = received_under("CA-FED")
    waits(case, Cause.FEE, since=2)
    assert stands(case, 27, officer)[0].startswith("due in")
    assert stands(case, 27, officer)[1:] == (0, 1)


def test_the_page_of_a_case_says_whether_the_clock_stands_while_we_wait(alpha, officer):
    case, other = received_under("CA-AB"), received_under("CA-FED")
    assert "The clock is running" in str(head_context(again(case), officer)["stage_words"])
    waits(case, Cause.FEE, since=2)
    waits(other, Cause.FEE, since=2)
    assert [head_context(again(each), officer)["stage_words"] for each in (case, other)] == [
        "We wait for the person, and the clock stands until they answer.",
        "We wait for the person, and the clock runs on meanwhile.",
    ]


def test_more_time_can_be_taken_while_a_clock_stands(alpha):
    case = received_under("CA-AB")
    waits(case, Cause.FEE, since=40)
    with noon(60):
        assert [each.notice_by for each in extendable(again(case))] == [day(65)]


def test_other_systems_read_the_day_as_of_today(alpha):
    case = received_under("CA-AB")
    waits(case, Cause.FEE, since=40)
    with noon(60):
        told = whole(again(case))
    assert (told["clock_stands"], told["clocks"][0]["stands"], told["clocks"][0]["due_on"]) == (
        True, True, str(day(65)),
    )  # fmt: skip


def test_counting_anew_is_no_event_and_leaves_a_closed_case_alone(alpha):
    case = received_under("CA-AB")
    waits(case, Cause.FEE, since=40)
    entries = LedgerEntry.objects.filter(action__startswith="subject_request.clock").count()
    look(50)
    assert LedgerEntry.objects.filter(action__startswith="subject_request.clock").count() == entries
    assert again(case).due_on == day(55)
    SubjectRequest.objects.filter(pk=case.pk).update(state="withdrawn", closed_at="2026-11-01T00:00:00Z")
    look(60)
    assert again(case).due_on == day(55)
