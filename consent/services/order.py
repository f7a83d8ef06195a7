"""In which order decisions were made, where one is told late.

Danger: somebody withdraws, a system tells afterwards of a consent from before that, and the withdrawal is gone.
Rule: a consent that is said to be older than the decision that stands is refused. A no is let through whenever it is
told: it does nobody harm. A consent that ran out is no decision, so it stands in nobody's way.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.errors import LaterDecisionStands
from consent.models import ConsentRecord, CurrentConsent, Decision
from privacy.register.models import Purpose
from privacy.subjects.people import SUBJECT_KNOWN_BY, Person
from privacy.tenants.rows import Question, ask

_DECIDED = f"""
    SELECT c.subject_id, c.purpose_id, least(r.recorded_at, r.occurred_at)
      FROM {CurrentConsent._meta.db_table} c JOIN {ConsentRecord._meta.db_table} r ON r.id = c.record_id
     WHERE c.decision <> '{Decision.EXPIRED.value}' AND (c.expires_at IS NULL OR c.expires_at > clock_timestamp())
       AND"""  # noqa: S608
_AGREED = f" AND c.decision = '{Decision.GIVEN.value}'"
_PURPOSE = f"(SELECT id FROM {Purpose._meta.db_table} WHERE code = %s)"  # noqa: S608
_BY_PERSON = f"{_DECIDED} c.subject_id = {SUBJECT_KNOWN_BY} AND c.purpose_id = {_PURPOSE}"
_BY_ID = f"{_DECIDED} c.subject_id = %s AND c.purpose_id = %s"
_OF_MANY = f"{_DECIDED} c.subject_id = ANY(%s)"


def is_told_late(decision: str, occurred_at: datetime | None) -> bool:
    """Whether it matters what was decided since."""
    return decision == Decision.GIVEN and occurred_at is not None


def when_decided(person: Person, purpose: str) -> Question[datetime | None]:
    """When the decision was made that stands, for the code of a purpose; None where there is none.

    To be asked in one round trip with the person's lock, and after it.
    """
    return Question(_BY_PERSON, [person.kind, person.index, purpose], _one)


def when_decided_by(subject_id: UUID, purpose: Purpose) -> datetime | None:
    """The same of a person who is locked."""
    return ask(Question(_BY_ID, [subject_id, purpose.pk], _one))


def when_agreed(person: Person, purpose: str) -> Question[datetime | None]:
    """When the consent was given that stands, for the code of a purpose; None where there is none."""
    return Question(_BY_PERSON + _AGREED, [person.kind, person.index, purpose], _one)


def when_agreed_by(subject_id: UUID, purpose: Purpose) -> datetime | None:
    """The same of a person who is locked."""
    return ask(Question(_BY_ID + _AGREED, [subject_id, purpose.pk], _one))


def who_agreed(subject_ids: Collection[UUID]) -> set[tuple[UUID, str]]:
    """Whose consents to what stand, by person and code of the purpose."""
    given = CurrentConsent.objects.filter(subject__in=subject_ids, decision=Decision.GIVEN)
    standing = given.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()))
    return set(standing.values_list("subject_id", "purpose__code"))


def when_each_decided(subject_ids: Collection[UUID]) -> dict[tuple[UUID, int], datetime]:
    """The same of many people and every purpose, by person and purpose."""
    return ask(Question(_OF_MANY, [list(subject_ids)], lambda rows: {(who, what): when for who, what, when in rows}))


def check_order(*, decision: str, occurred_at: datetime | None, decided_at: datetime | None) -> None:
    """Let a decision through, or not. Call it only while the subject is locked: nobody decides in between.

    Args:
        decided_at: when the decision was made that stands.

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
    return rows[0][2] if rows else None
