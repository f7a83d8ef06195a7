"""Reminding the owner of a task that is overdue: once, by letter."""

from django.db import transaction
from django.utils import timezone

from privacy.errands.models import Errand, ErrandState
from privacy.ledger.actors import SYSTEM
from privacy.letters.addresses import portal_url
from privacy.letters.services import write_letter
from privacy.register.selectors import profile


@transaction.atomic
def remind_owner(*, errand_id: str) -> None:
    """Write to the owner of a task that is still open and that nobody was reminded of."""
    errand = Errand.objects.select_for_update(of=("self",)).select_related("owner", "source").get(pk=errand_id)
    owner = errand.owner
    if errand.state != ErrandState.OPEN or errand.reminded_at is not None or owner is None or not owner.is_active:
        return
    errand.reminded_at = timezone.now()
    errand.save(update_fields=["reminded_at"])
    context = {
        "name": owner.full_name,
        "source": errand.source.name,
        "due_on": errand.due_on,
        "organisation": profile(),
        "page": portal_url(f"/officer/errands/errand/{errand.pk}/change/"),
    }
    write_letter(kind="task_overdue", subject=None, address=owner.email, context=context, actor=SYSTEM)
