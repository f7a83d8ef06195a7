"""What erasures left as it was because a part of them was refused, and rows that name the person on for that reason.

The daily look for erased people would take them for rows that came back. They are written down as rows that may stay,
once every run of the erasure is completed: what was erased later than that counts again.
"""

from collections.abc import Collection, Iterator

from django.db.models import QuerySet
from django.utils import timezone

from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.engine.selection import SubjectKeys
from privacy.datamap.models import Dataset, Source
from privacy.datamap.sparing import SparedOfSource, spared_by, spared_by_shown
from privacy.datamap.subject_plan import PlannedErasure
from privacy.subjects.models import Subject
from retention.erased.looking import FoundRow
from retention.erased.returned import REFUSED as REASON
from retention.erased.returned import row_index
from retention.models import ErasedIdentifier, ReturnedRow, Run

Name = tuple[str, bytes]
"""Kind of an identifier and its fingerprint."""


def spared_from(source: Source, names: Collection[Name]) -> dict[Name, SparedOfSource]:
    """By what somebody erased is known: the columns that the last erasure of them in a source left as they were.

    Who is not in it was erased whole, or by an erasure of which this portal has no record.
    """
    erased = ErasedIdentifier.objects.filter(fingerprint__in={fingerprint for _kind, fingerprint in names})
    marks = list(erased.order_by("recorded_at", "pk").values_list("kind", "fingerprint", "run_id"))
    runs = Run.objects.filter(pk__in={run_id for *_name, run_id in marks}, source=source).in_bulk()
    last = {(kind, bytes(fingerprint)): runs[run_id] for kind, fingerprint, run_id in marks if run_id in runs}
    of_run = {run.pk: spared_by_shown(run.plan["engine"]) for run in last.values() if "engine" in run.plan}
    return {name: of_run[run.pk] for name, run in last.items() if name in names and of_run.get(run.pk)}


def rows_spared(dataset: Dataset) -> QuerySet[ReturnedRow]:
    """Rows that name an erased person because a part was refused: what was granted must stay erased in them."""
    rows = ReturnedRow.objects.filter(dataset=dataset, gone_at__isnull=True, dismissed_reason=REASON)
    return rows.filter(dismissed_at__isnull=False, key__isnull=False)


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
                    "dismissed_at": now, "dismissed_reason": REASON, "key": list(row.key),
                },
                create_defaults={
                    "identifier_kind": row.kind, "fingerprint": row.fingerprint, "first_seen_at": now,
                    "last_seen_at": now, "dismissed_at": now, "dismissed_reason": REASON, "key": list(row.key),
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
