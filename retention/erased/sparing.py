"""Rows that keep naming a person who was erased, because a part of the erasure was refused.

The daily look for erased people would take them for rows that came back. They are written down as rows that may stay,
once every run of the erasure is completed: what was erased later than that counts again.
"""

from collections.abc import Iterator

from django.utils import timezone

from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.engine.selection import SubjectKeys
from privacy.datamap.models import Dataset
from privacy.datamap.sparing import spared_by
from privacy.datamap.subject_plan import PlannedErasure
from privacy.subjects.models import Subject
from retention.erased.looking import FoundRow
from retention.erased.returned import row_index
from retention.models import ReturnedRow

REASON = "refused"


def let_spared_stay(*, subject: Subject, planned: PlannedErasure) -> None:
    """Write down the rows of a plan that name the person in columns that it spared, in the caller's transaction."""
    names = [(each.kind, bytes(each.index)) for each in subject.identifiers.order_by("pk")]
    for each in planned.plans:
        if isinstance(each.plan, Plan) and (spared := spared_by(each.plan)):
            _of_source(each.source_id, each.plan, {key: set(columns) for key, columns in spared.items()}, names)


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
                    "dismissed_at": now, "dismissed_reason": REASON, "key": None,
                },
                create_defaults={
                    "identifier_kind": row.kind, "fingerprint": row.fingerprint, "first_seen_at": now,
                    "last_seen_at": now, "dismissed_at": now, "dismissed_reason": REASON, "key": None,
                },
            )  # fmt: skip


def _rows(step: Step, dataset: Dataset, spared: set[str], names: list[tuple[str, bytes]]) -> Iterator[FoundRow]:
    """Every way in which a look could find these rows: by any spared column and anything the person is known by."""
    if not isinstance(step.selection, SubjectKeys):
        return
    kinds = {each.identifier_kind for each in dataset.fields.all() if each.identifier_kind and each.column in spared}
    for key in step.selection.keys_of(dataset.key):
        for kind, fingerprint in names:
            if kind in kinds:
                yield FoundRow(tuple(key), kind, fingerprint)
