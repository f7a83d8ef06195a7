"""Erasing again on the officers' word: two people, exactly the rows that still name somebody erased."""

from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Finding
from privacy.datamap.services.findings import dismiss_finding
from privacy.jobs.models import Job
from privacy.jobs.registry import JobHandle
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from retention.enums import HoldKind, RunState
from retention.erased.returned import look_for_erased
from retention.errors import NothingCameBack, ReplayNotOpen, RunCannotResume, SecondOfficerNeeded
from retention.jobs import LOOK_JOB, erased_due
from retention.models import Run
from retention.services import (
    approve_replay,
    drop_replay,
    place_hold,
    plan_replay,
    release_hold,
    resume_run,
    start_replay,
)
from tests.retention.erased.conftest import erase
from tests.sources import change, known, rows, work

OURS = "SELECT min(contact_id) FROM crm.contact WHERE operated_by = 'offixpro'"
CALL_HER = f"UPDATE crm.contact SET email = %s WHERE contact_id = ({OURS})"
ALL_HELD = "ended, all rows are under a hold"
EMAIL = f"SELECT email FROM crm.contact WHERE contact_id = ({OURS})"


@pytest.fixture
def came_back(offixpro, crm) -> str:
    erase()
    change(crm, CALL_HER, AMA_MENSAH.email)
    look_for_erased(source=offixpro)
    return crm


@pytest.fixture
def waiting(offixpro, came_back, officer) -> Run:
    return start_replay(source=offixpro, replay=plan_replay(source=offixpro), actor=Actor.officer(officer))


def test_nothing_begins_before_a_second_officer_agrees(waiting, officer, make_officer):
    assert (waiting.state, waiting.problem) == (RunState.AWAITING, "")
    assert not Job.objects.filter(kind="retention.run", slot=str(waiting.pk)).exists()
    for refused in (officer, make_officer(Role.AUDITOR), make_officer(Role.CASE_HANDLER)):
        with pytest.raises(SecondOfficerNeeded):
            approve_replay(run=waiting, officer=refused)
    with pytest.raises(RunCannotResume):
        resume_run(run=waiting, actor=Actor.officer(officer))
    assert not Job.objects.filter(kind="retention.run", slot=str(waiting.pk)).exists()


def test_two_officers_erase_again(waiting, came_back, make_officer):
    second = make_officer()
    approve_replay(run=waiting, officer=second)
    work(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.problem) == (RunState.COMPLETED, "")
    assert rows(came_back, EMAIL) != [(AMA_MENSAH.email,)]
    approval = LedgerEntry.objects.get(object_id=str(waiting.pk), action="run.approved")
    assert (approval.actor_id, approval.data) == (str(second.pk), {"plan_hash": waiting.plan_hash})
    with pytest.raises(ReplayNotOpen):
        approve_replay(run=waiting, officer=second)


def _locked(case_id, *, finished: bool) -> None:
    """The lock of a case of hers, which lasts a day longer than the case."""
    hold = place_hold(
        kind=HoldKind.OPEN_REQUEST, matter="Case", subject=known(AMA_MENSAH.email), case_id=case_id, actor=SYSTEM
    )
    if finished:
        release_hold(hold=hold, actor=SYSTEM)


def _again(offixpro, officer, second) -> Run:
    run = start_replay(source=offixpro, replay=plan_replay(source=offixpro), actor=Actor.officer(officer))
    approve_replay(run=run, officer=second)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    return run


def test_the_lock_of_the_case_that_erased_does_not_keep_what_came_back(
    offixpro, came_back, officer, make_officer, officer_client
):  # fmt: skip
    _locked(Run.objects.get(kind="erasure").case_id, finished=True)
    run = _again(offixpro, officer, make_officer())
    assert [(step.rows, step.held) for step in run.steps.exclude(rows=0)] == [(1, 0)]
    assert rows(came_back, EMAIL) != [(AMA_MENSAH.email,)]
    page = officer_client.get(reverse("officer:retention_run_change", args=[run.pk])).content.decode()
    assert ("completed and verified" in page, ALL_HELD in page) == (True, False)


@pytest.mark.parametrize("finished", [True, False])
def test_a_lock_of_another_case_does_and_the_run_is_not_told_as_completed(
    offixpro, came_back, officer, make_officer, officer_client, finished
):  # fmt: skip
    _locked(uuid4(), finished=finished)
    run = _again(offixpro, officer, make_officer())
    assert (sum(step.rows for step in run.steps.all()), rows(came_back, EMAIL)) == (0, [(AMA_MENSAH.email,)])
    page = officer_client.get(reverse("officer:retention_run_change", args=[run.pk])).content.decode()
    assert ("completed and verified" in page, ALL_HELD in page) == (False, True)
    assert ALL_HELD in officer_client.get(reverse("officer:retention_run_changelist")).content.decode()


def test_a_source_that_nobody_knows_by_its_name_is_no_all_clear(offixpro):
    for execute in (False, True):
        with pytest.raises(CommandError, match="no active source is called 'Nonsense'; nothing was looked at"):
            call_command("replay_erasures", source="Nonsense", execute=execute)


def test_who_saw_the_others_password_is_no_second_person(waiting, officer, make_officer):
    second = make_officer()
    second.hand_password("temporary words", by=officer)
    second.save()
    with pytest.raises(SecondOfficerNeeded, match="one of you handed the other a password"):
        approve_replay(run=waiting, officer=second)


def test_the_page_has_the_button_for_whoever_may_press_it(waiting, officer, make_officer):
    def shown(who) -> str:
        client = Client(headers={"host": "alpha.localhost"})
        client.force_login(who, backend="privacy.officers.backends.OfficerBackend")
        return client.get(reverse("officer:retention_run_change", args=[waiting.pk])).content.decode()

    assert ("Approve and erase" in shown(officer), "You planned this yourself" in shown(officer)) == (False, True)
    assert "Approve and erase" in shown(make_officer())


def test_a_plan_may_be_dropped_and_made_again(waiting, offixpro, officer):
    drop_replay(run=waiting, officer=officer)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.frozen_keys) == (RunState.STOPPED, None)
    again = start_replay(source=offixpro, replay=plan_replay(source=offixpro), actor=Actor.officer(officer))
    assert again.pk != waiting.pk
    same = start_replay(source=offixpro, replay=plan_replay(source=offixpro), actor=Actor.officer(officer))
    assert same.pk == again.pk


def test_a_row_that_is_somebody_elses_by_now_is_not_touched(waiting, came_back, make_officer):
    change(came_back, CALL_HER, "somebody.else@example.com")
    approve_replay(run=waiting, officer=make_officer())
    work(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.problem) == (RunState.STOPPED, "plan_no_longer_matches")
    assert rows(came_back, EMAIL) == [("somebody.else@example.com",)]


def test_a_row_that_is_somebody_elses_by_now_is_not_planned(offixpro, came_back):
    assert sum(step.expected_count for step in plan_replay(source=offixpro).plan.steps) == 1
    change(came_back, CALL_HER, "somebody.else@example.com")
    with pytest.raises(NothingCameBack):
        plan_replay(source=offixpro)


def test_a_row_that_may_stay_is_not_planned(offixpro, came_back, officer):
    assert sum(step.expected_count for step in plan_replay(source=offixpro).plan.steps) == 1
    finding = Finding.objects.get(code="erased_came_back")
    dismiss_finding(finding=finding, reason="A customer again", officer=officer)
    with pytest.raises(NothingCameBack):
        plan_replay(source=offixpro)


def test_every_source_is_looked_at_once_a_day(offixpro, came_back):
    Finding.objects.all().delete()
    assert erased_due(JobHandle(1, "daily", 1, "me")) is True
    assert erased_due(JobHandle(2, "daily", 1, "me")) is True
    (job,) = Job.objects.filter(kind=LOOK_JOB)
    assert job.slot.startswith(f"{offixpro.pk}:")
    assert run_job(job_id=job.pk) is False
    assert Finding.objects.get(code="erased_came_back").count == 1
