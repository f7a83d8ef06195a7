"""Officers see who accepted which notice, and how, and change nothing of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from consent.announcements.models import NoticeAcceptance, NoticeAnnouncement
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Officer, Role
from privacy.register.models import Notice
from privacy.subjects.services import find_or_add_subject

LIST = "/officer/announcements/noticeacceptance/"


@pytest.fixture
def notices(alpha) -> list[Notice]:
    return [
        Notice.objects.create(version=version, title=f"Notice {version}", body="x", published_at=timezone.now())
        for version in ("1", "2")
    ]


def accept(notice: Notice, name: str, how: str = "continued_use", **more) -> NoticeAcceptance:
    subject = find_or_add_subject(kind="email", value=f"{name}@example.com")
    return NoticeAcceptance.objects.create(notice=notice, subject=subject, how=how, actor_kind="api_key", **more)


def sign_in(officer: Officer) -> Client:
    client = Client(headers={"host": "alpha.localhost"})
    client.force_login(officer, backend="privacy.officers.backends.OfficerBackend")
    return client


def listed(client, query: str = "") -> list[NoticeAcceptance]:
    return list(client.get(f"{LIST}{query}").context["cl"].result_list)


def test_the_list_says_who_when_how_and_which_version_and_names_nobody_in_full(notices, officer_client):
    accept(notices[0], "ama", "stated")
    used = accept(notices[1], "kofi", activity="Signed in from Kumasi", occurred_at=timezone.now() - timedelta(hours=1))
    page = officer_client.get(LIST).content.decode()
    for words in ("a•••••@example.com", "k•••••@example.com", "Notice 1 (1)", "Notice 2 (2)", "said so"):
        assert words in page, words
    assert [word for word in ("ama@", "kofi@", "Kumasi") if word in page] == []
    row = officer_client.get(f"{LIST}{used.pk}/change/").content.decode()
    for words in (
        f"went on using the service, {date_format(timezone.localtime(used.recorded_at), 'j M Y')}",
        "Signed in from Kumasi",
        "Notice 2 (2)",
        str(used.pk),
    ):
        assert words in row, words


def test_the_newest_stand_first_and_a_notice_and_a_way_are_picked_out(notices, officer_client):
    rows = [accept(notices[0], "ama", "stated"), accept(notices[1], "kofi"), accept(notices[1], "ama", "stated")]
    assert listed(officer_client) == rows[::-1]
    assert listed(officer_client, f"?notice__id__exact={notices[1].pk}") == [rows[2], rows[1]]
    assert listed(officer_client, f"?notice__id__exact={notices[1].pk}&how__exact=continued_use") == [rows[1]]


def test_a_notice_and_its_announcement_lead_to_those_who_accepted_it(notices, officer_client):
    accept(notices[0], "ama")
    kofi = accept(notices[1], "kofi")
    answer = officer_client.get(f"/officer/register/notice/{notices[1].pk}/accepted/")
    assert listed(officer_client, answer["Location"].removeprefix(LIST)) == [kofi]
    announcement = NoticeAnnouncement.objects.create(notice=notices[1])
    page = officer_client.get(f"/officer/announcements/noticeannouncement/{announcement.pk}/change/").content.decode()
    link = f"{LIST}?notice__id__exact={notices[1].pk}&amp;how__exact=continued_use"
    assert f'<a class="pd-link" href="{link}">went on using the service: 1</a>' in page


def test_the_list_asks_the_same_number_of_questions_however_many_there_are(notices, officer_client):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert officer_client.get(LIST).status_code == 200
        return len(asked)

    accept(notices[0], "ama")
    few = questions()
    for number in range(30):
        accept(notices[number % 2], f"p{number}")
    assert len(listed(officer_client)) == 31
    assert questions() == few


def test_nobody_changes_or_adds_an_acceptance_and_an_auditor_reads_them(notices, make_officer, officer_client):
    row = accept(notices[0], "ama")
    entries = LedgerEntry.objects.count()
    for client in (officer_client, sign_in(make_officer(Role.AUDITOR))):
        assert client.get(f"{LIST}{row.pk}/change/").status_code == 200
        for address in ("add/", f"{row.pk}/change/", f"{row.pk}/delete/"):
            assert client.post(f"{LIST}{address}", {"how": "stated"}).status_code == 403, address
    row.refresh_from_db()
    assert (row.how, NoticeAcceptance.objects.count()) == ("continued_use", 1)
    assert LedgerEntry.objects.count() == entries


def test_a_case_handler_sees_none(notices, make_officer):
    row = accept(notices[0], "ama")
    client = sign_in(make_officer(Role.CASE_HANDLER))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{row.pk}/change/").status_code == 403
    assert client.post(f"{LIST}find-person/", {"kind": "email", "value": "ama@example.com"}).status_code == 403
