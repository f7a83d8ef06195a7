"""Writing to the ledger."""

from datetime import UTC, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from privacy.jobs.services import enqueue
from privacy.ledger.actors import Actor
from privacy.ledger.models import LedgerEntry
from privacy.tenants.context import current_organisation, organisation_context

SEAL_EVERY_SECONDS = 20

_sealing_asked: dict[str, int] = {}


def record(
    *, action: str, actor: Actor, target: models.Model | None = None, data: dict[str, Any] | None = None
) -> LedgerEntry:
    """Write down an act, in the caller's transaction: both happen or neither.

    Args:
        action: dotted, stable code, past tense last (`subject_request.received`).
        actor: who did it.
        target: what it was done to.
        data: codes, counts, dates as text, opaque ids. Never personal data: it cannot be removed again.
    """
    entry = new_entry(action=action, actor=actor, target=target, data=data)
    entry.save()
    ask_for_sealing()
    return entry


def new_entry(
    *, action: str, actor: Actor, target: models.Model | None = None, data: dict[str, Any] | None = None
) -> LedgerEntry:
    """An entry as `record` takes it, not yet written: for callers that write it together with other rows.

    They call `prepare()` on it, and `ask_for_sealing` once it is written.
    """
    return LedgerEntry(
        actor_kind=actor.kind,
        actor_id=actor.id,
        action=action,
        object_type=target._meta.label_lower if target is not None else "",
        object_id=str(target.pk) if target is not None else "",
        data=data or {},
    )


def ask_for_sealing() -> None:
    """Have new rows sealed soon. One job for each interval; asked after the commit so that writers never queue."""
    organisation = current_organisation()
    schema_name = organisation.schema_name
    interval = int(timezone.now().timestamp()) // SEAL_EVERY_SECONDS
    if _sealing_asked.get(schema_name) == interval:
        return

    def ask() -> None:
        _sealing_asked[schema_name] = interval
        due_at = datetime.fromtimestamp((interval + 1) * SEAL_EVERY_SECONDS, tz=UTC)
        with organisation_context(organisation):  # a commit may come after the organisation was left
            enqueue(kind="ledger.seal", slot=str(interval), due_at=due_at)

    transaction.on_commit(ask, robust=True)  # the act stands; the hourly sealing finds what this could not ask for
