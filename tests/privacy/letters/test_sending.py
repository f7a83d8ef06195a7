import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from privacy.jobs.models import Job, JobState
from privacy.jobs.runner import run_job
from privacy.ledger.models import LedgerEntry
from privacy.letters import sending
from privacy.letters.mail_folder import FolderBackend
from privacy.letters.models import Letter, LetterState
from privacy.register.models import OrganisationProfile
from tests.requests.conftest import letter_of, submit


@pytest.fixture
def letter(alpha, settings) -> Letter:
    """A letter with a link that waits in the outbox."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return letter_of(submit(), "confirm")


def deliver(letter: Letter) -> Job:
    job = Job.objects.get(kind="letters.send", slot=str(letter.pk))
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    run_job(job_id=job.pk)
    job.refresh_from_db()
    letter.refresh_from_db()
    return job


def failing_with(monkeypatch, error: Exception) -> None:
    def refuse(self, messages):
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)


def test_a_letter_is_sent_with_its_link_which_is_then_forgotten(letter):
    link = letter.secret
    assert deliver(letter).state == JobState.DONE
    (sent,) = mail.outbox
    assert (sent.to, link in sent.body, "[[link]]" in sent.body) == (["ama.mensah@example.com"], True, False)
    assert sent.reply_to == [OrganisationProfile.objects.get().officer_email]
    assert (letter.state, letter.secret, "[[link]]" in letter.body) == (LetterState.SENT, None, True)
    assert LedgerEntry.objects.filter(action="letter.sent", object_id=str(letter.pk)).count() == 1


def test_a_letter_is_sent_once_however_often_its_job_runs(letter):
    deliver(letter)
    sending.send_letter(letter_id=str(letter.pk))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("error", [ConnectionRefusedError(), smtplib.SMTPServerDisconnected("gone"), TimeoutError()])
def test_a_mail_server_that_is_away_is_tried_again_and_nothing_is_lost(letter, monkeypatch, error):
    with monkeypatch.context() as patch:
        failing_with(patch, error)
        job = deliver(letter)
        assert (job.state, job.problem) == (JobState.PENDING, "mail_server_unreachable")
        assert job.due_at > timezone.now() + timedelta(seconds=10)
    assert (letter.state, letter.attempts, letter.secret is None) == (LetterState.QUEUED, 1, False)
    assert deliver(letter).state == JobState.DONE
    assert (letter.state, len(mail.outbox)) == (LetterState.SENT, 1)


def test_an_address_that_the_server_refuses_is_not_tried_again(letter, monkeypatch):
    failing_with(monkeypatch, smtplib.SMTPRecipientsRefused({"ama.mensah@example.com": (550, b"no such user")}))
    assert deliver(letter).state == JobState.DONE
    assert letter.state == LetterState.FAILED
    assert LedgerEntry.objects.get(action="letter.failed").data == {"refused": True}


def test_after_twelve_attempts_it_is_given_up(letter, monkeypatch):
    failing_with(monkeypatch, ConnectionRefusedError())
    states = []
    for _attempt in range(sending.GIVE_UP_AFTER):
        deliver(letter)
        states.append(letter.state)
    assert states == ["queued"] * 11 + ["failed"]
    assert LedgerEntry.objects.get(action="letter.failed").data == {"refused": False}


def test_sending_twice_after_a_crash_uses_one_message_id_and_the_folder_keeps_one_file(letter, settings, tmp_path):
    settings.MAIL_DIR = tmp_path
    message = sending._message(letter)
    for _sent_again in range(2):
        assert FolderBackend().send_messages([sending._message(letter)]) == 1
    assert message.extra_headers["Message-ID"] == f"<{letter.pk}@privacy-desk.invalid>"
    (kept,) = tmp_path.glob("*.eml")
    assert f"<{letter.pk}@privacy-desk.invalid>".encode() in kept.read_bytes()
