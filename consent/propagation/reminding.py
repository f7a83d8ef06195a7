"""Reminding officers of withdrawals that are still to be passed on."""

from datetime import date

from django.db import transaction

from consent.propagation.selectors import open_tasks
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import renew
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.letters.addresses import portal_url
from privacy.letters.to_officers import write_to_officers

LETTER = "withdrawals_due"
LATE = "late"
PAGE = "/officer/consent/withdrawaltask/"


@transaction.atomic
def remind(job: JobHandle) -> None:
    """Write to the officers once when tasks of a day are still open.

    Args:
        job: its slot says of which day, and whether it is over: `soon:2026-12-01` or `late:2026-12-01`.

    Raises:
        privacy.jobs.registry.LeaseLost: another worker does it.
    """
    renew(job_id=job.id, lease_owner=job.lease_owner)
    when, _colon, day = job.slot.partition(":")
    due_on = date.fromisoformat(day)
    number = open_tasks().filter(due_on=due_on).count()
    said = {"due_on": day, "when": when}
    if not number or LedgerEntry.objects.filter(action="consent.withdrawals_reminded", data__contains=said).exists():
        return
    context = {"number": number, "due_on": due_on, "is_late": when == LATE, "page": portal_url(PAGE)}
    write_to_officers(kind=LETTER, context=context, actor=SYSTEM)
    record(action="consent.withdrawals_reminded", actor=SYSTEM, data=said | {"tasks": number})
