"""Whether two officers are two people.

Danger: one person with two accounts does alone what two were meant to do.
Rule: two accounts count as two people only while neither officer can sign in as the other: who knows the other's
temporary password can, and who handed one over since the matter began could have, also when it was changed after that.
"""

from datetime import datetime
from enum import Enum, auto

from privacy.ledger.actors import Actor
from privacy.ledger.models import LedgerEntry
from privacy.officers.models import Officer


class OnePerson(Enum):
    """Why two officers might be one person."""

    SAME = auto()
    TEMPORARY_PASSWORD = auto()
    HANDED_OVER = auto()


def might_be_one(first: Officer | None, second: Officer, *, since: datetime) -> OnePerson | None:
    """Why these two might be one person; None when they are two.

    Args:
        first: who acted first; None (gone, or not known) might be anybody.
        since: when the matter began.
    """
    if first is None or first == second:
        return OnePerson.SAME
    if first.password_set_by_id == second.pk or second.password_set_by_id == first.pk:
        return OnePerson.TEMPORARY_PASSWORD
    if _handed_password(first, second, since) or _handed_password(second, first, since):
        return OnePerson.HANDED_OVER
    return None


def _handed_password(by: Officer, to: Officer, since: datetime) -> bool:
    """Whether one officer made the other's account or password since then. The ledger cannot be undone."""
    return LedgerEntry.objects.filter(
        object_type=Officer._meta.label_lower,
        object_id=str(to.pk),
        action__in=("officer.added", "officer.password_replaced"),
        actor_kind=Actor.officer(by).kind,
        actor_id=str(by.pk),
        recorded_at__gte=since,
    ).exists()
