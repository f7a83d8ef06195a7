"""Sending one letter. May be tried any number of times, by any number of workers; it is sent once.

Danger: two workers hold the same letter, or one dies between the mail server's yes and our note of it.
Rule: whoever sends first claims the letter by a conditional statement, after the connection to the mail server stands,
so that nothing but the handing over lies between the claim and the note. A letter that is found claimed by somebody who
is gone is not sent again by itself, because nobody knows whether it went; it fails as interrupted, and an officer
decides. Sent again, it has the same Message-ID, by which mail programs recognise it.

Whether marketing is still wanted, and what a letter says still stands, is asked in the transaction of the claim: who
said no before it gets none of it, and nobody is told what was taken back before it.
"""

import smtplib
from datetime import timedelta

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from privacy.jobs.registry import Retry
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.letters.addressing import is_still_true, is_still_wanted
from privacy.letters.models import Failure, Letter, LetterState
from privacy.letters.moves import move_letter
from privacy.letters.unsubscribing import unsubscribe_headers
from privacy.letters.wording import LINK_PLACEHOLDER
from privacy.register.selectors import profile

GIVE_UP_AFTER = 12
GONE_AFTER = timedelta(minutes=5)  # handing over takes EMAIL_TIMEOUT at most, for each of a few answers of the server


def send_letter(*, letter_id: str) -> None:
    """Send a letter that waits in the outbox.

    Raises:
        Retry: the mail server cannot be reached or asks to come back, or another worker is sending it just now.
    """
    letter = Letter.objects.filter(pk=letter_id, state=LetterState.QUEUED).first()
    if letter is None:
        return
    if letter.sending_since is not None:
        _look_after(letter)
        return
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        _note_refusal(letter, error)
        return
    try:
        _hand_over(letter, _message(letter, connection))
    finally:
        _close(connection)


def _hand_over(letter: Letter, message: EmailMessage) -> None:
    if not _claimed(letter):
        return
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        _note_refusal(letter, error)
        return
    except (smtplib.SMTPException, OSError):
        _fail(letter, Failure.INTERRUPTED)  # the line broke: nobody knows on which side of the server's yes
        return
    with transaction.atomic():
        sent = move_letter(
            Letter.objects.filter(pk=letter.pk), come_from=LetterState.QUEUED, to=LetterState.SENT,
            sent_at=timezone.now(), secret=None, attempts=F("attempts") + 1, sending_since=None,
        )  # fmt: skip
        if sent:
            record(action="letter.sent", actor=SYSTEM, target=letter)


@transaction.atomic
def _claimed(letter: Letter) -> bool:
    """Claim a letter; False when it is withheld instead, because it is not wanted any more or was taken back.

    Raises:
        Retry: another worker claimed it.
    """
    mine = Letter.objects.filter(pk=letter.pk, state=LetterState.QUEUED, sending_since__isnull=True)
    if not mine.update(sending_since=timezone.now()):
        raise Retry("sent_by_another_worker", after=GONE_AFTER)
    is_true = is_still_true(letter)
    if is_true and is_still_wanted(letter):
        return True
    move_letter(
        Letter.objects.filter(pk=letter.pk), come_from=LetterState.QUEUED, to=LetterState.WITHHELD,
        secret=None, sending_since=None,
    )  # fmt: skip
    record(action="letter.withheld" if is_true else "letter.taken_back", actor=SYSTEM, target=letter)
    return False


def _message(letter: Letter, connection: BaseEmailBackend) -> EmailMessage:
    sender = profile()
    body = letter.body.replace(LINK_PLACEHOLDER, letter.secret or "")
    return EmailMessage(
        subject=letter.heading,
        body=body,
        to=[letter.address],
        reply_to=[sender.officer_email],
        headers={"Message-ID": f"<{letter.pk}@privacy-desk.invalid>", "Auto-Submitted": "auto-generated"}
        | unsubscribe_headers(letter),
        connection=connection,
    )


def _close(connection: BaseEmailBackend) -> None:
    """What becomes of the connection says nothing about the letter any more."""
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        return


def _look_after(letter: Letter) -> None:
    """A letter that somebody claimed: they are at it, or they are gone."""
    assert letter.sending_since is not None  # asked by the caller
    left = letter.sending_since + GONE_AFTER - timezone.now()
    if left > timedelta(0):
        raise Retry("sent_by_another_worker", after=left)
    _fail(letter, Failure.INTERRUPTED)


def _note_refusal(letter: Letter, error: Exception) -> None:
    """The server said no, or was never reached: the letter did not go, and may be tried again unless it never will."""
    Letter.objects.filter(pk=letter.pk).update(attempts=F("attempts") + 1, sending_since=None)
    if isinstance(error, smtplib.SMTPRecipientsRefused) and all(code >= 500 for code, _ in error.recipients.values()):
        _fail(letter, Failure.ADDRESS_REFUSED)
    elif isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused) and error.smtp_code >= 500:
        _fail(letter, Failure.MAIL_REFUSED)
    elif letter.attempts + 1 >= GIVE_UP_AFTER:
        _fail(letter, Failure.SERVER_AWAY)
    else:
        raise Retry("mail_server_unreachable", after=timedelta(seconds=min(15 * 2**letter.attempts, 3600)))


def _fail(letter: Letter, failure: Failure) -> None:
    with transaction.atomic():
        failed = move_letter(
            Letter.objects.filter(pk=letter.pk), come_from=LetterState.QUEUED, to=LetterState.FAILED,
            failure=failure, sending_since=None,
        )  # fmt: skip
        if failed:
            record(action="letter.failed", actor=SYSTEM, target=letter, data={"failure": failure})
