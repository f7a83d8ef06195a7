"""A notice is a draft, scheduled, in force: what people are shown, and what stays as it was."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Role
from privacy.register.errors import NoticeIncomplete, NoticeNotDraft, NoticeScheduled
from privacy.register.models import LawfulBasis, Notice, NoticePurpose, Purpose
from privacy.register.publishing import NOTICE_DUE, publish_notice, schedule_notice, unschedule_notice
from privacy.register.selectors import current_notice, notice_before

SOON = timedelta(days=30)


@pytest.fixture
def first(alpha) -> Notice:
    Notice.objects.all().delete()
    Purpose.objects.create(code="orders", title="Orders", lawful_basis=LawfulBasis.CONTRACT)
    made = Notice.objects.create(version="1", title="Notice", body="We keep invoices for six years.")
    return publish_notice(notice=made, actor=SYSTEM)


@pytest.fixture
def second(first) -> Notice:
    return Notice.objects.create(
        version="2/b", title="Notice", body="We keep invoices for ten years.", is_significant=True,
        changes="Invoices stay longer.",
    )  # fmt: skip


def job_of(notice: Notice) -> Job:
    return Job.objects.get(kind=NOTICE_DUE, slot__startswith=f"{notice.pk}:")


def test_a_scheduled_notice_comes_into_force_by_itself_with_the_purposes_of_that_day(first, second):
    begins = timezone.now() + SOON
    schedule_notice(notice=second, begins=begins, actor=SYSTEM)
    assert (current_notice(), job_of(second).due_at) == (first, begins)
    Purpose.objects.create(code="news", title="News", lawful_basis=LawfulBasis.CONTRACT)
    run_job(job_id=job_of(second).pk)
    assert current_notice() == first  # a job before its time changes nothing
    Job.objects.filter(pk=job_of(second).pk).update(state="pending")
    with time_machine.travel(begins + timedelta(hours=3)):
        Job.objects.filter(pk=job_of(second).pk).update(due_at=timezone.now())
        run_job(job_id=job_of(second).pk)
        assert current_notice() == second
        late = Notice.objects.get(pk=second.pk)
        assert timezone.now() - late.published_at < timedelta(minutes=1)  # not the moment that was planned
    assert late.scheduled_for is None
    told = NoticePurpose.objects.filter(notice=second).values_list("purpose__code", flat=True)
    assert sorted(told) == ["news", "orders"]
    assert notice_before(late) == first


def test_a_notice_that_is_taken_back_is_a_draft_and_its_job_does_nothing(first, second):
    begins = timezone.now() + SOON
    schedule_notice(notice=second, begins=begins, actor=SYSTEM)
    back = unschedule_notice(notice=second, actor=SYSTEM)
    assert back.is_draft
    with time_machine.travel(begins + timedelta(hours=3)):
        Job.objects.filter(pk=job_of(second).pk).update(due_at=timezone.now())
        run_job(job_id=job_of(second).pk)
        assert current_notice() == first
    acts = LedgerEntry.objects.filter(object_id=str(second.pk)).order_by("id").values_list("action", flat=True)
    assert list(acts) == ["notice.scheduled", "notice.unscheduled"]


def test_what_cannot_be_scheduled_is_refused_with_what_to_do(first, second):
    with pytest.raises(NoticeIncomplete, match="yet to come"):
        schedule_notice(notice=second, begins=timezone.now(), actor=SYSTEM)
    Notice.objects.filter(pk=second.pk).update(changes=" ")
    with pytest.raises(NoticeIncomplete, match="Write what changes"):
        schedule_notice(notice=second, begins=timezone.now() + SOON, actor=SYSTEM)
    Notice.objects.filter(pk=second.pk).update(is_significant=False)
    schedule_notice(notice=second, begins=timezone.now() + SOON, actor=SYSTEM)
    for notice in (first, second):
        with pytest.raises(NoticeNotDraft):
            schedule_notice(notice=notice, begins=timezone.now() + SOON, actor=SYSTEM)
    with pytest.raises(NoticeNotDraft):
        unschedule_notice(notice=first, actor=SYSTEM)


def test_people_read_what_is_to_come_and_what_it_changes_word_by_word(first, second, visitor):
    draft = visitor.get(reverse("register:earlier_notice", args=["2/b"]))
    assert draft.status_code == 404
    schedule_notice(notice=second, begins=timezone.now() + SOON, actor=SYSTEM)
    present = visitor.get("/notice/").content.decode()
    assert ("six years" in present, "A new version is in force from" in present) == (True, True)
    coming = visitor.get("/notice/2/b/").content.decode()
    assert ("ten years" in coming, "Invoices stay longer." in coming, "not in force yet" in coming) == (True,) * 3
    changes = visitor.get("/notice/2/b/changes/").content.decode()
    assert "We keep invoices for <del>six </del><ins>ten </ins>years." in changes
    assert visitor.get("/notice/1/changes/").status_code == 404


def test_the_first_version_in_a_language_says_what_changes(first, visitor):
    french = Notice.objects.create(version="1-fr", language="fr", title="Avis", body="Texte.", changes="Six ans.")
    publish_notice(notice=french, actor=SYSTEM)
    page = visitor.get("/notice/1-fr/").content.decode()
    assert ("Six ans." in page, "/changes/" in page) == (True, False)


def test_a_comparison_shows_headings_without_their_marks(first, visitor, officer_client):
    words = f"# Who we are\n\n{first.body}"
    with_heading = Notice.objects.create(version="2", title="Notice", body=words)
    publish_notice(notice=with_heading, actor=SYSTEM)
    pages = ((visitor, "/notice/2/changes/"), (officer_client, f"/officer/register/notice/{with_heading.pk}/compare/"))
    for client, address in pages:
        assert "<ins>Who we are\n\n</ins>We keep invoices" in client.get(address).content.decode()


def test_the_officer_schedules_compares_and_takes_back_and_an_auditor_only_compares(
    second, officer_client, make_officer
):
    day = (timezone.now() + SOON).date().isoformat()
    page = f"/officer/register/notice/{second.pk}"
    refused = officer_client.post(f"{page}/schedule/", {"begins": "2020-01-01"})
    assert "Give a day that is yet to come" in refused.content.decode()
    assert officer_client.post(f"{page}/schedule/", {"begins": day}).status_code == 302
    assert not Notice.objects.get(pk=second.pk).is_draft
    assert "<del>six </del><ins>ten </ins>" in officer_client.get(f"{page}/compare/").content.decode()
    assert 'name="body"' not in officer_client.get(f"{page}/change/").content.decode()
    auditor = Client(headers={"host": "alpha.localhost"})
    auditor.force_login(make_officer(Role.AUDITOR), backend="privacy.officers.backends.OfficerBackend")
    assert "<del>six </del>" in auditor.get(f"{page}/compare/").content.decode()
    assert auditor.post(f"{page}/unschedule/").status_code in {302, 403}
    assert not Notice.objects.get(pk=second.pk).is_draft
    assert officer_client.post(f"{page}/unschedule/").status_code == 302
    assert Notice.objects.get(pk=second.pk).is_draft
    assert 'name="body"' in officer_client.get(f"{page}/change/").content.decode()


def test_the_page_of_a_notice_that_people_were_told_of_has_its_paragraphs_and_nothing_to_save(officer_client):
    words = "Who we are\n\nA <b>shop</b>."
    draft = Notice.objects.create(version="1", title="Notice", body=words)
    told = Notice.objects.create(version="2", title="Notice", body=words, is_significant=True, changes="Calls.")
    schedule_notice(notice=told, begins=timezone.now() + timedelta(days=3), actor=SYSTEM)
    pages = {
        notice.version: officer_client.get(f"/officer/register/notice/{notice.pk}/change/").content.decode()
        for notice in (draft, told)
    }
    shown = '<div class="pd-letter">Who we are\n\nA &lt;b&gt;shop&lt;/b&gt;.</div>'
    assert {version: shown in page for version, page in pages.items()} == {"1": False, "2": True}
    assert {version: 'name="_save"' in page for version, page in pages.items()} == {"1": True, "2": False}
    shown = officer_client.get("/officer/register/notice/").content.decode()
    assert shown.count('<span class="pd-badge pd-badge--soon">significant</span>') == 1


def test_a_significant_change_without_words_comes_into_force_neither_later_nor_now(second):
    Notice.objects.filter(pk=second.pk).update(changes=" ")
    with pytest.raises(NoticeIncomplete, match="Write what changes"):
        schedule_notice(notice=second, begins=timezone.now() + SOON, actor=SYSTEM)
    with pytest.raises(NoticeIncomplete, match="Write what changes"):
        publish_notice(notice=second, actor=SYSTEM)
    second.refresh_from_db()
    assert second.is_draft


def test_nobody_puts_a_notice_into_force_before_the_day_that_people_were_told(second, officer_client):
    page = f"/officer/register/notice/{second.pk}"
    schedule_notice(notice=second, begins=datetime(2199, 12, 7, 12, tzinfo=UTC), actor=SYSTEM)
    told = r"in force from 7 Dec 2199\. To have it in force earlier, take it back"
    with pytest.raises(NoticeScheduled, match=told):
        publish_notice(notice=second, actor=SYSTEM)
    assert f"{page}/publish/" not in officer_client.get(f"{page}/change/").content.decode()
    late = officer_client.post(f"{page}/publish/", follow=True).content.decode()
    assert "“Put into force” cannot be done as it stands now" in late
    second.refresh_from_db()
    assert second.published_at is None
    unschedule_notice(notice=second, actor=SYSTEM)
    assert f"{page}/publish/" in officer_client.get(f"{page}/change/").content.decode()
    assert officer_client.post(f"{page}/publish/").status_code == 302
    second.refresh_from_db()
    assert second.published_at is not None


def test_an_officer_puts_into_force_what_late_workers_did_not(first, second, officer_client):
    schedule_notice(notice=second, begins=timezone.now() + SOON, actor=SYSTEM)
    Notice.objects.filter(pk=second.pk).update(scheduled_for=timezone.now() - timedelta(hours=1))
    assert officer_client.post(f"/officer/register/notice/{second.pk}/publish/").status_code == 302
    assert current_notice() == second
