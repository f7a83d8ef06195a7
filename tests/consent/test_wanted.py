"""Marketing that waits in the outbox does not reach a person who said no meanwhile; all other letters do."""

import datetime as dt

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from consent.models import ConsentRecord, CurrentConsent, OptOutNotice
from consent.services import record_consent, send_receipt, stop_everything, unsubscribe, withdraw
from consent.services.campaigns import begin_campaign, campaign_slice, stop_campaign
from consent.services.expiry import ask_again_slice
from consent.wanted import is_wanted
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.models import LedgerEntry
from privacy.letters import addressing
from privacy.letters.errors import NotWanted
from privacy.letters.models import Letter, LetterState
from privacy.letters.sending import send_letter
from privacy.letters.services import send_again
from privacy.register.models import Purpose
from privacy.register.restrictions.services import place_restriction
from privacy.subjects.services import find_or_add_subject
from tests.portal.conftest import enter_preferences

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []


@pytest.fixture
def newsletter(purposes):
    purpose = purposes["newsletter"]
    purpose.valid_days = 60
    purpose.save()
    return purpose


def agree(subject, purpose):
    return record_consent(subject=subject, purpose=purpose, decision="given", method="electronic", actor=SYSTEM)


def ending(subject, purpose) -> Letter:
    """The letter that asks a person again, because what they agreed to ends in five days."""
    agree(subject, purpose)
    now = timezone.now()
    mine = CurrentConsent.objects.filter(subject=subject, purpose=purpose)
    mine.update(since=now - 55 * DAY, expires_at=now + 5 * DAY)
    ask_again_slice()
    return Letter.objects.get(kind="consent_ending", subject=subject)


def told_of_campaign(subject, purpose) -> Letter:
    """The letter of a campaign."""
    emails = [subject.identifiers.get().value]
    campaign = begin_campaign(wording=purpose.wordings.get(), period_days=30, emails=emails, actor=SYSTEM)
    campaign_slice(f"{campaign.pk}:tell")
    return Letter.objects.get(kind="consent_opt_out", subject=subject)


def send(letter: Letter) -> tuple[str, int]:
    """State of the letter after its turn, and how many mails went."""
    send_letter(letter_id=str(letter.pk))
    letter.refresh_from_db()
    return letter.state, len(mail.outbox)


def withdrawing(subject, purpose, letter):
    withdraw(subject=subject, purpose=purpose, actor=Actor.subject(subject))


def unsubscribing(subject, purpose, letter):
    unsubscribe(letter=letter)


def stopping_everything(subject, purpose, letter):
    stop_everything(subject=subject, actor=Actor.subject(subject))


def objecting(subject, purpose, letter):
    place_restriction(subject=subject, kind="marketing", purpose=purpose, actor=SYSTEM)


def having_all_restricted(subject, purpose, letter):
    place_restriction(subject=subject, kind="restriction", actor=SYSTEM)


def nothing(subject, purpose, letter):
    """The positive control: without a no it goes."""


WAYS = [withdrawing, unsubscribing, stopping_everything, objecting, having_all_restricted]


@pytest.mark.parametrize("write", [ending, told_of_campaign])
@pytest.mark.parametrize("say_no", [*WAYS, nothing])
def test_marketing_does_not_go_to_whoever_said_no_while_it_waited(newsletter, ama, write, say_no):
    letter = write(ama, newsletter)
    say_no(ama, newsletter, letter)
    expected = (LetterState.SENT, 1) if say_no is nothing else (LetterState.WITHHELD, 0)
    assert send(letter) == expected
    assert (letter.secret, letter.sending_since) == (None, None)
    entries = LedgerEntry.objects.filter(action="letter.withheld", object_id=str(letter.pk))
    assert entries.count() == (0 if say_no is nothing else 1)
    assert send(letter) == expected


@pytest.mark.parametrize(
    ("change", "going"),
    [
        ({"is_prohibited": True}, {}),
        ({"lawful_basis": "legitimate_interests"}, {}),
        ({"no_withdrawal_reason": "Act 773"}, {"consent_ending"}),
        ({"special_categories": ["health"]}, {"consent_ending"}),
        ({"minimum_age": 16}, {"consent_ending"}),
        ({"title": "The positive control"}, {"consent_ending", "consent_opt_out"}),
    ],
)
def test_no_marketing_goes_for_what_the_register_does_not_let_people_agree_to_any_more(newsletter, ama, change, going):
    kofi = find_or_add_subject(kind="email", value="kofi@example.com")
    letters = [ending(ama, newsletter), told_of_campaign(kofi, newsletter)]
    Purpose.objects.filter(pk=newsletter.pk).update(**change)
    assert CurrentConsent.objects.get(subject=ama).decision == "given"
    for letter in letters:
        assert send(letter)[0] == ("sent" if letter.kind in going else "withheld")


def test_a_no_is_about_one_person_and_one_purpose(newsletter, purposes, ama):
    kofi = find_or_add_subject(kind="email", value="kofi@example.com")
    agree(ama, purposes["surveys"])
    letter, other = ending(ama, newsletter), ending(kofi, newsletter)
    withdraw(subject=ama, purpose=purposes["surveys"], actor=Actor.subject(ama))
    withdraw(subject=kofi, purpose=newsletter, actor=Actor.subject(kofi))
    assert (send(letter)[0], send(other)[0]) == (LetterState.SENT, LetterState.WITHHELD)


def test_receipts_go_all_the_same(newsletter, ama):
    given = send_receipt(record=agree(ama, newsletter), actor=SYSTEM)
    withdraw(subject=ama, purpose=newsletter, actor=Actor.subject(ama))
    withdrawn = Letter.objects.order_by("created_at").last()
    assert (given.unsubscribe_from, send(given)[0], send(withdrawn)) == ("newsletter", "sent", ("sent", 2))


def test_who_agreed_again_is_not_asked_again_and_nobody_is_after_the_end(newsletter, ama):
    kofi = find_or_add_subject(kind="email", value="kofi@example.com")
    renewed, ended = ending(ama, newsletter), ending(kofi, newsletter)
    agree(ama, newsletter)
    CurrentConsent.objects.filter(subject=kofi).update(expires_at=timezone.now())
    assert (send(renewed), send(ended)) == (("withheld", 0), ("withheld", 0))


def test_letters_of_a_stopped_campaign_do_not_go(newsletter, ama):
    letter = told_of_campaign(ama, newsletter)
    stop_campaign(campaign=OptOutNotice.objects.get().campaign, actor=SYSTEM)
    assert send(letter) == ("withheld", 0)


def test_a_letter_that_failed_is_not_sent_again_after_a_no(newsletter, ama, officer):
    letter = ending(ama, newsletter)
    Letter.objects.filter(pk=letter.pk).update(state="failed", failure="server_away")
    withdraw(subject=ama, purpose=newsletter, actor=Actor.subject(ama))
    with pytest.raises(NotWanted, match="said no"):
        send_again(letter=letter, officer=officer)
    assert send(letter) == ("failed", 0)


def test_a_no_that_comes_while_the_mail_server_is_called_still_counts(newsletter, ama, monkeypatch):
    letter = ending(ama, newsletter)
    real = EmailBackend.open

    def slow(self):
        withdraw(subject=ama, purpose=newsletter, actor=Actor.subject(ama))
        return real(self)

    monkeypatch.setattr(EmailBackend, "open", slow)
    assert send(letter) == ("withheld", 0)


@pytest.mark.parametrize(("says_no", "wanted"), [(False, True), (True, False)])
def test_a_no_is_still_a_no_when_the_purpose_moved_to_another_ground(newsletter, ama, says_no, wanted):
    receipt = send_receipt(record=agree(ama, newsletter), actor=SYSTEM)
    if says_no:
        withdraw(subject=ama, purpose=newsletter, actor=Actor.subject(ama))
    Purpose.objects.filter(pk=newsletter.pk).update(lawful_basis="legitimate_interests")
    assert is_wanted(receipt) is wanted


def test_no_marketing_goes_while_nothing_knows_who_agreed(newsletter, ama, monkeypatch):
    receipt, letter = send_receipt(record=agree(ama, newsletter), actor=SYSTEM), ending(ama, newsletter)
    monkeypatch.setattr(addressing, "_wanted", [])
    assert (send(letter), send(receipt)) == (("withheld", 0), ("sent", 1))


def test_marketing_of_a_kind_that_is_gone_is_still_marketing(newsletter, ama, monkeypatch):
    letter = ending(ama, newsletter)
    monkeypatch.setattr(addressing, "letter_kinds", dict)
    withdraw(subject=ama, purpose=newsletter, actor=Actor.subject(ama))
    assert send(letter) == ("withheld", 0)


@pytest.mark.parametrize("told", [True, False])
def test_stopping_everything_says_no_to_a_campaign_that_takes_silence_for_consent(newsletter, purposes, ama, told):
    agree(ama, purposes["surveys"])
    kofi = find_or_add_subject(kind="email", value="kofi@example.com")
    campaign = begin_campaign(wording=newsletter.wordings.get(), period_days=30, emails=None, actor=SYSTEM)
    if told:
        campaign_slice(f"{campaign.pk}:tell")
    written = stop_everything(subject=ama, actor=Actor.subject(ama))
    assert [(row.purpose.code, row.decision) for row in written] == [
        ("surveys", "withdrawn"),
        ("newsletter", "refused"),
    ]
    assert {row.subject: row.outcome for row in OptOutNotice.objects.all()} == {ama: "objected", kofi: "open"}
    (receipt,) = Letter.objects.filter(kind="consents_stopped")
    assert "By that you also said no to:\n\n- Newsletter\n" in receipt.body
    assert all(str(row.pk) in receipt.body for row in written)
    assert stop_everything(subject=ama, actor=Actor.subject(ama)) == []


def test_who_gave_nothing_can_still_stop_a_campaign_in_the_preference_centre(newsletter, ama, visitor):
    campaign = begin_campaign(wording=newsletter.wordings.get(), period_days=30, emails=None, actor=SYSTEM)
    campaign_slice(f"{campaign.pk}:tell")
    enter_preferences(visitor, ama)
    assert "Stop everything" in visitor.get("/preferences/").content.decode()
    assert "we would take it after some days that you agree" in visitor.get("/preferences/stop/").content.decode()
    assert visitor.post("/preferences/stop/").url == "/preferences/stopped/"
    assert [row.decision for row in ConsentRecord.objects.all()] == ["refused"]
    assert [letter.kind for letter in Letter.objects.order_by("created_at")] == ["consent_opt_out", "consent_receipt"]
