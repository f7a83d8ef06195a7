"""Many people at once: found under an identifier or added, and locked, in a fixed number of statements."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from privacy.subjects.crypto import keyed_index
from privacy.subjects.models import Identifier, Subject
from privacy.tenants.db import connection

_BATCH = 2000


class Person(NamedTuple):
    """How somebody is looked up: kind of identifier, keyed index, and the normalised value it was made from."""

    kind: str
    index: bytes  # type: ignore[assignment]  # hides tuple.index, which nobody asks a person for
    value: str

    @classmethod
    def known_by(cls, kind: str, identifier: str) -> "Person":
        """identifier: normalised."""
        return cls(kind, keyed_index(kind, identifier), identifier)


def find(people: Iterable[Person]) -> dict[Person, UUID]:
    """The subjects' ids of those who are known; nobody is locked or added."""
    wanted = {(person.kind, person.index): person for person in people}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT i.subject_id, i.kind, i.index
                  FROM unnest(%s::text[], %s::bytea[]) AS wanted(kind, index)
                  JOIN {Identifier._meta.db_table} i ON i.kind = wanted.kind AND i.index = wanted.index""",  # noqa: S608
            [[kind for kind, _index in wanted], [index for _kind, index in wanted]],
        )
        return {wanted[kind, bytes(index)]: pk for pk, kind, index in cursor.fetchall()}


def lock_or_add(people: Iterable[Person]) -> dict[Person, Subject]:
    """The subject of each person, locked until the transaction ends; unknown ones are added.

    Locked in the order of their ids and added in the order of their index, so that two callers never wait for each
    other in a circle.
    """
    wanted = sorted(set(people))
    found = _find_and_lock(wanted)
    missing = [person for person in wanted if person not in found]
    if missing:
        found |= _add(missing)
    return found


def _find_and_lock(people: Sequence[Person]) -> dict[Person, Subject]:
    by_index = {(person.kind, person.index): person for person in people}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT s.id, s.created_at, i.kind, i.index
                  FROM unnest(%s::text[], %s::bytea[]) AS wanted(kind, index)
                  JOIN {Identifier._meta.db_table} i ON i.kind = wanted.kind AND i.index = wanted.index
                  JOIN {Subject._meta.db_table} s ON s.id = i.subject_id
                 ORDER BY s.id FOR NO KEY UPDATE OF s""",  # noqa: S608
            [[person.kind for person in people], [person.index for person in people]],
        )
        return {by_index[kind, bytes(index)]: _existing(pk, created) for pk, created, kind, index in cursor.fetchall()}


def _existing(pk: object, created_at: object) -> Subject:
    return Subject.from_db("default", ["id", "created_at"], [pk, created_at])


def _add(people: Sequence[Person]) -> dict[Person, Subject]:
    """Add persons; whoever another caller added meanwhile keeps the subject they got there."""
    added = {person: Subject() for person in people}
    Subject.objects.bulk_create(added.values(), batch_size=_BATCH)
    Identifier.objects.bulk_create(
        [Identifier(subject=added[who], kind=who.kind, value=who.value, index=who.index) for who in people],
        ignore_conflicts=True,
        batch_size=_BATCH,
    )
    owners = _find_and_lock(people)
    _forget_unused(added.values(), {owner.pk for owner in owners.values()})
    return owners


def _forget_unused(added: Collection[Subject], owners: set[object]) -> None:
    unused = [subject.pk for subject in added if subject.pk not in owners]
    if unused:
        Subject.objects.filter(pk__in=unused).delete()
