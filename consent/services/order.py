"""In which order decisions were made, where one is told late.

Danger: somebody withdraws, a system tells afterwards of a consent from before that, and the withdrawal is gone.
Rule: a consent that is said to be older than the latest decision, by when each was made, is refused. A no is recorded
whenever it is told. The present state is what was decided on the latest day, and of one day what was told last: of many
a no only the day is known, and clocks differ, so a no gives way only to what was decided on a later day. A consent that
ran out is no decision, so it stands in nobody's way. Nor is a silence, for whoever is told to have spoken before it was
not silent.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.errors import LaterDecisionStands
from consent.guards import Today
from consent.models import ConsentRecord, CurrentConsent, Decision
from consent.silence import SILENT
from privacy.register.models import Purpose
from privacy.subjects.people import SUBJECT_KNOWN_BY, Person
from privacy.tenants.rows import Question, ask

_SILENT = ", ".join(f"'{each.value}'" for each in SILENT)
_STANDS = f"""(expires_at IS NULL OR expires_at > clock_timestamp())
           AND NOT (decision = '{Decision.GIVEN.value}' AND method IN ({_SILENT}))"""
_DECIDED = f"""
    SELECT max(least(recorded_at, occurred_at)) FILTER (WHERE {_STANDS})
      FROM {ConsentRecord._meta.db_table} WHERE decision <> '{Decision.EXPIRED.value}' AND"""  # noqa: S608
_AGREED = f"""
    SELECT since FROM {CurrentConsent._meta.db_table}
     WHERE decision = '{Decision.GIVEN.value}' AND (expires_at IS NULL OR expires_at > clock_timestamp())
       AND"""  # noqa: S608
_PURPOSE = f"(SELECT id FROM {Purpose._meta.db_table} WHERE code = %s)"  # noqa: S608
_BY_PERSON = f" subject_id = {SUBJECT_KNOWN_BY} AND purpose_id = {_PURPOSE}"
_BY_ID = " subject_id = %s AND purpose_id = %s"
_OF_MANY = f"""
    SELECT subject_id, purpose_id, max(least(recorded_at, occurred_at)),
           max(least(recorded_at, occurred_at)) FILTER (WHERE {_STANDS})
      FROM {ConsentRecord._meta.db_table}
     WHERE decision <> '{Decision.EXPIRED.value}' AND subject_id = ANY(%s) GROUP BY subject_id, purpose_id"""  # noqa: S608

UNLESS_DECIDED_LATER = f"""
     WHERE NOT EXISTS (
           SELECT FROM {ConsentRecord._meta.db_table} r
            WHERE r.subject_id = excluded.subject_id AND r.purpose_id = excluded.purpose_id
              AND r.id <> excluded.record_id AND r.decision <> '{Decision.EXPIRED.value}'
              AND (r.expires_at IS NULL OR r.expires_at > excluded.since OR excluded.expires_at <= excluded.since)
              AND (excluded.expires_at <= excluded.since
                   OR NOT (r.decision = '{Decision.GIVEN.value}' AND r.method IN ({_SILENT})))
              AND least(r.recorded_at, r.occurred_at) >= %s)"""
"""For a state that is written over the one before, with `next_day_after`: the same as `becomes_the_state`."""


@dataclass(frozen=True, slots=True)
class Latest:
    """When a person made their latest decision about a purpose.

    Args:
        of_all: the latest of all; None where they never decided.
        standing: the same without consents that ran out, and without what was concluded from silence.
    """

    of_all: datetime | None = None
    standing: datetime | None = None

    def and_then(self, at: datetime, *, is_over: bool, is_unsaid: bool) -> "Latest":
        """With one more decision, be it of a consent that is over, or one that nobody said."""
        stands = not (is_over or is_unsaid)
        return Latest(max(at, self.of_all or at), max(at, self.standing or at) if stands else self.standing)


def becomes_the_state(at: datetime, *, is_over: bool, before: Latest, today: Today) -> bool:
    """Whether a decision made at a moment is the present state, and not an account of what was before it.

    Args:
        is_over: it is of a consent whose days had run out when it was told; that gives way to those that ran out later.
        before: what was told before it.
    """
    latest = before.of_all if is_over else before.standing
    return latest is None or today.day_of(at) >= today.day_of(latest)


def next_day_after(at: datetime, today: Today) -> datetime:
    """When the day after a decision began."""
    return today.start_of(today.day_of(at) + timedelta(days=1))


def is_told_late(decision: str, occurred_at: datetime | None) -> bool:
    """Whether it matters what was decided since."""
    return decision == Decision.GIVEN and occurred_at is not None


def when_decided(person: Person, purpose: str) -> Question[datetime | None]:
    """When the latest decision was made, for the code of a purpose; None where there is none.

    To be asked in one round trip with the person's lock, and after it.
    """
    return Question(_DECIDED + _BY_PERSON, [person.kind, person.index, purpose], _one)


def when_decided_by(subject_id: UUID, purpose: Purpose) -> datetime | None:
    """The same of a person who is locked."""
    return ask(Question(_DECIDED + _BY_ID, [subject_id, purpose.pk], _one))


def when_agreed(person: Person, purpose: str) -> Question[datetime | None]:
    """Since when the consent stands, for the code of a purpose; None where there is none."""
    return Question(_AGREED + _BY_PERSON, [person.kind, person.index, purpose], _one)


def when_agreed_by(subject_id: UUID, purpose: Purpose) -> datetime | None:
    """The same of a person who is locked."""
    return ask(Question(_AGREED + _BY_ID, [subject_id, purpose.pk], _one))


def who_agreed(subject_ids: Collection[UUID]) -> set[tuple[UUID, str]]:
    """Whose consents to what stand, by person and code of the purpose."""
    given = CurrentConsent.objects.filter(subject__in=subject_ids, decision=Decision.GIVEN)
    standing = given.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))
    return set(standing.values_list("subject_id", "purpose__code"))


def when_each_decided(subject_ids: Collection[UUID]) -> dict[tuple[UUID, int], Latest]:
    """When many people made their latest decisions, by person and purpose."""
    return ask(Question(_OF_MANY, [list(subject_ids)], lambda rows: {(who, on): Latest(*at) for who, on, *at in rows}))


def check_order(*, decision: str, occurred_at: datetime | None, decided_at: datetime | None) -> None:
    """Let a decision through, or not. Call it only while the subject is locked: nobody decides in between.

    Args:
        decided_at: when the latest decision was made.

    Raises:
        LaterDecisionStands: it is a consent from before that.
    """
    if decision == Decision.GIVEN and occurred_at is not None and decided_at is not None and occurred_at < decided_at:
        raise LaterDecisionStands(
            _(
                "The person decided again later than this, and that decision stands, so this one is not recorded. If "
                "they agreed since then, state when, or leave the time out when they agree now."
            )
        )


def _one(rows: list[tuple[Any, ...]]) -> datetime | None:
    return rows[0][0] if rows else None
