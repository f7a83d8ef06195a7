"""Who and what must not be touched now."""

import uuid
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from privacy.datamap.engine.selection import Held, RootKeys
from privacy.datamap.engine.spec import Key
from privacy.datamap.models import Dataset
from privacy.datamap.subject_plan import in_every_form
from privacy.subjects.models import Identifier as SubjectIdentifier
from privacy.subjects.models import Subject
from privacy.tenants.context import current_organisation
from retention.approval import is_approved
from retention.enums import HoldKind, RunKind, RunState
from retention.errors import HoldNamesNobody
from retention.models import Hold, KeptRow, Run
from retention.transitions import UNDER_WAY

_LeftRow = tuple[uuid.UUID | None, str, Key]
_NOT_ENDED = (*UNDER_WAY, RunState.ATTENTION)


def in_force() -> QuerySet[Hold]:
    """Holds that nobody has released, and those released so lately that they still spare their data."""
    return Hold.objects.filter(Q(released_at__isnull=True) | Q(spared_until__gt=timezone.now()))


def exempt_cases(run: Run) -> frozenset[uuid.UUID]:
    """Cases whose own hold does not stop a run: its own, and every other that is erasing at the same time.

    A case holds the data until it is answered. Two erasures that waited for each other would wait for ever, although
    both were approved and neither needs the data any more. They may be of one person whom the portal knows as two, by
    different identifiers that name the same rows. Once an approval is void its case holds again, and so does a case
    that nobody has decided yet: that one is decided by people, and waits for no run.

    What is erased again was erased: the lock of the case that had it erased, which lasts a day longer, keeps nothing.
    """
    if run.kind == RunKind.REPLAY:
        return cases_that_erased()
    if run.case_id is None:
        return frozenset()
    held = in_force().filter(subject__isnull=False, case_id__isnull=False).values("case_id")
    erasing = Run.objects.filter(kind=RunKind.ERASURE, case_id__in=held, state__in=_NOT_ENDED)
    one_of_each = erasing.order_by("case_id", "-created_at").distinct("case_id").defer("plan", "frozen_keys")
    exempt = {each.case_id for each in one_of_each if each.case_id and is_approved(each)}
    return frozenset(exempt | ({run.case_id} if is_approved(run) else set()))


def cases_that_erased() -> frozenset[uuid.UUID]:
    """Cases whose lock was released and still spares its data, although their erasure is completed in every source."""
    released = in_force().filter(subject__isnull=False, case_id__isnull=False, released_at__isnull=False)
    runs = Run.objects.filter(kind=RunKind.ERASURE, case_id__in=released.values("case_id"))
    done = runs.filter(state=RunState.COMPLETED).values_list("case_id", flat=True)
    open_still = runs.filter(state__in=_NOT_ENDED).values_list("case_id", flat=True)
    return frozenset({each for each in done if each} - {each for each in open_still if each})


def holds_on(subject: Subject, *, except_cases: Collection[uuid.UUID] = ()) -> QuerySet[Hold]:
    """Holds in force on a person, without those that these cases placed."""
    return in_force().filter(subject=subject).filter(_not_of(except_cases))


def held_datasets(run: Run) -> set[str]:
    """Keys of the datasets of a run's source that are held as a whole, by themselves or for a category of theirs."""
    holds = in_force().filter(subject__isnull=True)
    named = Q(pk__in=holds.filter(dataset__isnull=False).values("dataset_id"))
    of_category = Q(fields__category__in=holds.exclude(category="").values("category"))
    return {each.key for each in Dataset.objects.filter(named | of_category, source_id=run.source_id).distinct()}


def holds_on_dataset(dataset: Dataset) -> QuerySet[Hold]:
    """Holds in force on a dataset as a whole: on itself, or on a category of its fields. Same meaning as above."""
    of_category = Q(category__in=dataset.fields.values("category")) & ~Q(category="")
    return in_force().filter(subject__isnull=True).filter(Q(dataset=dataset) | of_category)


def held_people(*, except_case: uuid.UUID | None = None, except_cases: Collection[uuid.UUID] = ()) -> Held:
    """Everybody under a hold, by what they are known by, for the engine to leave out inside its statements.

    Args:
        except_case: the case for which a run works; its own hold protects the data until the run, not from it.
        except_cases: further ones.

    Raises:
        HoldNamesNobody: a person under a hold is not known by anything, so nobody could spare them.
    """
    exempt = {*except_cases, *([except_case] if except_case is not None else [])}
    holds = in_force().filter(subject__isnull=False).filter(_not_of(exempt))
    if holds.filter(subject__identifiers__isnull=True).exists():
        raise HoldNamesNobody
    return _people_of(holds)


def held_during(run: Run) -> Held:
    """Everybody who is held now, or was at any moment of a completed run, so that it may have left their rows.

    Raises:
        HoldNamesNobody: as `held_people`.
    """
    begun = Hold.objects.filter(subject__isnull=False, placed_at__lte=run.completed_at)
    then = begun.filter(Q(released_at__isnull=True) | Q(spared_until__gt=run.started_at))
    now, before = held_people(), _people_of(then)
    return Held(identifiers=(*now.identifiers, *before.identifiers), roots=(*now.roots, *before.roots))


def _people_of(holds: QuerySet[Hold]) -> Held:
    known = SubjectIdentifier.objects.filter(subject_id__in=holds.values("subject_id")).order_by("pk")
    people = holds.values_list("subject_id", flat=True).distinct()
    return Held(
        identifiers=tuple(in_every_form(known)),
        roots=(rows_of_our_own(people), *_by_dataset(_rows_left_by_erasures(people))),
    )


def known_by(holds: Sequence[Hold]) -> list[Held]:
    """The person of each hold, by everything by which `held_people` knows them.

    Args:
        holds: on people, with their identifiers prefetched.
    """
    people = [hold.subject for hold in holds if hold.subject is not None]
    left = _rows_left_by_erasures([each.pk for each in people])
    return [
        Held(
            identifiers=tuple(in_every_form(person.identifiers.all())),
            roots=(rows_of_our_own([person.pk]), *_by_dataset(row for row in left if row[0] == person.pk)),
        )
        for person in people
    ]


def rows_of_our_own(people: Iterable[uuid.UUID]) -> RootKeys:
    """People in the portal's own tables, where nothing else names them readably."""
    dataset = f"{current_organisation().schema_name}.{Subject._meta.db_table}"
    return RootKeys(dataset, tuple((str(each),) for each in people))


def _rows_left_by_erasures(people: Iterable[uuid.UUID]) -> list[_LeftRow]:
    """Rows that an erasure left because the law wants them kept: person, dataset, key. What named them is gone."""
    rows = KeptRow.objects.filter(kept__run__subject_id__in=people).order_by("pk")
    found = rows.select_related("kept__dataset", "kept__run")
    return [(row.kept.run.subject_id, row.kept.dataset.key, tuple(row.key)) for row in found]


def _by_dataset(rows: Iterable[_LeftRow]) -> tuple[RootKeys, ...]:
    keys: dict[str, list[Key]] = {}
    for _person, dataset, key in rows:
        keys.setdefault(dataset, []).append(key)
    return tuple(RootKeys(dataset, tuple(found)) for dataset, found in keys.items())


def _not_of(cases: Collection[uuid.UUID]) -> Q:
    """Legal holds belong to no case and are never exempt.

    What a person had restricted is kept for them, not from them (GDPR Art. 18(2)): it does not stop their own erasure.
    """
    theirs = Hold.objects.filter(case_id__in=cases, subject__isnull=False).values("subject_id")
    erased = Run.objects.filter(case_id__in=cases, kind=RunKind.ERASURE, subject__isnull=False).values("subject_id")
    own = Q(kind=HoldKind.RESTRICTION) & (Q(subject_id__in=theirs) | Q(subject_id__in=erased))
    return (Q(case_id__isnull=True) | ~Q(case_id__in=cases)) & ~own
