"""The hours in which retention may work: on the organisation's own clock, over midnight, and when clocks change."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from privacy.jobs.models import JobState
from privacy.ledger.actors import SYSTEM
from privacy.register.models import OrganisationProfile
from retention import world
from retention.enums import RunState
from retention.hours import may_work, opens_in
from retention.services import start_rule_run
from tests.retention.test_rule_runs import NOON, _rule
from tests.sources import content, job_of, work


def hours(begin: str | None, end: str | None, zone: str = "Africa/Accra") -> OrganisationProfile:
    times = [None if each is None else dt.time.fromisoformat(each) for each in (begin, end)]
    return OrganisationProfile(time_zone=zone, retention_from=times[0], retention_until=times[1])


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("begin", "end", "moment", "may", "wait"),
    [
        (None, None, "2026-11-22T12:00", True, 0),
        ("22:00", "06:00", "2026-11-22T21:59", False, 1),
        ("22:00", "06:00", "2026-11-22T22:00", True, 0),
        ("22:00", "06:00", "2026-11-23T05:59", True, 0),
        ("22:00", "06:00", "2026-11-23T06:00", False, 16 * 60),
        ("01:00", "05:00", "2026-11-22T00:59", False, 1),
        ("01:00", "05:00", "2026-11-22T05:00", False, 20 * 60),
        ("00:00", "05:00", "2026-11-22T23:59", False, 1),
    ],
)
def test_the_first_minute_is_in_and_the_last_is_out(begin, end, moment, may, wait):
    ours = hours(begin, end)
    assert (may_work(ours, at(moment)), opens_in(ours, at(moment))) == (may, dt.timedelta(minutes=wait))


@pytest.mark.parametrize("time", ["22:00:30", "23:59:59.5"])
def test_hours_with_seconds_are_refused_where_they_stand(time):
    with pytest.raises(ValidationError) as refused:
        hours(time, "06:00").clean()
    assert refused.value.message_dict == {"retention_from": ["Write whole hours and minutes, like 22:00."]}
    with pytest.raises(ValidationError) as refused:
        hours("06:00", time).clean()
    assert list(refused.value.message_dict) == ["retention_until"]
    hours("22:00", "06:00").clean()
    hours(None, None).clean()


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        ("2026-03-08T09:59", True),  # 01:59 in Vancouver, the last minute of winter time
        ("2026-03-08T10:00", True),  # 03:00, an hour was left out
        ("2026-03-08T10:59", True),
        ("2026-03-08T11:00", False),  # 04:00
        ("2026-11-01T08:30", True),  # 01:30 the first time
        ("2026-11-01T09:30", True),  # 01:30 again
        ("2026-11-01T11:59", True),  # 03:59 in winter time
        ("2026-11-01T12:00", False),  # 04:00
    ],
)
def test_the_clock_on_the_wall_counts_when_clocks_change(moment, may):
    assert may_work(hours("01:00", "04:00", "America/Vancouver"), at(moment)) == may


@pytest.mark.parametrize(
    ("moment", "minutes"),
    [
        ("2026-03-08T09:00", 90),  # 01:00; 02:30 does not exist, the moment after it is 03:30
        ("2026-11-01T08:10", 140),  # 01:10 the first time; 02:30 comes after the second
        ("2026-03-07T12:00", 22 * 60 + 30),  # 04:00 on the day before
    ],
)
def test_the_wait_is_counted_in_real_time_when_clocks_change(moment, minutes):
    assert opens_in(hours("02:30", "04:00", "America/Vancouver"), at(moment)) == dt.timedelta(minutes=minutes)


@given(
    begin=some.times(), end=some.times(), zone=some.sampled_from(["Africa/Accra", "America/Vancouver", "Asia/Kolkata"]),
    now=some.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31), timezones=some.just(dt.UTC)),
)  # fmt: skip
def test_who_waits_as_long_as_told_may_work_then(begin, end, zone, now):
    if begin == end:
        return
    ours = OrganisationProfile(time_zone=zone, retention_from=begin, retention_until=end)
    wait = opens_in(ours, now)
    assert dt.timedelta() <= wait <= dt.timedelta(hours=25)
    assert (wait == dt.timedelta()) == may_work(ours, now)


def test_a_run_pauses_outside_of_the_hours_and_goes_on_inside(offixpro, crm, monkeypatch):
    OrganisationProfile.objects.update(retention_from=dt.time(22), retention_until=dt.time(6))
    moment = {"now": at("2026-11-22T12:00")}

    class Clock:
        @staticmethod
        def now() -> dt.datetime:
            return moment["now"]

    monkeypatch.setattr(world, "timezone", Clock)
    run = start_rule_run(rule=_rule("customer"), actor=SYSTEM, now=NOON)
    before = content(crm, "crm")
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.RUNNING, "outside_hours")
    assert (content(crm, "crm") == before, job_of(run.pk).state) == (True, JobState.PENDING)
    moment["now"] = at("2026-11-22T22:00")
    job = job_of(run.pk)
    job.due_at = timezone.now()
    job.save()
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    assert content(crm, "crm") != before


def test_hours_are_two_different_times_or_none(alpha):
    from privacy.register.admin import ProfileForm

    ours = OrganisationProfile.objects.get()
    fields = {name: getattr(ours, name) for name in ProfileForm._meta.fields if getattr(ours, name) is not None}
    for begin, end, good in (("", "", True), ("22:00", "06:00", True), ("22:00", "", False), ("05:00", "05:00", False)):
        form = ProfileForm(fields | {"retention_from": begin, "retention_until": end}, instance=ours)
        assert form.is_valid() == good, (begin, end, form.errors)
        refused = {} if good else {"__all__": ["Give two different times between which retention works, or none."]}
        assert form.errors == refused
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationProfile.objects.update(retention_from=dt.time(1))
