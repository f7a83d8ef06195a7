"""The bodies of the answers. They name a person by the opaque id, and by the customer number that the client gave us.

An e-mail address or phone number is never in an answer: a client that knows people by those asks about each of them
(`lookup`), and keeps the opaque id from the answer if it wants to follow the changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from privacy.register.models import Purpose
from privacy.register.restrictions.api.cursor import write_cursor
from privacy.register.restrictions.models import Restriction, RestrictionChange
from privacy.register.restrictions.selectors import strongest
from privacy.subjects.models import Subject


def restriction_answer(found: Restriction) -> dict[str, Any]:
    return {
        "id": str(found.pk),
        "kind": found.kind,
        "scope": found.scope.value,
        "purpose": found.purpose.code if found.purpose else None,
        "category": found.category or None,
        "since": found.in_force_from.isoformat(),
        "until": found.in_force_until.isoformat() if found.in_force_until else None,
    }


def lookup_answer(subject: Subject | None, held: Sequence[Restriction], purposes: Iterable[Purpose]) -> dict[str, Any]:
    return {
        "subject": str(subject.pk) if subject else None,
        "restricted": any(each.reaches() for each in held),
        "restrictions": [restriction_answer(each) for each in held],
        "purposes": [_purpose(purpose, held) for purpose in purposes],
    }


def changes_answer(
    changes: Sequence[RestrictionChange], customers: Mapping[UUID, list[str]], *, after: int, more: bool
) -> dict[str, Any]:
    return {
        "changes": [_change(each, customers) for each in changes],
        "cursor": write_cursor(changes[-1].pk if changes else after),
        "more": more,
    }


def _purpose(purpose: Purpose, held: Sequence[Restriction]) -> dict[str, Any]:
    found = strongest(each for each in held if each.reaches(purpose))
    return {
        "purpose": purpose.code,
        "restricted": found is not None,
        "restriction": {"kind": found.kind, "since": found.in_force_from.isoformat()} if found else None,
    }


def _change(change: RestrictionChange, customers: Mapping[UUID, list[str]]) -> dict[str, Any]:
    about = change.restriction
    return {
        "what": change.what,
        "at": change.changed_at.isoformat(),
        "subject": str(about.subject_id),
        "customer_ids": customers.get(about.subject_id, []),
        "restriction": restriction_answer(about),
    }
