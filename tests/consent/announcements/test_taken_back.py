"""A notice is taken back after people were told of it: what they were told counts no more, and all can be told anew."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.formats import date_format

from consent.announcements import services, writing
from consent.announcements.accepting import Accepted, record_acceptance
from consent.announcements.errors import AcceptanceRefused, CannotAnnounce
from consent.announcements.models import AnnouncementState, NoticeAnnouncement
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters import addressing
from privacy.letters.errors import TakenBack
from privacy.letters.models import Letter, LetterState
from privacy.letters.sending import send_letter
from privacy.letters.services import send_again
from privacy.register.models import Notice
from privacy.register.publishing import publish_notice, schedule_notice, unschedule_notice
from privacy.register.selectors import local_date
from privacy.subjects.services import find_or_add_subject
from tests.consent.announcements.test_announcing import begin, jobs, offered, work

DAY = timedelta(days=1)
PEOPLE = ["ama@example.com", "efua@example.com", "kofi@example.com"]
TWO, TEN = "Calls are kept for two years.", "Calls are kept for ten years."


@pytest.fixture
def notice(alpha) -> Notice:
    for each in PEOPLE:
        find_or_add_subject(kind="email", value=each, name="")
    made = Notice.objects.create(version="ct-2", title="Notice", body="Words.", changes=TWO, is_significant=True)
    return schedule_notice(notice=made, begins=timezone.now() + 10 * DAY, actor=SYSTEM)


def schedule_with_other_words(notice: Notice) -> Notice:
    """As an officer does: taken back, written anew, scheduled for the day after the one that people were told."""
    unschedule_notice(notice=notice, actor=SYSTEM)
    Notice.objects.filter(pk=notice.pk).update(body="Other words.", changes=TEN)
    return schedule_notice(notice=notice, begins=timezone.now() + 11 * DAY, actor=SYSTEM)


def go_on_using(address: str):
    accepted = Accepted("email", address, "ct-2", "continued_use", activity="signed in")
    return record_acceptance(accepted=accepted, actor=SYSTEM)


def told_of() -> list[tuple[str, str]]:
    """Each letter: to whom, and of which words."""
    letters = Letter.objects.filter(kind="notice_change")
    return sorted((each.address, TWO if TWO in each.body else TEN if TEN in each.body else "") for each in letters)


def send_all() -> None:
    Letter.objects.update(state=LetterState.SENT, sent_at=timezone.now())


def test_a_letter_about_words_that_were_taken_back_stands_for_no_acceptance_until_all_are_told_anew(
    notice, officer, officer_client
):
    begin(notice, officer)
    work()
    send_all()
    schedule_with_other_words(notice)
    changed = publish_notice(notice=unschedule_notice(notice=notice, actor=SYSTEM), actor=SYSTEM)
    with pytest.raises(AcceptanceRefused, match="was not told"):
        go_on_using(PEOPLE[0])
    assert offered(officer_client)[0] == ["ct-2"]
    begin(changed, officer)
    assert offered(officer_client)[0] == []
    with pytest.raises(CannotAnnounce, match="This notice was announced already"):
        begin(changed, officer)
    work()
    assert told_of() == sorted((each, words) for each in PEOPLE for words in (TEN, TWO))
    send_all()
    assert go_on_using(PEOPLE[0])[1] is True


def test_an_announcement_of_a_notice_that_is_taken_back_ends_for_good(notice, officer, officer_client):
    announcement = begin(notice, officer)
    services.stop_announcement(announcement=announcement, officer=officer)
    schedule_with_other_words(notice)
    announcement.refresh_from_db()
    assert announcement.state == AnnouncementState.TAKEN_BACK
    with pytest.raises(CannotAnnounce, match="Schedule and announce it again"):
        services.go_on_with_announcement(announcement=announcement, officer=officer)
    work()
    assert told_of() == []
    acts = LedgerEntry.objects.filter(action__startswith="noticeannouncement.").order_by("id")
    assert [(each.action, each.data.get("written")) for each in acts] == [
        ("noticeannouncement.begun", None), ("noticeannouncement.stopped", 0), ("noticeannouncement.taken_back", 0),
    ]  # fmt: skip
    page = officer_client.get(f"/officer/announcements/noticeannouncement/{announcement.pk}/change/").content.decode()
    assert ("ended: the notice was taken back" in page, "/go-on/" in page) == (True, False)


def test_one_under_way_tells_nobody_of_the_words_that_came_after_and_the_new_one_tells_everybody(
    notice, officer, monkeypatch
):
    """Scheduled again between two letters of a page, so that it is no draft when the job looks."""
    begin(notice, officer)
    original, calls = writing._write_to, []

    def taken_back(*given):
        calls.append(given)
        if len(calls) == 2:
            schedule_with_other_words(notice)
        return original(*given)

    monkeypatch.setattr(writing, "_write_to", taken_back)
    for job in jobs():
        run_job(job_id=job.pk)
    work()
    ((first, words),) = told_of()
    assert words == TWO
    begin(Notice.objects.get(pk=notice.pk), officer)
    work()
    assert told_of() == sorted([(first, TWO), *((each, TEN) for each in PEOPLE)])
    states = NoticeAnnouncement.objects.order_by("begun_at").values_list("state", "written")
    assert list(states) == [(AnnouncementState.TAKEN_BACK, 1), (AnnouncementState.DONE, 3)]


@pytest.fixture
def outbox(settings) -> list:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def page_of(client, announcement: NoticeAnnouncement) -> str:
    page = client.get(f"/officer/announcements/noticeannouncement/{announcement.pk}/change/")
    return page.content.decode()


def test_a_letter_that_still_waits_is_not_sent_once_its_notice_was_taken_back(notice, officer, officer_client, outbox):
    announcement = begin(notice, officer)
    work()
    went, waiting, late = Letter.objects.filter(kind="notice_change").order_by("pk")
    send_letter(letter_id=str(went.pk))
    assert len(outbox) == 1
    Letter.objects.filter(pk=late.pk).update(state=LetterState.FAILED, failure="server_away")
    changed = schedule_with_other_words(notice)
    begin(changed, officer)
    work()
    assert "1 sent, 1 waiting, which will not be sent: the notice was taken back" in page_of(
        officer_client, announcement
    )
    send_letter(letter_id=str(waiting.pk))
    with pytest.raises(TakenBack):
        send_again(letter=late, officer=officer)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.sending_since, len(outbox)) == (LetterState.WITHHELD, None, 1)
    entry = LedgerEntry.objects.get(object_id=str(waiting.pk), action__in=["letter.withheld", "letter.taken_back"])
    assert entry.action == "letter.taken_back"
    assert "1 not sent, for the notice was taken back" in page_of(officer_client, announcement)
    for anew in Letter.objects.filter(kind="notice_change", created_at__gt=late.created_at, state=LetterState.QUEUED):
        send_letter(letter_id=str(anew.pk))
    assert [TEN in each.body for each in outbox] == [False, True, True, True]


def test_no_letter_of_an_announcement_goes_while_nobody_can_say_whether_it_was_taken_back(
    notice, officer, outbox, monkeypatch
):
    begin(notice, officer)
    work()
    first, second, _third = Letter.objects.filter(kind="notice_change").order_by("pk")
    with monkeypatch.context() as patch:
        patch.setattr(addressing, "_true", {})
        send_letter(letter_id=str(first.pk))
        assert outbox == []
    send_letter(letter_id=str(second.pk))
    assert len(outbox) == 1


def test_who_takes_back_one_language_reads_beforehand_that_the_announcement_of_the_other_ends(
    notice, officer, officer_client
):
    french = Notice.objects.create(version="ct-2-fr", language="fr", title="Avis", body="x", changes="y")
    schedule_notice(notice=french, begins=timezone.now() + 10 * DAY, actor=SYSTEM)
    page = f"/officer/register/notice/{french.pk}/unschedule/"
    words = f"It is announced together with “{notice}” (en), and that announcement ends for all of them"
    assert words not in officer_client.get(page).content.decode()
    begin(notice, officer)
    assert words in officer_client.get(page).content.decode()


def test_whoever_comes_by_the_letter_reads_that_the_version_was_taken_back_and_which_is_in_force(
    notice, officer, visitor
):
    def page(path):
        response = visitor.get(f"/notice/{path}/")
        return response.status_code, response.content.decode()

    now = Notice.objects.create(version="ct-1", title="Our notice", body="Words.", published_at=timezone.now())
    begin(notice, officer)
    assert page("ct-2")[0] == 200
    unschedule_notice(notice=notice, actor=SYSTEM)
    assert page("ct-2")[0] == 404  # no letter was written yet
    schedule_notice(notice=notice, begins=timezone.now() + 10 * DAY, actor=SYSTEM)
    begin(notice, officer)
    work()
    unschedule_notice(notice=notice, actor=SYSTEM)
    Notice.objects.filter(pk=notice.pk).update(version="ct-3")
    taken_back = date_format(local_date(timezone.now()), "j F Y")
    for path in ("ct-2", "ct-2/changes"):
        status, text = page(path)
        assert (status, f"taken back on {taken_back}" in text, "version ct-1" in text, TWO in text) == (
            200, True, True, False,
        )  # fmt: skip
    assert [page(path)[0] for path in ("ct-3", "ct-4", now.version)] == [404, 404, 200]
    Notice.objects.filter(pk=notice.pk).update(version="ct-2")
    schedule_notice(notice=notice, begins=timezone.now() + 11 * DAY, actor=SYSTEM)
    assert "was taken back" not in page("ct-2")[1]
