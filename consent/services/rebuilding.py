"""Making the present state anew from the sealed records.

Danger: the state beside the ledger was damaged (a bad restore, a hand in the database), and the organisation uses data
to which consent was withdrawn, or no longer writes to people who agreed.
Rule: the sealed records are what is true. For each person and purpose the latest decision is the state, found as
writers find it (`consent.services.order`). People are taken a few at a time and locked, as writers lock them, so that
no decision is overwritten that comes meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consent.guards import Today
from consent.models import ConsentRecord, CurrentConsent, Decision
from consent.services.order import Latest, becomes_the_state
from consent.services.spoken import is_unsaid
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
    of_each: dict[tuple[UUID, int], list[ConsentRecord]] = defaultdict(list)
    for row in ConsentRecord.objects.filter(subject__in=subjects).order_by("recorded_at", "id"):
        of_each[row.subject_id, row.purpose_id].append(row)
    today = Today()
    newest = {key: _standing(rows, today) for key, rows in of_each.items()}
    return {key: (row.decision, row.recorded_at, row.pk, row.expires_at) for key, row in newest.items()}


def _standing(records: Sequence[ConsentRecord], today: Today) -> ConsentRecord:
    """The record that is the state, of those of one person and purpose in the order in which they were written."""
    found, decided = records[0], list[ConsentRecord]()
    for row in records:
        told_late = row.decided_at < row.recorded_at and row.decision != Decision.EXPIRED
        if not told_late or becomes_the_state(
            row.decided_at, is_over=row.was_over, before=_latest(decided, row.recorded_at), today=today
        ):
            found = row
        if row.decision != Decision.EXPIRED:
            decided.append(row)
    return found


def _latest(decided: Sequence[ConsentRecord], now: datetime) -> Latest:
    said = [each for each in decided if not is_unsaid(each.decision, each.method)]
    standing = [each.decided_at for each in said if each.expires_at is None or each.expires_at > now]
    return Latest(max((each.decided_at for each in decided), default=None), max(standing, default=None))
