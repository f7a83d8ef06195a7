"""Making the present state anew from the sealed records.

Danger: the state beside the ledger was damaged (a bad restore, a hand in the database), and the organisation uses data
to which consent was withdrawn, or no longer writes to people who agreed.
Rule: the sealed records are what is true. For each person and purpose the newest of them is the state. People are taken
a few at a time and locked, as writers lock them, so that no decision is overwritten that comes meanwhile.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consent.models import ConsentRecord, CurrentConsent
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.subjects.models import Subject

AT_ONCE = 500

State = tuple[str, datetime, UUID, datetime | None]
"""Decision, since when, by which record, until when."""


@dataclass(frozen=True)
class Difference:
    """A state that is not what the records say; None where there is none. Holds opaque ids only."""

    subject_id: UUID
    purpose_id: int
    stands: State | None
    recorded: State | None


def differences() -> Iterator[Difference]:
    """Every state that is not what the records say; nothing is changed."""
    for subjects in _people():
        yield from _compare(subjects)


def rebuild(*, actor: Actor) -> int:
    """Make the states what the records say. Returns how many were not; a second time there are none."""
    mended = sum(_rebuild(subjects) for subjects in _people())
    if mended:
        record(action="consent.states_rebuilt", actor=actor, data={"states": mended})
    return mended


@transaction.atomic
def _rebuild(subjects: Sequence[UUID]) -> int:
    list(Subject.objects.select_for_update(no_key=True).filter(pk__in=subjects).order_by("pk").values_list("pk"))
    found = _compare(subjects)
    for each in found:
        if each.recorded is None:
            CurrentConsent.objects.filter(subject=each.subject_id, purpose=each.purpose_id).delete()
            continue
        decision, since, record_id, expires_at = each.recorded
        CurrentConsent.objects.update_or_create(
            subject_id=each.subject_id,
            purpose_id=each.purpose_id,
            defaults={"decision": decision, "since": since, "record_id": record_id, "expires_at": expires_at},
        )
    return len(found)


def _people() -> Iterator[list[UUID]]:
    """Everybody who ever decided, or of whom a state stands, some at a time."""
    last = UUID(int=0)
    while True:
        some: set[UUID] = set()
        for model in (ConsentRecord, CurrentConsent):
            rows = model.objects.filter(subject_id__gt=last).order_by("subject_id")
            some |= set(rows.values_list("subject_id", flat=True).distinct()[:AT_ONCE])
        chosen = sorted(some)[:AT_ONCE]
        if not chosen:
            return
        yield chosen
        last = chosen[-1]


def _compare(subjects: Sequence[UUID]) -> list[Difference]:
    recorded = _recorded(subjects)
    rows = CurrentConsent.objects.filter(subject__in=subjects)
    stands: dict[tuple[UUID, int], State] = {
        (row.subject_id, row.purpose_id): (row.decision, row.since, row.record_id, row.expires_at) for row in rows
    }
    return [
        Difference(*key, stands.get(key), recorded.get(key))
        for key in sorted(recorded.keys() | stands.keys())
        if stands.get(key) != recorded.get(key)
    ]


def _recorded(subjects: Sequence[UUID]) -> dict[tuple[UUID, int], State]:
    newest = (
        ConsentRecord.objects.filter(subject__in=subjects)
        .order_by("subject_id", "purpose_id", "-recorded_at", "-id")
        .distinct("subject_id", "purpose_id")
    )
    return {(row.subject_id, row.purpose_id): (row.decision, row.recorded_at, row.pk, row.expires_at) for row in newest}
