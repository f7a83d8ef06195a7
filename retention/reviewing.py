"""Reminding the officers that the review date of a hold has come. A hold never ends by itself."""

import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from privacy.jobs.registry import JobHandle
from privacy.jobs.services import renew
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.letters.addresses import portal_url
from privacy.letters.to_officers import write_to_officers
from privacy.register.selectors import local_date
from retention.models import Hold


def due_for_review() -> QuerySet[Hold]:
    """Holds that nobody released and whose review date has come."""
    return Hold.objects.filter(released_at__isnull=True, review_on__lte=local_date(timezone.now()))


@transaction.atomic
def remind_of_review(job: JobHandle) -> None:
    """Write to the officers once for each hold and review date (the job's slot is `<hold>/<date>`).

    Raises:
        privacy.jobs.registry.LeaseLost: another worker does it.
    """
    renew(job_id=job.id, lease_owner=job.lease_owner)
    key, _slash, day = job.slot.partition("/")
    hold = due_for_review().filter(pk=uuid.UUID(key), review_on=day).first()
    data = {"review_on": day}
    if hold is None:
        return
    if LedgerEntry.objects.filter(action="hold.review_due", object_id=str(hold.pk), data=data).exists():
        return
    context: dict[str, object] = {
        "placed_on": local_date(hold.placed_at),
        "page": portal_url(f"/officer/retention/hold/{hold.pk}/change/"),
    }
    write_to_officers(kind="hold_review", context=context, actor=SYSTEM)
    record(action="hold.review_due", actor=SYSTEM, target=hold, data=data)
