"""Putting a privacy notice into force. From then on its words stay as they are; a change is a new version."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.register.models import Notice


@transaction.atomic
def publish_notice(*, notice: Notice, actor: Actor, now: datetime | None = None) -> Notice:
    """Put a notice into force. One that is in force stays as it is.

    Args:
        now: since when it is in force; the present moment when absent.
    """
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if locked.published_at is None:
        locked.published_at = now or timezone.now()
        locked.save(update_fields=["published_at"])
        data = {"version": locked.version, "language": locked.language}
        record(action="notice.published", actor=actor, target=locked, data=data)
    return locked
