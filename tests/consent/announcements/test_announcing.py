"""Everybody is told of a notice, nobody twice, however often the worker dies."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.announcements import services
from consent.announcements.errors import CannotAnnounce
from consent.announcements.models import AnnouncementState, NoticeAnnouncement, NoticeTold
from consent.announcements.selectors import delivery_of
from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter, LetterState
from privacy.register.models import Notice
from privacy.register.publishing import schedule_notice, unschedule_notice
from privacy.subjects.models import Subject
from privacy.subjects.services import find_or_add_subject

PEOPLE = [f"person{number}@example.com" for number in range(5)]


@pytest.fixture(autouse=True)
def pages_of_two(monkeypatch):
    monkeypatch.setattr(services, "PEOPLE_AT_ONCE", 2)


@pytest.fixture
def people(alpha) -> list[Subject]:
    made = [find_or_add_subject(kind="email", value=each, name="") for each in PEOPLE]
    return [*made, find_or_add_subject(kind="phone", value="+233201234567", name="")]


@pytest.fixture
def notice(people) -> Notice:
    made = Notice.objects.create(version="7", title="Our notice", body="New words.", changes="Calls are recorded.")
    return schedule_notice(notice=made, begins=timezone.now() + timedelta(days=30), actor=SYSTEM)


def begin(notice: Notice, officer, per_minute: int = 60) -> NoticeAnnouncement:
    return services.begin_announcement(notice=notice, per_minute=per_minute, officer=officer)


def jobs() -> list[Job]:
    return list(Job.objects.filter(kind=services.ANNOUNCE, state="pending").order_by("id"))


def work() -> None:
    """Do the jobs as they fall due, waiting for none."""
    for _page in range(20):
        if not jobs():
            return
        Job.objects.filter(kind=services.ANNOUNCE, state="pending").update(due_at=timezone.now())
        for job in jobs():
            run_job(job_id=job.pk)
    raise AssertionError("the announcement did not come to an end")


def addresses() -> list[str]:
    return sorted(each.address for each in Letter.objects.filter(kind="notice_change"))


def test_everybody_with_an_address_is_told_once_in_pages_at_the_pace_that_was_set(notice, officer):
    announcement = begin(notice, officer, per_minute=60)
    (first,) = jobs()
    run_job(job_id=first.pk)
    (second,) = jobs()
    told = NoticeTold.objects.count()
    assert told in {1, 2}
    wait = second.due_at - timezone.now()
    assert timedelta(seconds=told - 1) < wait <= timedelta(seconds=told)
    work()
    announcement.refresh_from_db()
    assert (announcement.state, announcement.written, announcement.unreachable) == (AnnouncementState.DONE, 5, 1)
    assert addresses() == PEOPLE
    assert {each.letter_id: each.pdf_sha256 for each in NoticeTold.objects.all()} == {
        each.pk: each.pdf_sha256 for each in Letter.objects.filter(kind="notice_change")
    }
    body = Letter.objects.filter(kind="notice_change")[0].body
    for words in ("Calls are recorded.", "http://alpha.localhost", "/notice/7/"):
        assert words in body, words
    acts = LedgerEntry.objects.filter(action__startswith="noticeannouncement.").order_by("id")
    assert [(each.action, each.data) for each in acts] == [
        ("noticeannouncement.begun", {"version": "7", "per_minute": 60}),
        ("noticeannouncement.done", {"written": 5, "unreachable": 1}),
    ]


def test_a_page_that_is_done_already_and_one_that_is_not_next_do_nothing(notice, officer):
    announcement = begin(notice, officer)
    services.write_page(announcement_id=announcement.pk, page=0)
    once = addresses()
    services.write_page(announcement_id=announcement.pk, page=0)
    services.write_page(announcement_id=announcement.pk, page=5)
    assert (addresses(), len(once)) == (once, NoticeTold.objects.count())
    work()
    assert addresses() == PEOPLE


@pytest.mark.parametrize("letter", [1, 2])
@pytest.mark.parametrize("seam", ["before it is written", "after it was written"])
def test_a_worker_that_dies_in_a_page_leaves_nothing_and_nobody_is_told_twice(
    notice, officer, monkeypatch, seam, letter
):
    begin(notice, officer)
    original, asked = services.write_announcement, []

    class Dead(BaseException):
        pass

    def dying(*given):
        asked.append(given)
        if len(asked) == letter and seam == "before it is written":
            raise Dead
        written = original(*given)
        if len(asked) == letter:
            raise Dead
        return written

    Subject.objects.filter(identifiers__kind="phone").update(created_at=timezone.now() + timedelta(days=1))
    announcement = NoticeAnnouncement.objects.get()
    monkeypatch.setattr(services, "write_announcement", dying)
    with pytest.raises(Dead):
        services.write_page(announcement_id=announcement.pk, page=0)
    monkeypatch.setattr(services, "write_announcement", original)
    assert (addresses(), NoticeTold.objects.count()) == ([], 0)
    work()
    assert addresses() == PEOPLE


def test_it_is_stopped_and_gone_on_with_behind_the_last_page(notice, officer):
    announcement = begin(notice, officer)
    run_job(job_id=jobs()[0].pk)
    once = addresses()
    services.stop_announcement(announcement=announcement, officer=officer)
    work()
    assert addresses() == once
    with pytest.raises(CannotAnnounce, match="moved on"):
        services.stop_announcement(announcement=announcement, officer=officer)
    services.go_on_with_announcement(announcement=announcement, officer=officer)
    work()
    assert addresses() == PEOPLE


def test_a_notice_that_is_taken_back_stops_its_announcement(notice, officer):
    announcement = begin(notice, officer)
    unschedule_notice(notice=notice, actor=SYSTEM)
    work()
    announcement.refresh_from_db()
    assert (announcement.state, addresses()) == (AnnouncementState.STOPPED, [])
    with pytest.raises(CannotAnnounce, match="Schedule it first"):
        services.go_on_with_announcement(announcement=NoticeAnnouncement.objects.get(), officer=officer)


def test_who_comes_after_it_began_is_not_written_to(notice, officer):
    begin(notice, officer)
    find_or_add_subject(kind="email", value="later@example.com", name="")
    work()
    assert addresses() == PEOPLE


def test_what_cannot_be_announced_is_refused_with_what_to_do(notice, officer):
    draft = Notice.objects.create(version="8", title="Draft", body="x", changes="y")
    with pytest.raises(CannotAnnounce, match="a draft may still change"):
        begin(draft, officer)
    Notice.objects.filter(pk=notice.pk).update(changes="")
    with pytest.raises(CannotAnnounce, match="what changes"):
        begin(notice, officer)
    Notice.objects.filter(pk=notice.pk).update(changes="Calls are recorded.")
    begin(notice, officer)
    with pytest.raises(CannotAnnounce, match="Nobody is told twice"):
        begin(notice, officer)


def test_delivery_is_counted_in_one_query_and_letters_that_are_gone_are_told(
    notice, officer, django_assert_num_queries
):
    announcement = begin(notice, officer)
    work()
    sent, failed, gone, *_others = Letter.objects.filter(kind="notice_change").order_by("pk")
    Letter.objects.filter(pk=sent.pk).update(state=LetterState.SENT)
    Letter.objects.filter(pk=failed.pk).update(state=LetterState.FAILED, failure="refused")
    gone.delete()
    announcement.refresh_from_db()
    with django_assert_num_queries(1):
        found = delivery_of(announcement)
    assert (found.sent, found.waiting, found.failed, found.gone) == (1, 2, 1, 1)


def test_the_pages_begin_stop_and_go_on(notice, officer_client):
    add = "/officer/announcements/noticeannouncement/add/"
    assert officer_client.post(add, {"notice": notice.pk, "per_minute": "60"}).status_code == 302
    announcement = NoticeAnnouncement.objects.get()
    assert "Nobody is told twice" not in officer_client.get(add).content.decode()
    page = f"/officer/announcements/noticeannouncement/{announcement.pk}"
    assert "under way" in officer_client.get(f"{page}/change/").content.decode()
    assert "Those in the outbox still go" in officer_client.get(f"{page}/stop/").content.decode()
    assert NoticeAnnouncement.objects.get().state == AnnouncementState.RUNNING
    assert officer_client.post(f"{page}/stop/").status_code == 302
    announcement.refresh_from_db()
    assert announcement.state == AnnouncementState.STOPPED
    assert officer_client.post(f"{page}/go-on/").status_code == 302
    work()
    content = officer_client.get(f"{page}/change/").content.decode()
    assert ("0 sent, 5 on their way, 0 could not be sent" in content, "Go on" in content) == (True, False)
