"""Remembering which rows an erasure leaves because the law wants them kept.

Danger: an invoice is found through its customer. Once the customer's row is anonymised or gone nothing finds the
invoice any more, and it stays for ever, whatever the person was told.
Rule: before a run changes its first row, while every way still leads there, the keys of what it leaves are written
down, encrypted; and once more before it is called done, for rows that came since. A row that names the person, in
columns that are looked through every day, is found without this and is not written down.

Rows that came after the request are none of its business: they are not written down, whatever else keeps them.

Danger: a key alone may be somebody else's row later: the source was restored, or the key was given again.
Rule: with each key goes a keyed fingerprint of what tells the row apart, which is compared before anything is done.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing

import rfc8785
from django.db import transaction

from privacy.datamap.engine.kept import SeenRow, stream_kept, telling_columns
from privacy.datamap.engine.plan import Action, Plan, Step
from privacy.datamap.engine.selection import SubjectKeys
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.engine.spec import Key
from privacy.datamap.minimums import LegalMinimum, minimums_of
from privacy.datamap.models import Dataset
from privacy.datamap.specs import datasets_of
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import renew
from privacy.subjects.crypto import keyed_index
from retention.erased.looking import watched_fields
from retention.kept.days import last_day
from retention.models import KeptRow, KeptRows, Run


def remember_kept(run: Run, plan: Plan, engine: EngineSource, job: JobHandle) -> None:
    """Write down the rows that the steps of a run leave by law. Again adds only what is not written down yet.

    Raises:
        EngineError: the source cannot tell.
        DatamapIncomplete: a minimum does not fit the data map.
        privacy.jobs.registry.LeaseLost: another worker owns the run.
    """
    steps = [step for step in plan.steps if set(step.unless) - set(step.newer) and step.action is not Action.KEEP]
    if not steps:
        return
    datasets = {each.key: each for each in datasets_of(run.source)}
    known = {each.protection.name: each for each in minimums_of(run.source, list(datasets.values()))}
    for step in steps:
        _of_step(run, plan, step, datasets[step.dataset], known, engine, job)


def row_index(dataset: Dataset, key: Key) -> bytes:
    """By what a row is known again: a keyed fingerprint of dataset and primary key; 32 bytes."""
    return keyed_index("kept_row", rfc8785.dumps([dataset.key, list(key)]).decode())


def stamp_of(dataset: Dataset, columns: Sequence[str], values: Sequence[str | None]) -> bytes:
    """What tells a row apart, as a keyed fingerprint; 32 bytes."""
    parts = [dataset.key, list(columns), list(values)]
    return keyed_index("kept_row_stamp", rfc8785.dumps(parts).decode())


def _of_step(
    run: Run,
    plan: Plan,
    step: Step,
    dataset: Dataset,
    known: Mapping[str, LegalMinimum],
    engine: EngineSource,
    job: JobHandle,
) -> None:
    columns, found_daily = telling_columns(plan, step), _found_daily(step, dataset)
    newer = {each.name for each in step.newer}
    with closing(stream_kept(engine, plan, step, columns)) as batches:
        for batch in batches:
            meant = [each for each in batch if newer.isdisjoint(name for name, _event in each.kept_by)]
            rows = [each for each in meant if each.key not in found_daily]
            with transaction.atomic():
                renew(job_id=job.id, lease_owner=job.lease_owner)
                if rows:
                    head = _head(run, step, dataset, columns, known)
                    KeptRow.objects.bulk_create(_records(head, dataset, known, rows), ignore_conflicts=True)


def _head(
    run: Run, step: Step, dataset: Dataset, columns: Sequence[str], known: Mapping[str, LegalMinimum]
) -> KeptRows:
    names = sorted({each.name for each in step.unless if not each.newer})
    reasons = sorted({known[name].reason for name in names if name in known})
    head, _is_new = KeptRows.objects.get_or_create(
        run=run, dataset=dataset, defaults={"columns": list(columns), "minimums": names, "reasons": reasons}
    )
    return head


def _records(
    head: KeptRows, dataset: Dataset, known: Mapping[str, LegalMinimum], rows: Sequence[SeenRow]
) -> Iterator[KeptRow]:
    for each in rows:
        yield KeptRow(
            kept=head,
            row_index=row_index(dataset, each.key),
            key=list(each.key),
            stamp=stamp_of(dataset, head.columns, each.values),
            until=last_day(each, known),
        )


def _found_daily(step: Step, dataset: Dataset) -> frozenset[Key]:
    """Rows of the person that the daily look for erased people finds as soon as the law allows."""
    named = [each for each in dataset.fields.all() if each.identifier_kind]
    if not isinstance(step.selection, SubjectKeys) or len(watched_fields(dataset)) != len(named):
        return frozenset()
    return frozenset(step.selection.keys_of(dataset.key))
