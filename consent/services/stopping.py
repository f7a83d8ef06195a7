"""Stopping everything: every consent of a person, in one transaction and with one letter.

Who stops everything says no as well to what an opt-out campaign would take them to agree to by silence: its letter may
still wait in the outbox, and their silence on it would come after their no.
"""

from django.db import transaction

from consent.models import ConsentRecord
from consent.services.campaigns import refuse_open_campaigns
from consent.services.capture import withdraw_everything
from consent.services.letters import send_receipt, send_receipt_of_stopping
from privacy.ledger.actors import Actor
from privacy.subjects.models import Subject


@transaction.atomic
def stop_everything(*, subject: Subject, actor: Actor, language: str = "en") -> list[ConsentRecord]:
    """Withdraw all that the person may withdraw, refuse what silence would agree to, and write them one receipt.

    Asked twice, it is done once.

    Returns:
        What was withdrawn, then what was refused; empty when there was nothing.
    """
    withdrawn = withdraw_everything(subject=subject, actor=actor, language=language, also_bound=False)
    refused = refuse_open_campaigns(subject=subject)
    if withdrawn:
        send_receipt_of_stopping(records=withdrawn, refused=refused, actor=actor, language=language)
    else:
        for record in refused:
            send_receipt(record=record, actor=actor)
    return [*withdrawn, *refused]
