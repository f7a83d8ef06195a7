"""Versions of one change in two languages: everybody is told once, in their language where it is known."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.announcements import writing
from consent.announcements.accepting import Accepted, record_acceptance
from consent.announcements.errors import CannotAnnounce
from consent.announcements.models import AnnouncementState, NoticeTold
from consent.announcements.services import begin_announcement, go_on_with_announcement
from consent.services import publish_wording, record_consent
from privacy.datamap.models import Field
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter, LetterState
from privacy.register.models import Notice
from privacy.register.publishing import publish_notice, schedule_notice, unschedule_notice
from privacy.subjects.models import Subject
from privacy.subjects.services import find_or_add_subject
from tests.consent.announcements.shop import add_customer, shop_of
from tests.consent.announcements.test_announcing import begin, offered, work
from tests.sources import scratch_database

DAY = timedelta(days=1)


def scheduled(version: str, language: str, *, days: int = 30, changes: str = "Calls are recorded.") -> Notice:
    made = Notice.objects.create(version=version, language=language, title="Our notice", body="New.", changes=changes)
    return schedule_notice(notice=made, begins=timezone.now() + DAY * days, actor=SYSTEM)


@pytest.fixture
def english(alpha) -> Notice:
    return scheduled("7", "en")


@pytest.fixture
def french(english) -> Notice:
    return scheduled("7-fr", "fr", changes="Les appels sont enregistrés.")


def person(name: str) -> Subject:
    return find_or_add_subject(kind="email", value=f"{name}@example.com", name="")


def written_to(subject: Subject, *languages: str, kind: str = "preferences_link") -> Subject:
    """They got letters, the newest last."""
    for language in languages:
        Letter.objects.create(
            kind=kind, subject=subject, address="x@example.com", language=language, heading="x", body=""
        )
    return subject


def told() -> dict[str, str]:
    """Who is told in which language; nobody twice, or the test ends."""
    letters = Letter.objects.filter(kind="notice_change")
    found = {each.address.partition("@")[0]: each.language for each in letters}
    assert len(found) == letters.count() == NoticeTold.objects.count()
    return found


def test_each_is_told_once_in_their_language_and_where_it_is_not_known_in_that_of_the_chosen_notice(
    purposes, english, french, officer
):
    written_to(person("efua"), "en", "fr")
    written_to(person("kofi"), "fr", "en")
    written_to(person("esi"), "fr", kind="consent_opt_out")
    french_words = publish_wording(purpose=purposes["newsletter"], language="fr-CA", text="Oui.", actor=SYSTEM)
    for name, method, evidence in (
        ("ama", "electronic", None),
        ("yaw", "opt_out", {"notice_sent_on": "2026-01-01", "period_days": 30}),
    ):
        record_consent(
            subject=person(name), purpose=purposes["newsletter"], decision="given", method=method, language="fr-CA",
            evidence=evidence, wording=french_words, actor=SYSTEM,
        )  # fmt: skip
    begin(english, officer)
    work()
    assert told() == {"efua": "fr", "kofi": "en", "esi": "en", "ama": "fr", "yaw": "en"}
    letters = {each.address.partition("@")[0]: each.body for each in Letter.objects.filter(kind="notice_change")}
    for name, words, page in (
        ("efua", "Les appels sont", "/notice/7-fr/"),
        ("kofi", "Calls are recorded", "/notice/7/"),
    ):
        assert (words in letters[name], page in letters[name]) == (True, True)
    begun = LedgerEntry.objects.get(action="noticeannouncement.begun")
    assert begun.data == {"version": "7", "per_minute": 60, "datasets": 0, "translations": ["7-fr"]}


def test_a_version_that_went_along_is_announced_and_not_offered(english, french, officer, officer_client):
    form = officer_client.get("/officer/announcements/noticeannouncement/add/").context["form"]
    labels = [form.fields["notice"].label_from_instance(each) for each in form.fields["notice"].queryset]
    assert labels == [
        "Our notice (7-fr) – scheduled; together with 7 (en)", "Our notice (7) – scheduled; together with 7-fr (fr)",
    ]  # fmt: skip
    made = begin(french, officer)
    assert made.notices() == [french, english]
    assert offered(officer_client)[0] == []
    with pytest.raises(CannotAnnounce, match="This notice was announced already"):
        begin(english, officer)
    page = officer_client.get(f"/officer/announcements/noticeannouncement/{made.pk}/change/").content.decode()
    assert ("Our notice (7) (en)" in page, "7, said so: 0" in page, "7-fr, said so: 0" in page) == (True, True, True)


def test_a_version_of_the_same_day_that_comes_later_is_not_announced_again(english, officer, officer_client):
    begin(english, officer)
    later, other = scheduled("7-fr", "fr"), scheduled("8-fr", "fr", days=40)
    assert offered(officer_client)[0] == ["8-fr"]
    with pytest.raises(CannotAnnounce, match="This change was announced already, in another language"):
        begin(later, officer)
    assert begin(other, officer).notices() == [other]


def test_a_correction_of_the_same_day_can_be_announced_where_its_language_was(english, french, officer):
    begin(english, officer)
    corrected = scheduled("7a", "en")
    with pytest.raises(CannotAnnounce, match="in another language"):
        begin(scheduled("7-de", "de"), officer)
    assert begin(corrected, officer).notices() == [corrected, Notice.objects.get(version="7-de")]


@pytest.mark.parametrize(
    ("days", "changes", "goes_along"), [(30, "Mehr.", True), (31, "Mehr.", False), (30, " \n", False)]
)
def test_only_what_is_of_the_same_day_and_says_what_changes_goes_along(english, officer, days, changes, goes_along):
    other = scheduled("7-fr", "fr", days=days, changes=changes)
    Notice.objects.create(version="9-fr", language="fr", title="A draft", body="x", changes="y")
    assert begin(english, officer).notices() == ([english, other] if goes_along else [english])


def test_one_that_is_taken_back_ends_the_announcement_of_both(english, french, officer):
    person("efua")
    announcement = begin(english, officer)
    unschedule_notice(notice=french, actor=SYSTEM)
    work()
    announcement.refresh_from_db()
    assert (announcement.state, told()) == (AnnouncementState.TAKEN_BACK, {})
    schedule_notice(notice=Notice.objects.get(pk=french.pk), begins=timezone.now() + DAY, actor=SYSTEM)
    with pytest.raises(CannotAnnounce, match="Schedule and announce it again"):
        go_on_with_announcement(announcement=announcement, officer=officer)
    assert begin(english, officer).notices() == [english]
    work()
    assert told() == {"efua": "en"}


def test_one_that_is_taken_back_while_a_letter_is_set_lets_none_be_written(english, french, officer, monkeypatch):
    person("efua")
    begin(english, officer)
    original = writing.write_announcement

    def taken_back(*given):
        unschedule_notice(notice=french, actor=SYSTEM)
        return original(*given)

    monkeypatch.setattr(writing, "write_announcement", taken_back)
    work()
    assert told() == {}


def test_who_was_told_in_one_language_may_accept_the_version_in_the_other(alpha, officer):
    for version, language in (("7", "en"), ("7-fr", "fr")):
        made = Notice.objects.create(
            version=version, language=language, title="x", body="x", changes="x", is_significant=True
        )
        publish_notice(notice=made, actor=SYSTEM)
    person("efua")
    begin(Notice.objects.get(version="7"), officer)
    work()
    Letter.objects.update(state=LetterState.SENT, sent_at=timezone.now())
    accepted = Accepted("email", "efua@example.com", "7-fr", "continued_use", activity="signed in")
    assert record_acceptance(accepted=accepted, actor=SYSTEM)[1] is True


def test_a_column_of_languages_says_it_of_those_whom_only_a_source_knows(english, french, officer):
    with scratch_database() as dsn:
        source = shop_of(dsn)
        for number, (name, language) in enumerate((("efua", "FR_ca"), ("kofi", "en"), ("esi", "ga"), ("ama", None))):
            add_customer(dsn, number, f"{name}@example.com", customer_id=language)
        number = Field.objects.filter(dataset__source=source, dataset__table_name="customer", column="number")
        number.update(identifier_kind="", letter_role="language")
        tables = list(source.datasets.filter(table_name="customer"))
        begin_announcement(notice=english, per_minute=60, officer=officer, datasets=tables)
        work()
    assert told() == {"efua": "fr", "kofi": "en", "esi": "en", "ama": "en"}
