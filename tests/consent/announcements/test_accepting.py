"""Acceptance of a notice is recorded as what it is, and never where nobody was told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.announcements.accepting import Accepted, record_acceptance
from consent.announcements.errors import AcceptanceRefused
from consent.announcements.models import NoticeAcceptance, NoticeAnnouncement, NoticeTold
from consent.announcements.selectors import acceptances_of
from consent.models import ConsentRecord, CurrentConsent
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.letters.models import Letter, LetterState
from privacy.officers.models import Scope
from privacy.register.models import Notice
from privacy.register.publishing import publish_notice
from privacy.subjects.services import find_or_add_subject, find_subject
from tests.config_api.conftest import Caller, make_key
from tests.secrecy import check_readable_nowhere

AMA = "ama@example.com"
HOUR = timedelta(hours=1)


@pytest.fixture
def notice(alpha) -> Notice:
    made = Notice.objects.create(version="9", title="Notice", body="New.", changes="More.", is_significant=True)
    return publish_notice(notice=made, actor=SYSTEM, now=timezone.now() - 24 * HOUR)


def tell(notice: Notice, *, sent_ago: timedelta | None) -> None:
    """Ama was written to; sent_ago: None when the letter never went out."""
    ama = find_or_add_subject(kind="email", value=AMA, name="")
    letter = Letter.objects.create(kind="notice_change", subject=ama, address=AMA, heading="x", body="x")
    if sent_ago is not None:
        Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENT, sent_at=timezone.now() - sent_ago)
    announcement = NoticeAnnouncement.objects.create(notice=notice)
    NoticeTold.objects.create(announcement=announcement, subject=ama, letter_id=letter.pk, pdf_sha256="a" * 64)


def accept(how: str = "continued_use", *, version: str = "9", activity: str = "Signed in.", ago: timedelta = 0 * HOUR):
    accepted = Accepted("email", AMA, version, how, activity, timezone.now() - ago)
    return record_acceptance(accepted=accepted, actor=SYSTEM)


def test_who_was_told_and_goes_on_is_recorded_as_going_on_and_as_no_consent(notice):
    tell(notice, sent_ago=2 * HOUR)
    made, is_new = accept(ago=HOUR)
    assert (made.how, is_new, made.get_how_display()) == ("continued_use", True, "went on using the service")
    assert accept(ago=HOUR)[1] is False
    accept("stated", activity="")
    assert {how.value: number for how, number in acceptances_of(NoticeAnnouncement.objects.get().notice).items()} == {
        "stated": 1, "continued_use": 1,
    }  # fmt: skip
    assert (ConsentRecord.objects.count(), CurrentConsent.objects.count()) == (0, 0)
    entries = LedgerEntry.objects.filter(action="notice.accepted").order_by("id")
    assert [each.data for each in entries] == [
        {"version": "9", "how": "continued_use"}, {"version": "9", "how": "stated"},
    ]  # fmt: skip
    check_readable_nowhere("Signed in.", AMA)


@pytest.mark.parametrize(
    ("sent_ago", "ago"), [(None, 0 * HOUR), (2 * HOUR, 3 * HOUR)], ids=["never sent", "used before it was sent"]
)
def test_going_on_after_a_significant_change_counts_only_after_the_letter_went_out(notice, sent_ago, ago):
    tell(notice, sent_ago=sent_ago)
    with pytest.raises(AcceptanceRefused, match="was not told"):
        accept(ago=ago)
    assert not NoticeAcceptance.objects.exists()
    accept("stated")
    assert NoticeAcceptance.objects.count() == 1


def test_a_small_change_needs_no_letter(notice):
    Notice.objects.filter(pk=notice.pk).update(is_significant=False)
    assert accept()[1] is True


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"version": "no such"}, "notice_version"),
        ({"ago": 48 * HOUR}, "notice_version"),
        ({"activity": " "}, "activity"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_nobody_is_added(notice, given, field):
    Notice.objects.filter(pk=notice.pk).update(is_significant=False)
    with pytest.raises(AcceptanceRefused) as refused:
        accept(**given)
    assert refused.value.field == field
    assert not NoticeAcceptance.objects.exists()


def test_the_call_records_once_and_says_what_is_wrong(notice):
    Notice.objects.filter(pk=notice.pk).update(is_significant=False)
    caller = Caller(make_key(Scope.CONSENTS_WRITE))
    body = {"subject": {"email": AMA}, "notice_version": "9", "how": "continued_use", "activity": "Signed in."}
    first, second = (caller.post("notices/acceptances/", body) for _call in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["id"] == str(NoticeAcceptance.objects.get().pk)
    refused = caller.post("notices/acceptances/", body | {"activity": "", "how": "silence", "mood": "good"})
    assert refused.status_code == 400
    assert sorted(refused.json()["errors"]) == ["how", "non_field_errors"]
    unused = caller.post("notices/acceptances/", body | {"subject": {"email": "kofi@example.com"}, "activity": ""})
    assert (unused.status_code, list(unused.json()["errors"])) == (400, ["activity"])
    known = [find_subject(kind="email", value=each) is not None for each in ("kofi@example.com", AMA)]
    assert known == [False, True]
    reader = Caller(make_key(Scope.CONSENTS_READ))
    assert reader.post("notices/acceptances/", body).status_code == 403


def test_going_on_accepts_only_the_version_that_was_in_force_at_that_time(notice):
    Notice.objects.filter(pk=notice.pk).update(is_significant=False)
    newer = Notice.objects.create(version="10", title="Notice", body="Newer.")
    publish_notice(notice=newer, actor=SYSTEM, now=timezone.now() - 2 * HOUR)
    with pytest.raises(AcceptanceRefused, match="Another version"):
        accept(ago=HOUR)
    assert not NoticeAcceptance.objects.exists()
    assert accept(ago=3 * HOUR)[0].notice == notice
    assert accept(version="10", ago=HOUR)[0].notice == newer
