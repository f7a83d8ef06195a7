"""Everybody is told of a notice, nobody twice, however often the worker dies."""

from datetime import timedelta
from threading import Event, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from consent.announcements import admin, progress, services, writing
from consent.announcements.errors import CannotAnnounce
from consent.announcements.models import (
    AcceptedHow,
    AnnouncementState,
    NoticeAcceptance,
    NoticeAnnouncement,
    NoticeTold,
)
from consent.announcements.selectors import delivery_of
from consent.services import record_consent
from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter, LetterState
from privacy.officers.models import Officer
from privacy.register.models import Notice, Purpose
from privacy.register.publishing import schedule_notice
from privacy.register.restrictions.services import place_restriction
from privacy.subjects.crypto import index_as_written, keyed_index
from privacy.subjects.models import Identifier, Subject
from privacy.subjects.services import find_or_add_subject
from privacy.tenants.context import organisation_context
from retention.models import ErasedIdentifier

DAY = timedelta(days=1)
PEOPLE = [f"person{number}@example.com" for number in range(5)]


@pytest.fixture(autouse=True)
def pages_of_two(monkeypatch):
    monkeypatch.setattr(writing, "PEOPLE_AT_ONCE", 2)


@pytest.fixture
def people(alpha) -> list[Subject]:
    made = [find_or_add_subject(kind="email", value=each, name="") for each in PEOPLE]
    return [*made, find_or_add_subject(kind="phone", value="+233201234567", name="")]


@pytest.fixture
def newsletter(purposes) -> Purpose:
    return purposes["newsletter"]


@pytest.fixture
def notice(people) -> Notice:
    made = Notice.objects.create(version="7", title="Our notice", body="New words.", changes="Calls are recorded.")
    return schedule_notice(notice=made, begins=timezone.now() + timedelta(days=30), actor=SYSTEM)


def begin(notice: Notice, officer, per_minute: int = 60) -> NoticeAnnouncement:
    return services.begin_announcement(notice=notice, per_minute=per_minute, officer=officer)


def jobs() -> list[Job]:
    return list(Job.objects.filter(kind=progress.ANNOUNCE, state="pending").order_by("id"))


def work() -> None:
    """Do the jobs as they fall due, waiting for none."""
    for _page in range(20):
        if not jobs():
            return
        Job.objects.filter(kind=progress.ANNOUNCE, state="pending").update(due_at=timezone.now())
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
    announcement.refresh_from_db()
    assert second.due_at == announcement.next_at >= announcement.begun_at + timedelta(seconds=told)
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
        ("noticeannouncement.begun", {"version": "7", "per_minute": 60, "datasets": 0}),
        ("noticeannouncement.done", {"written": 5, "unreachable": 1, "left_out": 0}),
    ]


def test_a_page_that_is_done_already_and_one_that_is_not_next_do_nothing(notice, officer):
    announcement = begin(notice, officer)
    writing.write_page(announcement_id=announcement.pk, page=0)
    once = addresses()
    writing.write_page(announcement_id=announcement.pk, page=0)
    writing.write_page(announcement_id=announcement.pk, page=5)
    assert (addresses(), len(once)) == (once, NoticeTold.objects.count())
    work()
    assert addresses() == PEOPLE


class Dead(BaseException):
    """The worker is killed."""


def dies(monkeypatch, module, name: str, *, at: int, after: bool) -> None:
    """Kill the worker before or after the step of this name, the first, second, … time it gets there; once."""
    original, calls = getattr(module, name), []

    def dying(*given, **named):
        calls.append(given)
        if len(calls) == at and not after:
            raise Dead
        answer = original(*given, **named)
        if len(calls) == at:
            raise Dead
        return answer

    monkeypatch.setattr(module, name, dying)


SEAMS = [
    (writing, "write_announcement", 1), (writing, "write_announcement", 2), (writing, "pass_person", 1),
    (writing, "pass_person", 2), (NoticeTold.objects, "create", 1), (NoticeTold.objects, "create", 2),
    (writing, "_write_to", 1), (writing, "_write_to", 2), (writing, "end_page", 1), (writing, "end_page", 2),
    (writing, "end", 1),
]  # fmt: skip


def write_pages(announcement: NoticeAnnouncement) -> None:
    for page in range(9):
        writing.write_page(announcement_id=announcement.pk, page=page)


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize(("where", "name", "at"), SEAMS, ids=[f"{name} {at}" for _where, name, at in SEAMS])
def test_a_worker_that_dies_anywhere_leaves_no_half_and_nobody_is_told_twice(
    notice, officer, monkeypatch, where, name, after, at
):
    announcement = begin(notice, officer)
    dies(monkeypatch, where, name, at=at, after=after)
    with pytest.raises(Dead):
        write_pages(announcement)
    announcement.refresh_from_db()
    told = NoticeTold.objects.count()
    assert (announcement.written, len(addresses())) == (told, told)
    Job.objects.filter(kind=progress.ANNOUNCE).update(state="pending", finished_at=None)
    work()
    announcement.refresh_from_db()
    assert (addresses(), NoticeTold.objects.count()) == (PEOPLE, 5)
    assert (announcement.state, announcement.written, announcement.unreachable) == (AnnouncementState.DONE, 5, 1)


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
    assert jobs()[-1].due_at == NoticeAnnouncement.objects.get().next_at
    work()
    assert addresses() == PEOPLE


def test_a_worker_that_is_stopped_and_gone_on_with_in_one_page_leaves_the_rest_to_the_new_job(
    notice, officer, monkeypatch
):
    announcement, original, seen = begin(notice, officer), writing._write_to, []

    def interrupted(*given):
        answer = original(*given)
        seen.append(answer)
        if len(seen) == 1:
            services.stop_announcement(announcement=announcement, officer=officer)
            services.go_on_with_announcement(announcement=announcement, officer=officer)
        return answer

    monkeypatch.setattr(writing, "_write_to", interrupted)
    run_job(job_id=jobs()[0].pk)
    announcement.refresh_from_db()
    assert (seen, announcement.written + announcement.unreachable, len(jobs())) == ([True, False], 1, 1)
    work()
    assert addresses() == PEOPLE


def test_a_letter_is_committed_without_waiting_for_the_disk_and_what_comes_after_it_is_not(committed):
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION synchronous_commit = on")  # a server that tests use may have it off
        with progress.one_letter():
            assert waits_for_the_disk(cursor) == "off"
        assert waits_for_the_disk(cursor) == "on"


def waits_for_the_disk(cursor) -> str:
    cursor.execute("SHOW synchronous_commit")
    return cursor.fetchone()[0]


def test_stopping_waits_for_no_letter_and_the_letter_that_was_being_set_is_not_written(committed, monkeypatch):
    for number in range(3):
        find_or_add_subject(kind="email", value=f"p{number}@example.com", name="")
    made = Notice.objects.create(version="7", title="Our notice", body="New words.", changes="Calls are recorded.")
    schedule_notice(notice=made, begins=timezone.now() + timedelta(days=30), actor=SYSTEM)
    officer = Officer.objects.get()
    announcement, original = begin(made, officer), writing.write_announcement
    setting, stopped = Event(), Event()

    def slow(*given):
        letter = original(*given)
        setting.set()
        assert stopped.wait(timeout=20)
        return letter

    monkeypatch.setattr(writing, "write_announcement", slow)

    def write():
        try:
            with organisation_context(committed):
                writing.write_page(announcement_id=announcement.pk, page=0)
        finally:
            connection.close()

    worker = Thread(target=write)
    worker.start()
    assert setting.wait(timeout=20)
    services.stop_announcement(announcement=announcement, officer=officer)
    stopped.set()
    worker.join(timeout=20)
    announcement.refresh_from_db()
    assert (announcement.state, announcement.written, addresses()) == (AnnouncementState.STOPPED, 0, [])
    monkeypatch.undo()
    services.go_on_with_announcement(announcement=announcement, officer=officer)
    work()
    assert addresses() == ["p0@example.com", "p1@example.com", "p2@example.com"]


def test_a_page_ends_when_a_worker_was_busy_for_long_enough(notice, officer, monkeypatch, settings):
    monkeypatch.setattr(writing, "PEOPLE_AT_ONCE", 100)
    settings.JOB_SLICE_SECONDS = 0
    begin(notice, officer)
    run_job(job_id=jobs()[0].pk)
    announcement = NoticeAnnouncement.objects.get()
    assert (announcement.written + announcement.unreachable, announcement.pages) == (1, 1)
    work()
    assert addresses() == PEOPLE


def test_who_was_erased_from_the_portal_while_a_page_was_written_is_passed(notice, people, officer, monkeypatch):
    gone = max(people[:5], key=lambda each: each.pk)
    begin(notice, officer)
    monkeypatch.setattr(writing, "PEOPLE_AT_ONCE", 100)
    original = writing._write_to

    def erased(mine, person, versions):
        Subject.objects.filter(pk=gone.pk).delete()
        return original(mine, person, versions)

    monkeypatch.setattr(writing, "_write_to", erased)
    work()
    assert len(addresses()) == 4


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
    sent, failed, gone, withheld, *_others = Letter.objects.filter(kind="notice_change").order_by("pk")
    Letter.objects.filter(pk=sent.pk).update(state=LetterState.SENT)
    Letter.objects.filter(pk=failed.pk).update(state=LetterState.FAILED, failure="refused")
    Letter.objects.filter(pk=withheld.pk).update(state=LetterState.WITHHELD)
    gone.delete()
    announcement.refresh_from_db()
    with django_assert_num_queries(1):
        found = delivery_of(announcement)
    assert (found.sent, found.waiting, found.failed, found.withheld, found.gone) == (1, 1, 1, 1, 1)


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


def told(client, page):
    return [str(each) for each in client.get(page).context["messages"]]


def test_who_presses_a_button_too_late_is_told_the_state_and_led_to_the_announcement(notice, officer, officer_client):
    announcement = begin(notice, officer)
    page = f"/officer/announcements/noticeannouncement/{announcement.pk}"
    for path, does, state in (("stop", "Stopped.", "stopped"), ("go-on", "It goes on.", "under way")):
        for method in ("post", "post", "get"):
            answer = getattr(officer_client, method)(f"{page}/{path}/")
            assert (answer.status_code, answer["Location"]) == (302, f"{page}/change/")
        late = f"Nothing was changed. Its state is by now: {state}."
        assert told(officer_client, f"{page}/change/") == [does, late, late]
    assert (
        LedgerEntry.objects.filter(action__in=("noticeannouncement.stopped", "noticeannouncement.gone_on")).count() == 2
    )


def test_who_looked_before_somebody_else_stopped_it_is_told_the_state_as_well(
    notice, officer, officer_client, monkeypatch
):
    announcement = begin(notice, officer)
    page = f"/officer/announcements/noticeannouncement/{announcement.pk}"

    def stop_a_moment_later(**given):
        services.stop_announcement(**given)  # somebody else's, between looking and locking
        return services.stop_announcement(**given)

    monkeypatch.setattr(admin, "stop_announcement", stop_a_moment_later)
    assert officer_client.post(f"{page}/stop/")["Location"] == f"{page}/change/"
    assert told(officer_client, f"{page}/change/") == ["Nothing was changed. Its state is by now: stopped."]


def test_only_the_button_that_fits_the_state_is_offered(notice, officer, officer_client):
    announcement = begin(notice, officer)
    page = f"/officer/announcements/noticeannouncement/{announcement.pk}"
    seen = []
    for state in AnnouncementState:
        NoticeAnnouncement.objects.update(state=state)
        content = officer_client.get(f"{page}/change/").content.decode()
        seen.append((state.value, f"{page}/stop/" in content, f"{page}/go-on/" in content))
    assert seen == [
        ("running", True, False), ("stopped", False, True), ("done", False, False), ("taken_back", False, False),
    ]  # fmt: skip


def erase(kind: str, value: str, *, days_ago: int) -> None:
    mark = ErasedIdentifier(
        kind=kind,
        fingerprint=index_as_written(kind, value),
        run_id=uuid4(),
        recorded_at=timezone.now() - DAY * days_ago,
    )
    mark.save()


def counted(announcement: NoticeAnnouncement) -> tuple[int, int, int]:
    announcement.refresh_from_db()
    return announcement.written, announcement.unreachable, announcement.left_out


def test_who_was_erased_gets_no_letter_though_their_case_is_still_there(people, notice, officer, officer_client):
    """One by the address that is written to, one by another name, one without an address; two were not erased."""
    Subject.objects.update(created_at=timezone.now() - DAY * 30)
    Identifier.objects.create(
        subject=people[1], kind="customer_id", value="Ｃ１", index=keyed_index("customer_id", "C1")
    )
    for kind, value in (
        ("email", PEOPLE[0]),
        ("customer_id", "Ｃ１"),
        ("email", PEOPLE[2]),
        ("phone", "+233201234567"),
    ):
        erase(kind, value, days_ago=9)
    announcement = begin(notice, officer)
    work()
    assert addresses() == PEOPLE[3:]
    assert counted(announcement) == (2, 0, 4)
    assert {each.subject for each in NoticeTold.objects.all()} == set(people[3:5])
    done = LedgerEntry.objects.get(action="noticeannouncement.done")
    assert done.data == {"written": 2, "unreachable": 0, "left_out": 4}
    page = f"/officer/announcements/noticeannouncement/{announcement.pk}/change/"
    assert "People left out: erased, or restricted" in officer_client.get(page).content.decode()


def test_who_had_the_use_of_their_data_restricted_gets_no_letter_and_who_objected_to_a_use_does(
    people, notice, officer, newsletter
):
    place_restriction(subject=people[0], kind="restriction", actor=SYSTEM)
    place_restriction(subject=people[1], kind="objection", purpose=newsletter, actor=SYSTEM)
    announcement = begin(notice, officer)
    work()
    assert addresses() == PEOPLE[1:]
    assert counted(announcement) == (4, 1, 1)


def test_who_came_back_after_they_were_erased_gets_letters_again(people, notice, officer, newsletter):
    """By a file of their own, a consent, an acceptance; the last only asked something, or was silent."""
    Subject.objects.update(created_at=timezone.now() - DAY * 30)
    for each in PEOPLE:
        erase("email", each, days_ago=9)
    Subject.objects.filter(pk=people[0].pk).update(created_at=timezone.now() - DAY * 8)
    consent = {"purpose": newsletter, "decision": "given", "language": "en", "wording": newsletter.wordings.get()}
    record_consent(subject=people[1], method="electronic", actor=SYSTEM, **consent)
    NoticeAcceptance.objects.create(
        notice=notice, subject=people[2], how=AcceptedHow.CONTINUED_USE, actor_kind="system"
    )
    silence = {"notice_sent_on": "2026-01-01", "period_days": 30}
    record_consent(subject=people[3], method="opt_out", evidence=silence, actor=SYSTEM, **consent)
    record_consent(subject=people[4], method="electronic", actor=SYSTEM, **consent | {"decision": "refused"})
    announcement = begin(notice, officer)
    work()
    assert addresses() == PEOPLE[:3]
    assert counted(announcement) == (3, 1, 2)


def test_who_agreed_and_was_erased_after_that_gets_none(people, notice, officer, newsletter):
    wording = newsletter.wordings.get()
    record_consent(
        subject=people[0], purpose=newsletter, decision="given", method="electronic", language="en", wording=wording,
        actor=SYSTEM,
    )  # fmt: skip
    erase("email", PEOPLE[0], days_ago=0)
    announcement = begin(notice, officer)
    work()
    assert addresses() == PEOPLE[1:]
    assert counted(announcement) == (4, 1, 1)


def offered(client) -> tuple[list[str], str]:
    field = client.get("/officer/announcements/noticeannouncement/add/").context["form"].fields["notice"]
    return [each.version for each in field.queryset], field.help_text


def test_the_form_offers_what_can_be_announced_and_says_what_it_leaves_out(notice, officer, officer_client):
    Notice.objects.exclude(pk=notice.pk).delete()
    rule = (
        "One that is scheduled or in force, says what changes, and was not announced yet. Versions in other languages "
        "of the same day go along: each person is told in their language where it is known, and otherwise in that of "
        "the notice you choose."
    )
    assert offered(officer_client) == (["7"], rule)
    now = timezone.now()
    silent = [Notice.objects.create(version=f"s{n}", title="Quiet", changes="\n ", published_at=now) for n in range(7)]
    Notice.objects.create(version="8", title="A draft", changes="More.")
    Notice.objects.create(version="9", title="The newest", changes="More.", published_at=now)
    versions, words = offered(officer_client)
    assert versions == ["9", "7"]
    names = ", ".join(str(each) for each in silent[:1:-1])
    assert words == f"{rule} Not offered, because people would not learn what changes: {names}, …."
    begin(notice, officer)
    assert offered(officer_client)[0] == ["9"]
    for each in Notice.objects.filter(version__in=("s1", "8")):
        with pytest.raises(CannotAnnounce):
            begin(each, officer)
