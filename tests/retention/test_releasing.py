"""Holds by category, review dates, and the release of legal holds by two officers."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import DataCategory, Dataset
from privacy.datamap.subject_plan import plan_erasure
from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.letters.models import Letter
from privacy.officers.models import Role
from retention.enums import HoldKind, RunState
from retention.errors import HoldInvalid, ReleaseRefused
from retention.holding import held_datasets, in_force
from retention.models import Hold, Run
from retention.services import (
    approve_release,
    ask_for_release,
    keep_hold,
    let_hold_go,
    place_hold,
    release_hold,
    start_erasure_run,
)
from retention.services.holds import ask_for_review
from tests.sources import content, job_of, known, work


def legal(**of) -> Hold:
    return place_hold(kind=HoldKind.LEGAL, matter="Mensah v. Boateng", actor=SYSTEM, **of)


@pytest.fixture
def hold(alpha) -> Hold:
    return legal(subject=known(AMA_MENSAH.email))


def again(hold: Hold) -> Hold:
    return Hold.objects.get(pk=hold.pk)


def test_the_matter_is_encrypted(hold):
    with connection.cursor() as cursor:
        cursor.execute("SELECT matter FROM retention_hold")
        stored = bytes(cursor.fetchone()[0])
    assert b"Mensah" not in stored
    assert again(hold).matter == "Mensah v. Boateng"


def test_a_hold_names_exactly_one_thing(offixpro):
    person, dataset = known("ama@example.com"), offixpro.datasets.first()
    for wrong in (
        {},
        {"subject": person, "category": "contact"},
        {"dataset": dataset, "category": "contact"},
        {"subject": person, "dataset": dataset, "category": "contact"},
        {"category": "nothing"},
    ):
        with pytest.raises(HoldInvalid):
            legal(**wrong)
    for right in ({"subject": person}, {"dataset": dataset}, {"category": "contact"}):
        assert legal(**right).pk


def test_a_hold_on_a_category_holds_every_dataset_with_a_field_of_it_and_no_other(offixpro):
    run = Run(source=offixpro)
    assert held_datasets(run) == set()
    category = DataCategory.CONTACT
    concerned = {each.key for each in Dataset.objects.filter(fields__category=category)}
    others = {each.key for each in Dataset.objects.all()} - concerned
    assert concerned
    assert others
    legal(category=category)
    assert held_datasets(run) == concerned


def test_an_erasure_waits_for_a_hold_on_a_category(offixpro, crm):
    subject = known(AMA_MENSAH.email)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    for category in DataCategory.values:
        legal(category=category)
    before = content(crm, "crm")
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.RUNNING, "dataset_held")
    assert content(crm, "crm") == before


def test_one_officer_asks_and_another_approves(hold, make_officer):
    first, second = make_officer(), make_officer()
    ask_for_release(hold=hold, officer=first)
    with pytest.raises(ReleaseRefused, match="another officer"):
        approve_release(hold=hold, officer=first)
    assert again(hold).released_at is None
    released = approve_release(hold=hold, officer=second)
    assert released.spared_until - released.released_at == dt.timedelta(days=1)
    with pytest.raises(ReleaseRefused, match="released already"):
        approve_release(hold=hold, officer=second)
    acts = LedgerEntry.objects.filter(action__startswith="hold.").order_by("recorded_at")
    assert [(each.action, each.actor_id) for each in acts] == [
        ("hold.placed", ""),
        ("hold.release_asked", str(first.pk)),
        ("hold.released", str(second.pk)),
    ]


def test_nobody_releases_a_legal_hold_alone(hold, make_officer):
    officer = make_officer()
    for actor in (SYSTEM, Actor.officer(officer)):
        with pytest.raises(ReleaseRefused, match="two officers"):
            release_hold(hold=hold, actor=actor)
    with pytest.raises(ReleaseRefused, match="Nobody has asked"):
        approve_release(hold=hold, officer=officer)
    for role in (Role.AUDITOR, Role.CASE_HANDLER):
        with pytest.raises(ReleaseRefused, match="role"):
            ask_for_release(hold=hold, officer=make_officer(role))
    assert again(hold).released_at is None


def test_two_accounts_of_one_person_are_not_two_officers(hold, make_officer):
    first, second, third = make_officer(), make_officer(), make_officer()
    record(action="officer.added", actor=Actor.officer(first), target=second)
    ask_for_release(hold=hold, officer=first)
    with pytest.raises(ReleaseRefused, match="one person could be both"):
        approve_release(hold=hold, officer=second)
    assert approve_release(hold=hold, officer=third).released_at is not None


def test_a_release_that_was_asked_for_can_be_refused_and_asked_again(hold, make_officer):
    first, second = make_officer(), make_officer()
    ask_for_release(hold=hold, officer=first)
    with pytest.raises(ReleaseRefused, match="asked for already"):
        ask_for_release(hold=hold, officer=second)
    keep_hold(hold=hold, officer=second)
    with pytest.raises(ReleaseRefused, match="Nobody has asked"):
        keep_hold(hold=hold, officer=second)
    ask_for_release(hold=hold, officer=second)
    assert approve_release(hold=hold, officer=first).released_at is not None


def test_a_release_deletes_nothing_for_a_day_and_then_the_suspended_run_goes_on_by_itself(
    offixpro, crm, make_officer, monkeypatch
):
    subject = known(AMA_MENSAH.email)
    hold = legal(subject=subject)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=plan_erasure(subject=subject), actor=SYSTEM)
    before = content(crm, "crm")
    work(run.pk)
    ask_for_release(hold=hold, officer=make_officer())
    approve_release(hold=hold, officer=make_officer())
    Job.objects.filter(pk=job_of(run.pk).pk).update(due_at=timezone.now())
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, content(crm, "crm") == before) == (RunState.RUNNING, "held", True)
    wake = Job.objects.get(kind="retention.wake_runs")
    assert wake.due_at == again(hold).spared_until
    now = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + dt.timedelta(days=1, seconds=1))
    assert list(in_force()) == []
    assert job_of(run.pk).due_at > now + dt.timedelta(minutes=50)
    Job.objects.filter(pk=job_of(run.pk).pk).update(due_at=now + dt.timedelta(days=9))
    run_job(job_id=wake.pk)
    assert job_of(run.pk).due_at <= timezone.now()
    work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.COMPLETED


def test_the_lock_of_a_request_ends_with_a_day_of_grace_as_well_whoever_ends_it(alpha, officer):
    lock = place_hold(
        kind=HoldKind.OPEN_REQUEST, matter="PR-1", subject=known(AMA_MENSAH.email), case_id=uuid4(), actor=SYSTEM
    )
    for _again in range(2):
        release_hold(hold=again(lock), actor=Actor.officer(officer))
    ended = again(lock)
    assert ended.spared_until - ended.released_at == dt.timedelta(days=1)
    assert list(in_force()) == [ended]
    assert Job.objects.get(kind="retention.wake_runs").due_at == ended.spared_until


def test_only_the_lock_of_a_request_goes_without_a_day_of_grace(alpha, hold):
    lock = place_hold(
        kind=HoldKind.OPEN_REQUEST, matter="PR-1", subject=known(AMA_MENSAH.email), case_id=uuid4(), actor=SYSTEM
    )
    with pytest.raises(ReleaseRefused, match="Only the lock of a request"):
        let_hold_go(hold=hold, actor=SYSTEM)
    assert set(in_force()) == {hold, lock}
    let_hold_go(hold=lock, actor=SYSTEM)
    assert list(in_force()) == [hold]
    assert again(lock).released_at == again(lock).spared_until


def test_a_hold_placed_on_the_day_after_a_release_saves_the_data(hold, make_officer):
    ask_for_release(hold=hold, officer=make_officer())
    approve_release(hold=hold, officer=make_officer())
    newer = legal(subject=hold.subject)
    Hold.objects.filter(pk=hold.pk).update(spared_until=timezone.now())
    assert list(in_force()) == [newer]


@pytest.mark.parametrize(("days", "letters"), [(-1, 1), (0, 1), (1, 0)])
def test_officers_are_reminded_once_when_the_review_date_has_come(alpha, days, letters):
    day = timezone.now().date() + dt.timedelta(days=days)  # alpha is in Accra, which keeps UTC
    hold = legal(subject=known("ama@example.com"))
    hold.review_on = day
    hold.save()
    ask_for_review(hold)
    job = Job.objects.get(kind="retention.review_hold")
    assert job.due_at == dt.datetime.combine(day, dt.time.min, dt.UTC)
    for _again in range(2):
        Job.objects.filter(pk=job.pk).update(state="pending", due_at=timezone.now(), finished_at=None)
        run_job(job_id=job.pk)
    assert Letter.objects.filter(kind="hold_review").count() == letters
    assert again(hold).released_at is None
    assert all("Mensah" not in letter.body for letter in Letter.objects.all())


def test_a_hold_is_not_placed_with_a_review_on_a_day_that_is_over(alpha):
    today, person = timezone.now().date(), known("ama@example.com")
    with pytest.raises(HoldInvalid):
        legal(subject=person, review_on=today - dt.timedelta(days=1))
    assert legal(subject=person, review_on=today).review_on == today


def test_a_review_date_that_was_moved_reminds_on_the_new_day_only(alpha):
    today = timezone.now().date()
    hold = legal(subject=known("ama@example.com"), review_on=today)
    hold.review_on = today + dt.timedelta(days=30)
    hold.save()
    ask_for_review(hold)
    for job in Job.objects.filter(kind="retention.review_hold"):
        Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
        run_job(job_id=job.pk)
    assert not Letter.objects.filter(kind="hold_review").exists()
    assert Job.objects.filter(kind="retention.review_hold").count() == 2
