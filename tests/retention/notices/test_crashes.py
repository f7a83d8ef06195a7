"""Both or neither: a notice and its letter, whatever happens between them. And windows, however many rows there are."""

import pytest
from django.db import OperationalError
from django.utils import timezone

from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.letters.models import Letter
from retention.enums import RunState
from retention.models import AdvanceNotice, NoticePass
from retention.notices import telling
from retention.rule_plan import noon
from retention.services import start_rule_run
from tests.retention.notices.club import NOTICE, add_member, counts, day, deliver, plan_on, run_on
from tests.sources import approve, job_of


@pytest.fixture
def five(club, settings):
    """Five members who will be due in ten days, read two at a time."""
    settings.RETENTION_WINDOW_ROWS = 2
    club.change("UPDATE member SET seen_on = seen_on - 1 WHERE name = 'Yaa'")
    for number, name in ((4, "Esi"), (5, "Abena")):
        add_member(club.dsn, number, name, NOTICE)
    return club


def fails_at(monkeypatch, target, name: str, time: int) -> None:
    """Have the database go away the given time something is called, before it does anything."""
    original, calls = getattr(target, name), []

    def failing(*args, **kwargs):
        calls.append(name)
        if len(calls) == time:
            raise OperationalError("the server closed the connection")
        return original(*args, **kwargs)

    monkeypatch.setattr(target, name, failing)


def slice_of(run) -> None:
    Job.objects.filter(pk=job_of(run.pk).pk).update(due_at=timezone.now())
    run_job(job_id=job_of(run.pk).pk)
    run.refresh_from_db()


@pytest.mark.parametrize(
    ("target", "name", "time"),
    [
        (telling, "write_notice", 1),
        (telling, "write_notice", 4),
        (type(AdvanceNotice.objects), "bulk_create", 2),
        (NoticePass, "save", 2),
        (NoticePass, "save", 3),
    ],
)
def test_after_a_crash_everybody_has_one_notice_and_one_letter(five, monkeypatch, target, name, time):
    rule = five.rule()
    run = start_rule_run(rule=rule, actor=SYSTEM, now=noon(day(0)))
    approve(run.pk)
    with monkeypatch.context() as patched:
        fails_at(patched, target, name, time)
        slice_of(run)
    assert run.state == RunState.RUNNING
    found = AdvanceNotice.objects.count()
    assert (found < 5, found, Letter.objects.count()) == (True, found, found)
    assert run.notice_pass.told == found
    for _slice in range(3):
        slice_of(run)
    assert (run.state, Letter.objects.count(), AdvanceNotice.objects.count()) == (RunState.COMPLETED, 5, 5)
    passed = NoticePass.objects.get(run=run)
    assert (passed.told, passed.after, passed.done_at is not None) == (5, None, True)
    assert [len(deliver()), len(deliver())] == [5, 0]


def test_a_slice_that_runs_out_of_time_goes_on_behind_its_last_window(five, settings):
    run = start_rule_run(rule=five.rule(), actor=SYSTEM, now=noon(day(0)))
    approve(run.pk)
    enough, settings.JOB_SLICE_SECONDS = settings.JOB_SLICE_SECONDS, 0  # one window, however little time there is
    slice_of(run)
    settings.JOB_SLICE_SECONDS = enough
    assert (Letter.objects.count(), NoticePass.objects.get(run=run).after) == (2, ["2"])
    for _slice in range(3):
        slice_of(run)
    assert (run.state, Letter.objects.count()) == (RunState.COMPLETED, 5)


def test_windows_of_two_tell_five_people_and_take_five_rows(five):
    rule = five.rule()
    assert plan_on(rule, 0).to_tell == 5
    run_on(rule, 0)
    assert len(deliver()) == 5
    run = run_on(rule, NOTICE)
    assert (counts(run), five.names()) == ({"payment": (5, 0, 0), "member": (5, 0, 0)}, [])
    assert AdvanceNotice.objects.count() == 0


def test_a_row_whose_person_comes_back_in_the_middle_of_the_run_stays(five, after_chunks):
    rule = five.rule(action="mask")
    run_on(rule, 0)
    deliver()
    after_chunks(1, lambda: five.change("UPDATE member SET seen_on = %s WHERE name = 'Abena'", day(0)))
    run = run_on(rule, NOTICE)
    assert (counts(run), five.names()) == ({"member": (4, 0, 0)}, ["Abena"])
