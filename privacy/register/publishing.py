"""Putting a privacy notice into force. From then on its words stay as they are; a change is a new version.

With it is written down which purposes people are told of: every one that is in the register then and is not
prohibited. Disclosures are checked against them (`privacy.register.disclosures`).
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.register.models import Notice, NoticePurpose, Purpose


@transaction.atomic
def publish_notice(*, notice: Notice, actor: Actor, now: datetime | None = None) -> Notice:
    """Put a notice into force. One that is in force stays as it is.

    Args:
        now: since when it is in force; the present moment when absent, and never a later one. An earlier one is for a
            notice that people were given before it was entered here; the ledger has both.
    """
    moment = timezone.now()
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if locked.published_at is None:
        locked.published_at = min(now or moment, moment)
        locked.save(update_fields=["published_at"])
        told = NoticePurpose.objects.bulk_create(
            [NoticePurpose(notice=locked, purpose=each) for each in told_purposes()]
        )
        data = {"version": locked.version, "language": locked.language, "purposes": len(told)}
        if locked.published_at < moment:
            data["in_force_since"] = locked.published_at.isoformat()
        record(action="notice.published", actor=actor, target=locked, data=data)
    return locked


def told_purposes() -> QuerySet[Purpose]:
    """The purposes of which a notice that is put into force now tells people."""
    return Purpose.objects.filter(is_prohibited=False).order_by("order", "code").prefetch_related("recipients")
