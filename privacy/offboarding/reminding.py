"""Reminding the officers of a cancelled organisation of its last day."""

from django.db import transaction

from privacy.jobs.registry import JobHandle
from privacy.jobs.services import renew
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.offboarding.cancelling import mark_of
from privacy.offboarding.letters import tell_officers
from privacy.tenants.context import current_organisation


@transaction.atomic
def remind(job: JobHandle) -> None:
    """Write the reminder that the job's slot (`<cancellation>/<days before>`) names, once.

    Raises:
        privacy.jobs.registry.LeaseLost: another worker does it.
    """
    renew(job_id=job.id, lease_owner=job.lease_owner)
    organisation = current_organisation()
    mark, _slash, days = job.slot.partition("/")
    if not organisation.is_cancelled or mark_of(organisation) != mark:
        return
    data = {"days_before": int(days), "cancellation": mark}
    if LedgerEntry.objects.filter(action="organisation.closing_reminded", data=data).exists():
        return
    tell_officers(kind="closing_reminder", organisation=organisation, actor=SYSTEM)
    record(action="organisation.closing_reminded", actor=SYSTEM, data=data)
