"""Sending one letter. May be tried any number of times; a letter that was sent is not sent again.

A crash between the mail server's yes and our note of it sends the mail once more, under the same Message-ID, by which
mail programs recognise it; that is as exact as SMTP allows (RFC 5321, 4.5.3.2.6).
"""

import smtplib
from datetime import timedelta

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from privacy.jobs.registry import Retry
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.letters.models import Letter, LetterState
from privacy.letters.services import LINK_PLACEHOLDER
from privacy.register.selectors import profile

GIVE_UP_AFTER = 12


def send_letter(*, letter_id: str) -> None:
    """Send a letter that waits in the outbox.

    Raises:
        Retry: the mail server cannot be reached or asks to come back; tried again with growing pauses.
    """
    letter = Letter.objects.filter(pk=letter_id, state=LetterState.QUEUED).first()
    if letter is None:
        return
    message = _message(letter)
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        _note_failure(letter, refused=isinstance(error, smtplib.SMTPRecipientsRefused))
        return
    with transaction.atomic():
        sent = Letter.objects.filter(pk=letter.pk, state=LetterState.QUEUED).update(
            state=LetterState.SENT, sent_at=timezone.now(), secret=None, attempts=F("attempts") + 1
        )
        if sent:
            record(action="letter.sent", actor=SYSTEM, target=letter)


def _message(letter: Letter) -> EmailMessage:
    sender = profile()
    body = letter.body.replace(LINK_PLACEHOLDER, letter.secret or "")
    return EmailMessage(
        subject=letter.heading,
        body=body,
        to=[letter.address],
        reply_to=[sender.officer_email],
        headers={"Message-ID": f"<{letter.pk}@privacy-desk.invalid>", "Auto-Submitted": "auto-generated"},
        connection=get_connection(),
    )


def _note_failure(letter: Letter, *, refused: bool) -> None:
    Letter.objects.filter(pk=letter.pk).update(attempts=F("attempts") + 1)
    if refused or letter.attempts + 1 >= GIVE_UP_AFTER:
        with transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(state=LetterState.FAILED)
            record(action="letter.failed", actor=SYSTEM, target=letter, data={"refused": refused})
        return
    raise Retry("mail_server_unreachable", after=timedelta(seconds=min(15 * 2**letter.attempts, 3600)))
