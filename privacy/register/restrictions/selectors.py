"""Questions about restrictions. Whoever is about to use somebody's data asks `check_not_restricted` first."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from privacy.register.models import Purpose
from privacy.register.restrictions.enums import RestrictionKind
from privacy.register.restrictions.errors import ProcessingRestricted
from privacy.register.restrictions.models import Restriction
from privacy.subjects.models import Subject
from privacy.subjects.people import SUBJECT_KNOWN_BY, Person
from privacy.tenants.rows import Question, rows, rows_of

_STRONGEST_FIRST = {RestrictionKind.RESTRICTION: 0, RestrictionKind.MARKETING: 1, RestrictionKind.OBJECTION: 2}


def in_force(on: datetime | None = None) -> QuerySet[Restriction]:
    """Restrictions that hold at a moment; now when none is given."""
    moment = on or timezone.now()
    return Restriction.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=moment),
        Q(lifted_at__isnull=True) | Q(lifted_at__gt=moment),
        in_force_from__lte=moment,
    )


def in_force_for(subject: Subject) -> list[Restriction]:
    """What holds for a person now: what every call that records a decision about them asks first."""
    now = timezone.now()
    return rows(Restriction, _IN_FORCE_FOR, [subject.pk, now, now, now])


def held_for(person: Person) -> Question[list[Restriction]]:
    """The same of whoever is known by an identifier, as a question to be asked in one round trip with their lock.

    What holds is judged when the answer is there: who waits for the lock must not go by the time before.
    """
    question = rows_of(Restriction, f"WHERE subject_id = {SUBJECT_KNOWN_BY}", [person.kind, person.index])

    def read(found: list[tuple[Any, ...]]) -> list[Restriction]:
        now = timezone.now()
        return [each for each in question.read(found) if each.holds_at(now)]

    return replace(question, read=read)


_IN_FORCE_FOR = """
    WHERE subject_id = %s AND in_force_from <= %s
      AND (in_force_until IS NULL OR in_force_until > %s) AND (lifted_at IS NULL OR lifted_at > %s)"""


def is_restricted(
    subject: Subject, purpose: Purpose | None = None, category: str = "", on: datetime | None = None
) -> bool:
    """Whether a person's data may not be used. One query.

    Args:
        purpose: for this; without it the answer is about use in general, which only a restriction of everything ends.
        category: data of this kind (`DataCategory`), beside the purpose.
        on: at this moment; now when absent.
    """
    return restriction_on(subject, purpose, category, on) is not None


def restriction_on(
    subject: Subject, purpose: Purpose | None = None, category: str = "", on: datetime | None = None
) -> Restriction | None:
    """What keeps a person's data from a use, the strongest first; None when nothing does. Asks like `is_restricted`."""
    return strongest(each for each in in_force(on).filter(subject=subject) if each.reaches(purpose, category))


def check_not_restricted(
    subject: Subject, purpose: Purpose | None = None, category: str = "", on: datetime | None = None
) -> None:
    """Let a use of a person's data through, or not. Asks like `is_restricted`.

    Raises:
        ProcessingRestricted: the person objected to it, or had it restricted.
    """
    found = restriction_on(subject, purpose, category, on)
    if found is not None:
        raise ProcessingRestricted(found.kind, found.in_force_from)


def restricted_among(
    subjects: Iterable[Subject | UUID],
    *,
    purpose: Purpose | None = None,
    category: str = "",
    on: datetime | None = None,
) -> set[UUID]:
    """The ids of those whose data may not be used, out of many, in one query. Asks like `is_restricted`."""
    ids = [each.pk if isinstance(each, Subject) else each for each in subjects]
    found = in_force(on).filter(subject_id__in=ids)
    return {each.subject_id for each in found if each.reaches(purpose, category)}


def restrictions_among(subjects: Iterable[UUID], *, on: datetime | None = None) -> dict[UUID, list[Restriction]]:
    """What holds for each of many people, for callers that ask about several purposes at once. One query."""
    return _by_person(in_force(on), subjects)


def ever_among(subjects: Iterable[UUID]) -> dict[UUID, list[Restriction]]:
    """What ever held for each of many people, for callers that ask about several moments at once. One query at most."""
    return _by_person(Restriction.objects.all(), subjects)


def _by_person(restrictions: QuerySet[Restriction], subjects: Iterable[UUID]) -> dict[UUID, list[Restriction]]:
    """One parameter for however many people: each its own would be text to write and to read, a quarter of a second."""
    among = RawSQL("SELECT unnest(%s::uuid[])", [list(subjects)])
    by_person: dict[UUID, list[Restriction]] = {}
    for each in restrictions.filter(subject_id__in=among):
        by_person.setdefault(each.subject_id, []).append(each)
    return by_person


def people_who_objected_to_everything() -> int:
    """How many people's objections spare a purpose only for its ground (`NOT_OBJECTED`), as of now."""
    everything = in_force().filter(kind=RestrictionKind.OBJECTION, purpose__isnull=True, category="")
    return everything.values("subject").distinct().count()


def restrictions_by_purpose(
    subject: Subject, purposes: Iterable[Purpose], *, on: datetime | None = None
) -> dict[int, Restriction]:
    """By purpose id, the strongest of what keeps a person's data from it; purposes that are free are not in it."""
    held = list(in_force(on).filter(subject=subject))
    found = {purpose.pk: strongest(each for each in held if each.reaches(purpose)) for purpose in purposes}
    return {pk: restriction for pk, restriction in found.items() if restriction is not None}


def restrictions_of(subject: Subject) -> QuerySet[Restriction]:
    """Everything that a person ever objected to or had restricted: what is not lifted first, then the newest."""
    newest = F("lifted_at").desc(nulls_first=True)
    return Restriction.objects.filter(subject=subject).select_related("purpose").order_by(newest, "-in_force_from")


def strongest(found: Iterable[Restriction]) -> Restriction | None:
    """The one to name of several: a restriction before an objection, the oldest of a kind; None of none."""
    return min(found, key=lambda each: (_STRONGEST_FIRST[RestrictionKind(each.kind)], each.in_force_from), default=None)
