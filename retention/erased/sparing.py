"""Rows that keep naming a person who was erased, because a part of the erasure was refused.

The daily look for erased people would take them for rows that came back. They are written down as rows that may stay,
once every run of the erasure is completed: what was erased later than that counts again. Their keys are kept, so that
it is noticed when what was not refused comes back in them.
"""

from collections.abc import Collection, Iterator

from django.utils import timezone

from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.engine.selection import SubjectKeys
from privacy.datamap.engine.spec import Key
from privacy.datamap.models import Dataset, Source
from privacy.datamap.sparing import spared_by
from privacy.datamap.subject_plan import PlannedErasure
from privacy.subjects.models import Subject
from retention.erased.looking import FoundRow
from retention.erased.returned import REFUSED as REASON
from retention.erased.returned import row_index, rows_back
from retention.models import ReturnedRow


def keys_spared(dataset: Dataset) -> tuple[Key, ...]:
    """Keys of rows that name an erased person because a part was refused: what was granted must stay erased in them."""
    rows = ReturnedRow.objects.filter(dataset=dataset, gone_at__isnull=True, dismissed_reason=REASON)
    known = rows.filter(dismissed_at__isnull=False, key__isnull=False).order_by("pk")
    return tuple(dict.fromkeys(tuple(row.key) for row in known if row.key))


def let_spared_stay(*, subject: Subject, planned: PlannedErasure) -> None:
    """Write down the rows of a plan that name the person in columns that it spared, in the caller's transaction."""
    names = [(each.kind, bytes(each.index)) for each in subject.identifiers.order_by("pk")]
    for each in planned.plans:
        if isinstance(each.plan, Plan) and (spared := spared_by(each.plan)):
            _of_source(each.source_id, each.plan, {key: set(columns) for key, columns in spared.items()}, names)


def let_spared_stay_again(*, source: Source, plan: Plan, held: Collection[str]) -> None:
    """The same after erasing again, in the caller's transaction: of rows that had come back what was left may stay.

    Args:
        held: datasets in which a hold spares rows; what was not erased in them is still told.
    """
    spared, now = spared_by(plan), timezone.now()
    for dataset in Dataset.objects.filter(source=source).prefetch_related("fields"):
        if dataset.key not in spared or dataset.key in held:
            continue
        kinds = _kinds(dataset, set(spared[dataset.key]))
        keys = {key for step in plan.steps for key in _keys(step, dataset)}
        of_plan = [row for row in rows_back(dataset).filter(identifier_kind__in=kinds) if tuple(row.key or ()) in keys]
        ReturnedRow.objects.filter(pk__in=[row.pk for row in of_plan]).update(
            dismissed_at=now, dismissed_by=None, dismissed_reason=REASON
        )


def _of_source(source_id: int, plan: Plan, spared: dict[str, set[str]], names: list[tuple[str, bytes]]) -> None:
    now = timezone.now()
    by_key = {each.key: each for each in Dataset.objects.filter(source_id=source_id).prefetch_related("fields")}
    for step in plan.steps:
        dataset = by_key.get(step.dataset)
        if dataset is None or step.dataset not in spared:
            continue
        for row in _rows(step, dataset, spared[step.dataset], names):
            ReturnedRow.objects.update_or_create(
                dataset=dataset,
                row_index=row_index(dataset, row),
                defaults={
                    "identifier_kind": row.kind, "fingerprint": row.fingerprint, "last_seen_at": now, "gone_at": None,
                    "dismissed_at": now, "dismissed_reason": REASON, "key": list(row.key),
                },
                create_defaults={
                    "identifier_kind": row.kind, "fingerprint": row.fingerprint, "first_seen_at": now,
                    "last_seen_at": now, "dismissed_at": now, "dismissed_reason": REASON, "key": list(row.key),
                },
            )  # fmt: skip


def _rows(step: Step, dataset: Dataset, spared: set[str], names: list[tuple[str, bytes]]) -> Iterator[FoundRow]:
    """Every way in which a look could find these rows: by any spared column and anything the person is known by."""
    kinds = _kinds(dataset, spared)
    for key in _keys(step, dataset):
        for kind, fingerprint in names:
            if kind in kinds:
                yield FoundRow(key, kind, fingerprint)


def _kinds(dataset: Dataset, spared: set[str]) -> set[str]:
    return {each.identifier_kind for each in dataset.fields.all() if each.identifier_kind and each.column in spared}


def _keys(step: Step, dataset: Dataset) -> list[Key]:
    selected = step.selection
    return [tuple(key) for key in selected.keys_of(dataset.key)] if isinstance(selected, SubjectKeys) else []
