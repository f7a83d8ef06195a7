"""Stopping everything: every consent of a person, in one transaction and with one letter."""

from django.db import transaction

from consent.models import ConsentRecord
from consent.services.capture import withdraw_everything
from consent.services.letters import send_receipt_of_stopping
from privacy.ledger.actors import Actor
from privacy.subjects.models import Subject


@transaction.atomic
def stop_everything(*, subject: Subject, actor: Actor, language: str = "en") -> list[ConsentRecord]:
    """Withdraw all that the person may withdraw, and write them one receipt. Asked twice, it is withdrawn once.

    Returns:
        What was withdrawn; empty when nothing was given.
    """
    written = withdraw_everything(subject=subject, actor=actor, language=language, also_bound=False)
    if written:
        send_receipt_of_stopping(records=written, actor=actor, language=language)
    return written
