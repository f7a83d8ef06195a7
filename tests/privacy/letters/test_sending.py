import smtplib
from datetime import timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from privacy.jobs.models import Job, JobState
from privacy.jobs.registry import Retry
from privacy.jobs.runner import run_job
from privacy.ledger.models import LedgerEntry
from privacy.letters import sending
from privacy.letters.mail_folder import FolderBackend
from privacy.letters.models import Failure, Letter, LetterState
from privacy.register.models import OrganisationProfile
from privacy.tenants.context import organisation_context
from tests.privacy.jobs.test_owning import in_threads
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


def failing_with(monkeypatch, error: Exception, at: str = "open") -> None:
    def refuse(self, *arguments):
        raise error

    monkeypatch.setattr(EmailBackend, at, refuse)


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


def refused(code: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"ama.mensah@example.com": (code, b"no such user")})


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (refused(550), Failure.ADDRESS_REFUSED),
        (smtplib.SMTPDataError(554, b"looks like spam"), Failure.MAIL_REFUSED),
        (smtplib.SMTPSenderRefused(550, b"not you", "a@example.com"), Failure.MAIL_REFUSED),
        (smtplib.SMTPServerDisconnected("in the middle"), Failure.INTERRUPTED),
        (TimeoutError(), Failure.INTERRUPTED),
    ],
)
def test_what_will_never_go_or_may_have_gone_is_not_tried_again_and_says_why(letter, monkeypatch, error, failure):
    failing_with(monkeypatch, error, at="send_messages")
    assert deliver(letter).state == JobState.DONE
    assert (letter.state, letter.failure, letter.sending_since) == (LetterState.FAILED, failure, None)
    assert LedgerEntry.objects.get(action="letter.failed").data == {"failure": failure}


@pytest.mark.parametrize("error", [refused(450), smtplib.SMTPDataError(451, b"try again later")])
def test_a_server_that_asks_to_come_back_is_asked_again(letter, monkeypatch, error):
    with monkeypatch.context() as patch:
        failing_with(patch, error, at="send_messages")
        assert deliver(letter).problem == "mail_server_unreachable"
    assert (letter.state, letter.sending_since) == (LetterState.QUEUED, None)
    assert deliver(letter).state == JobState.DONE
    assert (letter.state, len(mail.outbox)) == (LetterState.SENT, 1)


def test_after_twelve_attempts_it_is_given_up(letter, monkeypatch):
    failing_with(monkeypatch, ConnectionRefusedError())
    states = []
    for _attempt in range(sending.GIVE_UP_AFTER):
        deliver(letter)
        states.append(letter.state)
    assert states == ["queued"] * 11 + ["failed"]
    assert LedgerEntry.objects.get(action="letter.failed").data == {"failure": "server_away"}


def test_sending_twice_after_a_crash_uses_one_message_id_and_the_folder_keeps_one_file(letter, settings, tmp_path):
    settings.MAIL_DIR = tmp_path
    message = sending._message(letter, FolderBackend())
    for _sent_again in range(2):
        assert FolderBackend().send_messages([sending._message(letter, FolderBackend())]) == 1
    assert message.extra_headers["Message-ID"] == f"<{letter.pk}@privacy-desk.invalid>"
    (kept,) = tmp_path.glob("*.eml")
    assert f"<{letter.pk}@privacy-desk.invalid>".encode() in kept.read_bytes()


def test_a_worker_that_died_while_sending_leaves_the_letter_to_an_officer(letter, monkeypatch):
    """Killed between the mail server's yes and our note: nobody knows whether it went, so it does not go again."""

    def die(self, messages):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", die)
        with pytest.raises(KeyboardInterrupt):
            sending.send_letter(letter_id=str(letter.pk))
    letter.refresh_from_db()
    assert (letter.state, letter.sending_since is None) == (LetterState.QUEUED, False)
    with pytest.raises(Retry, match="sent_by_another_worker"):
        sending.send_letter(letter_id=str(letter.pk))
    Letter.objects.filter(pk=letter.pk).update(sending_since=timezone.now() - sending.GONE_AFTER)
    sending.send_letter(letter_id=str(letter.pk))
    letter.refresh_from_db()
    assert (letter.state, letter.failure, len(mail.outbox)) == (LetterState.FAILED, Failure.INTERRUPTED, 0)


def test_workers_who_hold_the_same_letter_at_once_send_it_once(committed, settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    waiting = letter_of(submit(), "confirm")
    all_are_connected = Barrier(4, timeout=30)
    monkeypatch.setattr(EmailBackend, "open", lambda self: all_are_connected.wait())

    def work() -> str:
        with organisation_context(committed):
            try:
                sending.send_letter(letter_id=str(waiting.pk))
            except Retry as later:
                return later.problem
            return "done"

    assert sorted(in_threads(4, work)) == ["done", *["sent_by_another_worker"] * 3]
    waiting.refresh_from_db()
    assert (len(mail.outbox), waiting.state) == (1, LetterState.SENT)
    assert LedgerEntry.objects.filter(action="letter.sent").count() == 1
