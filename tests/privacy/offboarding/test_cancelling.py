"""Cancelling, what still works then, and undoing it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from privacy.jobs.models import Job, JobState, Schedule
from privacy.jobs.runner import run_job
from privacy.jobs.services import enqueue, set_schedule
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter
from privacy.offboarding.cancelling import cancel_organisation, mark_of, undo_cancellation
from privacy.offboarding.errors import AlreadyCancelled, CannotUndo, ReasonMissing
from privacy.officers.models import Officer
from privacy.register.models import OrganisationProfile
from privacy.tenants.context import organisation_context, public_context
from privacy.tenants.errors import OrganisationNotServed
from privacy.tenants.models import Organisation


def stored(organisation: Organisation) -> Organisation:
    with public_context():
        return Organisation.objects.get(pk=organisation.pk)


@pytest.mark.parametrize(
    ("zone", "destroyed_at"),
    [
        ("Africa/Accra", datetime(2026, 11, 22, 0, 0, tzinfo=UTC)),
        ("America/Vancouver", datetime(2026, 11, 21, 8, 0, tzinfo=UTC)),  # summer time has ended meanwhile
        ("Pacific/Kiritimati", datetime(2026, 11, 21, 10, 0, tzinfo=UTC)),
    ],
)
def test_the_thirtieth_day_is_whole_where_the_organisation_is(alpha, operator, zone, destroyed_at):
    OrganisationProfile.objects.update(time_zone=zone)
    cancelled = cancel_organisation(
        organisation=alpha, reason="contract ended", operator=operator, now=datetime(2026, 10, 22, 3, tzinfo=UTC)
    )
    assert cancelled.destroy_at == destroyed_at
    assert stored(alpha).state == "cancelled"


def test_it_is_cancelled_once_and_with_a_reason(alpha, operator):
    for reason in ("", "  ", "x" * 201):
        with pytest.raises(ReasonMissing):
            cancel_organisation(organisation=alpha, reason=reason, operator=operator)
    cancel_organisation(organisation=alpha, reason="x" * 200, operator=operator)
    with pytest.raises(AlreadyCancelled):
        cancel_organisation(organisation=alpha, reason="again", operator=operator)


def test_every_privacy_officer_is_told_by_letter_and_nobody_else(cancelled, make_officer):
    letters = Letter.objects.filter(kind="closing_cancelled")
    assert {letter.address for letter in letters} == {"officer@alpha.example.com"}
    assert letters.get().subject is None
    assert "until the end of" in letters.get().body
    entry = LedgerEntry.objects.get(action="organisation.cancelled")
    assert entry.actor_kind == "operator"
    assert "contract ended" not in str(entry.data)


@pytest.mark.parametrize(("days", "letters"), [(14, 1), (7, 1), (1, 1)])
def test_a_reminder_is_written_once_however_often_its_job_runs(cancelled, days, letters):
    job = Job.objects.get(kind="offboarding.remind", slot=f"{mark_of(cancelled)}/{days}")
    assert job.due_at == cancelled.destroy_at - timedelta(days=days)
    for _again in range(2):
        Job.objects.filter(pk=job.pk).update(state=JobState.PENDING, due_at=timezone.now(), finished_at=None)
        run_job(job_id=job.pk)
    assert Letter.objects.filter(kind="closing_reminder").count() == letters


def test_a_reminder_of_a_cancellation_that_was_undone_is_not_written(cancelled, operator):
    job = Job.objects.get(kind="offboarding.remind", slot=f"{mark_of(cancelled)}/14")
    undo_cancellation(organisation=cancelled, operator=operator)
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    run_job(job_id=job.pk)
    assert not Letter.objects.filter(kind="closing_reminder").exists()
    assert Job.objects.get(pk=job.pk).state == JobState.DONE


def test_work_that_changes_something_waits_and_returns_when_it_is_undone(alpha, operator):
    set_schedule(kind="retention.rules_due", key="daily", every=timedelta(days=1), first_due_at=timezone.now())
    enqueue(kind="retention.rules_due", slot="today")
    job = Job.objects.get(slot="today")
    cancel_organisation(organisation=alpha, reason="contract ended", operator=operator)
    assert set(Schedule.objects.filter(paused=False).values_list("kind", flat=True)) == {"ledger.seal"}
    with pytest.raises(OrganisationNotServed):
        run_job(job_id=job.pk)
    assert Job.objects.get(pk=job.pk).due_at > timezone.now()
    undo_cancellation(organisation=alpha, operator=operator)
    assert not Schedule.objects.filter(paused=True).exists()
    run_job(job_id=job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.DONE


def test_it_can_be_undone_until_the_last_day_is_over(cancelled, operator):
    end = cancelled.destroy_at
    with pytest.raises(CannotUndo):
        undo_cancellation(organisation=cancelled, operator=operator, now=end)
    undo_cancellation(organisation=cancelled, operator=operator, now=end - timedelta(seconds=1))
    back = stored(cancelled)
    assert (back.state, back.cancelled_at, back.destroy_at, back.cancel_reason) == ("active", None, None, "")
    assert Letter.objects.filter(kind="closing_undone").count() == 1
    with pytest.raises(CannotUndo):
        undo_cancellation(organisation=cancelled, operator=operator)


def test_another_organisation_is_not_touched_by_it(alpha, beta, operator):
    with organisation_context(beta):
        before = (Schedule.objects.count(), Letter.objects.count(), LedgerEntry.objects.count())
    cancel_organisation(organisation=alpha, reason="contract ended", operator=operator)
    with organisation_context(beta):
        assert (Schedule.objects.filter(paused=False).count(), Letter.objects.count(), LedgerEntry.objects.count()) == (
            before
        )
    assert stored(beta).state == "active"


READABLE = ["/", "/notice/", "/requests/track/", "/requests/new/", "/preferences/", "/officer/login/"]


@pytest.mark.parametrize("page", READABLE)
def test_the_portal_can_be_read_while_it_is_cancelled(cancelled, visitor, page):
    response = visitor.get(page)
    assert response.status_code == 200
    assert ("has ended its use of this portal" in response.content.decode()) == (not page.startswith("/officer/"))


@pytest.mark.parametrize(
    "page", ["/requests/new/", "/requests/new/check/", "/preferences/", "/requests/confirm/abc/", "/preferences/abc/"]
)
def test_nothing_can_be_sent_to_a_cancelled_portal(alpha, visitor, operator, page):
    assert visitor.post(page, {"kind": "access"}).status_code != 403
    cancel_organisation(organisation=alpha, reason="contract ended", operator=operator)
    response = visitor.post(page, {"kind": "access"})
    assert response.status_code == 403
    assert "Nothing can be changed here any more" in response.content.decode()


def test_a_person_can_still_ask_for_the_link_to_follow_a_request(cancelled, visitor):
    given = {"reference": "PR-0000-0000", "email": "ama@example.com"}
    assert visitor.post("/requests/track/", given).status_code != 403
    assert visitor.post("/requests/track/abc/").status_code != 403
    assert visitor.post("/requests/download/").status_code != 403


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_call_that_would_change_something_is_refused_as_a_problem(cancelled, visitor, method):
    response = getattr(visitor, method)("/api/v1/consents/", data="{}", content_type="application/json")
    assert (response.status_code, response["Content-Type"]) == (403, "application/problem+json")
    assert response.json()["status"] == 403
    looked = visitor.post("/api/v1/consents/lookup/", data="{}", content_type="application/json")
    assert "Nothing can be changed" not in looked.content.decode()


def test_officers_sign_in_and_read_and_change_nothing(cancelled):
    client = Client(headers={"host": "alpha.localhost"})
    given = {"username": "officer@alpha.example.com", "password": "correct horse battery staple"}
    assert client.post("/officer/login/", given).status_code == 302
    for page in ("", "retention/rule/", "retention/rule/add/", "retention/why/"):
        assert (
            client.get(f"/officer/{page}").content.decode().count("Read-only: this organisation is cancelled") == 1
        ), page
    for page in ("/officer/retention/hold/add/", "/officer/officers/officer/add/", "/officer/password_change/"):
        assert client.get(page).status_code == 200
        refused = client.post(page, {"full_name": "New", "email": "new@example.com", "role": "auditor"})
        assert refused.status_code == 403, page
    assert Officer.objects.filter(email="new@example.com").count() == 0
    assert client.post("/officer/retention/why/0/", {"key-part_0": "1"}).status_code == 404  # asked, of no such table


def test_the_start_page_of_a_cancelled_portal_offers_only_what_still_works(alpha, visitor, operator):
    offer = 'href="/requests/new/'
    assert offer in visitor.get("/").content.decode()
    cancel_organisation(organisation=alpha, reason="contract ended", operator=operator)
    page = visitor.get("/").content.decode()
    assert offer not in page
    assert 'href="/requests/track/' in page
