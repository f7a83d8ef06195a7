"""Many people at once: found under an identifier or added, and locked, in a fixed number of statements."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

from privacy.subjects.crypto import keyed_index
from privacy.subjects.fields import encrypted
from privacy.subjects.models import Identifier, Subject
from privacy.tenants.db import connection
from privacy.tenants.rows import Question


class Person(NamedTuple):
    """How somebody is looked up: kind of identifier, keyed index, and the normalised value it was made from."""

    kind: str
    index: bytes  # type: ignore[assignment]  # hides tuple.index, which nobody asks a person for
    value: str

    @classmethod
    def known_by(cls, kind: str, identifier: str) -> "Person":
        """identifier: normalised."""
        return cls(kind, keyed_index(kind, identifier), identifier)

    @property
    def name(self) -> tuple[str, bytes]:
        """What is the same for every way of writing the identifier."""
        return self.kind, self.index


SUBJECT_KNOWN_BY = f"(SELECT subject_id FROM {Identifier._meta.db_table} WHERE kind = %s AND index = %s)"  # noqa: S608
"""The subject's id, for questions that go to the server together with `lock_of`. An identifier changes no hands."""


def lock_of(person: Person) -> Question[UUID | None]:
    """The id of the person's subject, locked until the transaction ends; None, and nobody is locked, if unknown."""
    return Question(_LOCK_ONE, [person.kind, person.index], lambda found: found[0][0] if found else None)


_LOCK_ONE = f"""
    SELECT s.id FROM {Identifier._meta.db_table} i JOIN {Subject._meta.db_table} s ON s.id = i.subject_id
     WHERE i.kind = %s AND i.index = %s FOR NO KEY UPDATE OF s"""  # noqa: S608


def find(people: Iterable[Person]) -> dict[Person, UUID]:
    """The subjects' ids of those who are known; nobody is locked or added."""
    asked = list(people)
    wanted = {person.name for person in asked}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT i.subject_id, i.kind, i.index
                  FROM unnest(%s::text[], %s::bytea[]) AS wanted(kind, index)
                  JOIN {Identifier._meta.db_table} i ON i.kind = wanted.kind AND i.index = wanted.index""",  # noqa: S608
            [[kind for kind, _index in wanted], [index for _kind, index in wanted]],
        )
        found = {(kind, bytes(index)): pk for pk, kind, index in cursor.fetchall()}
    return {person: found[person.name] for person in asked if person.name in found}


def lock_or_add(people: Iterable[Person]) -> dict[Person, UUID]:
    """The id of each person's subject, locked until the transaction ends; unknown ones are added.

    Unknown ones are added in the order of their index before anybody is locked, and all are locked in the order of
    their ids: who waits for somebody that another caller is adding holds nobody whom that caller may want to lock. So
    callers never wait for each other in a circle. Who is named in several ways of writing is one, under the first.
    """
    asked = list(people)
    each_once = {person.name: person for person in reversed(asked)}
    found = {person.name: pk for person, pk in _lock_or_add(sorted(each_once.values())).items()}
    return {person: found[person.name] for person in asked}


def _lock_or_add(wanted: Sequence[Person]) -> dict[Person, UUID]:
    found = _lock_if_all_known(wanted)
    if len(found) == len(wanted):
        return found
    known = find(wanted) if len(wanted) > 1 else {}  # the one of one is the one that is not known
    added = _add([person for person in wanted if person not in known])
    others = [person for person in wanted if person not in added]
    found = added | _find_and_lock(others) if others else added
    gone = [person for person in wanted if person not in found]  # erased between the two questions: known no more
    return found | _lock_or_add(gone) if gone else found


def _lock_if_all_known(people: Sequence[Person]) -> dict[Person, UUID]:
    """Everybody's subject, locked; nobody's when one of them is not known."""
    return _find_and_lock(people, at_least=len(people))


def _find_and_lock(people: Sequence[Person], *, at_least: int = 0) -> dict[Person, UUID]:
    """at_least: nobody is locked when fewer are known."""
    by_index = {(person.kind, person.index): person for person in people}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH known AS MATERIALIZED (
                    SELECT i.subject_id, i.kind, i.index
                      FROM unnest(%s::text[], %s::bytea[]) AS wanted(kind, index)
                      JOIN {Identifier._meta.db_table} i ON i.kind = wanted.kind AND i.index = wanted.index)
                SELECT s.id, known.kind, known.index
                  FROM known JOIN {Subject._meta.db_table} s ON s.id = known.subject_id
                 WHERE (SELECT count(*) FROM known) >= %s
                 ORDER BY s.id FOR NO KEY UPDATE OF s""",  # noqa: S608
            [[person.kind for person in people], [person.index for person in people], at_least],
        )
        return {by_index[kind, bytes(index)]: pk for pk, kind, index in cursor.fetchall()}


def _add(people: Sequence[Person]) -> dict[Person, UUID]:
    """Add persons. Returns those that were: whoever another caller added meanwhile is not among them.

    What this transaction has just written nobody else can lock.
    """
    if not people:
        return {}
    added = {person: uuid4() for person in people}
    with connection.cursor() as cursor:
        cursor.execute(_ADD_SUBJECTS, [list(added.values())])
        cursor.execute(
            _ADD_IDENTIFIERS,
            [
                list(added.values()),
                [person.kind for person in people],
                [encrypted(Identifier, "value", person.value) for person in people],
                [person.index for person in people],
            ],
        )
        ours = {pk for (pk,) in cursor.fetchall()}
    if len(ours) < len(added):
        Subject.objects.filter(pk__in=set(added.values()) - ours).delete()
    return {person: pk for person, pk in added.items() if pk in ours}


_ADD_SUBJECTS = f"""
    INSERT INTO {Subject._meta.db_table} (id, created_at)
    SELECT id, now() FROM unnest(%s::uuid[]) AS added(id)"""  # noqa: S608

_ADD_IDENTIFIERS = f"""
    INSERT INTO {Identifier._meta.db_table} (subject_id, kind, value, index)
    SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bytea[], %s::bytea[])
        ON CONFLICT (kind, index) DO NOTHING
    RETURNING subject_id"""  # noqa: S608
