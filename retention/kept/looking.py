"""The daily look at rows that the law wanted kept: who is free now, who went, who is not the same any more.

Danger: a look that is interrupted and begins anew for ever. Rule: every row carries the day on which it was looked at,
written with what was found, so the next slice goes on with those that are left.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from privacy.datamap.enums import FindingCode
from privacy.datamap.models import Dataset, Finding, Source
from privacy.datamap.opening import open_for_engine
from privacy.datamap.services.findings import Observation, reconcile
from privacy.jobs.registry import JobHandle
from privacy.jobs.services import renew
from privacy.ledger.actors import SYSTEM
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.selectors import local_date
from retention.enums import KeptState, RunState
from retention.kept.standing import KeptWorld, Stand, Standing
from retention.models import KeptRow, KeptRows, Run

ROWS_AT_ONCE = 1_000
_STATES = {Stand.FREE: KeptState.FREE, Stand.KEPT: KeptState.KEPT, Stand.CHANGED: KeptState.CHANGED}


def rows_of(source: Source) -> QuerySet[KeptRow]:
    """What is remembered of erasures that were carried out; of one that was stopped, once another ended its case."""
    later = Run.objects.filter(case_id=OuterRef("kept__run__case_id"), source=source, state=RunState.COMPLETED)
    done = Q(kept__run__state=RunState.COMPLETED) | Exists(later)
    return KeptRow.objects.filter(done, kept__dataset__source=source)


def rows_due(source: Source, today: dt.date) -> QuerySet[KeptRow]:
    """Rows of which the day has come, or of which no day is known, and that were not looked at today."""
    come = Q(until__isnull=True) | Q(until__lt=today) | ~Q(state=KeptState.KEPT)
    return rows_of(source).filter(come, Q(looked_on__isnull=True) | Q(looked_on__lt=today))


def look_at_kept(job: JobHandle, source: Source) -> bool:
    """Do one slice of the look; whether every row was looked at and the findings say what was found.

    Raises:
        DatamapIncomplete: a minimum does not fit the data map.
        EngineError: the source cannot be read now; what was found before is kept.
        privacy.jobs.registry.LeaseLost: another worker goes on with it.
    """
    today, deadline = local_date(timezone.now()), time.monotonic() + settings.JOB_SLICE_SECONDS
    with open_for_engine(source) as engine:
        world = KeptWorld(source, engine)
        _forget_old_days(source, world)
        for dataset in world.datasets.values():
            waiting = rows_due(source, today).filter(kept__dataset=dataset).select_related("kept").order_by("pk")
            while rows := list(waiting[:ROWS_AT_ONCE]):
                found = list(world.standings(dataset, rows))
                with transaction.atomic():
                    renew(job_id=job.id, lease_owner=job.lease_owner)
                    _write(dataset, found, today)
                if time.monotonic() >= deadline:
                    return False
    with transaction.atomic():
        renew(job_id=job.id, lease_owner=job.lease_owner)
        tell(source)
    return True


def tell(source: Source) -> None:
    """Bring the findings of a source in line with what is known of its rows, in the caller's transaction."""
    told = {FindingCode.KEPT_BY_LAW_OVER: KeptState.FREE, FindingCode.KEPT_ROW_CHANGED: KeptState.CHANGED}
    for dataset in Dataset.objects.filter(source=source):
        mine = rows_of(source).filter(kept__dataset=dataset)
        numbers = {code: _distinct(mine.filter(state=state)) for code, state in told.items()}
        seen = [Observation(code, dataset.key, dataset, count=number) for code, number in numbers.items() if number]
        reconcile(source=source, dataset=dataset, codes=list(told), seen=seen)


@dataclass(frozen=True)
class KeptUntil:
    """Until which day, at the latest, the law wanted rows of a table kept, and why."""

    until: dt.date | None
    reasons: tuple[str, ...]


def kept_until(source: Source) -> dict[str, KeptUntil]:
    """For the tables of a source in which rows are free now, by dataset."""
    free = rows_of(source).filter(state=KeptState.FREE)
    found = {}
    for dataset in Dataset.objects.filter(source=source, kept_rows__rows__in=free).distinct():
        mine = free.filter(kept__dataset=dataset)
        said = KeptRows.objects.filter(rows__in=mine).values_list("reasons", flat=True)
        last = mine.aggregate(last=Max("until"))["last"]
        found[dataset.key] = KeptUntil(last, tuple(sorted({each for reasons in said for each in reasons})))
    return found


def let_stay(finding: Finding, _reason: str, _officer: Officer) -> None:
    """The rows that a finding tells stay, and are not remembered any longer. What dismissing such a finding means."""
    state = KeptState.FREE if finding.code == FindingCode.KEPT_BY_LAW_OVER else KeptState.CHANGED
    rows_of(finding.source).filter(kept__dataset=finding.dataset, state=state).delete()


def went(dataset: Dataset, rows: QuerySet[KeptRow], *, by: Run | None = None) -> None:
    """Rows are gone or anonymised: say so in the record of each erasure that had left them, and forget them.

    In the caller's transaction.

    Args:
        by: the run that did it; None when nobody knows who did.
    """
    numbers = Counter(rows.values_list("kept__run_id", flat=True))
    for run in Run.objects.filter(pk__in=numbers).defer("plan", "frozen_keys"):
        data = {"dataset": dataset.key, "rows": numbers[run.pk], "by": str(by.pk) if by else ""}
        record(action="run.kept_rows_gone", actor=SYSTEM, target=run, data=data)
    rows.delete()


def _write(dataset: Dataset, found: Sequence[Standing], today: dt.date) -> None:
    gone = [each.row.pk for each in found if each.stand is Stand.GONE]
    if gone:
        went(dataset, KeptRow.objects.filter(pk__in=gone))
    there = [each for each in found if each.stand is not Stand.GONE]
    for each in there:
        each.row.state, each.row.until, each.row.looked_on = _STATES[each.stand], each.until or _known(each), today
    KeptRow.objects.bulk_update([each.row for each in there], ["state", "until", "looked_on"])


def _known(each: Standing) -> dt.date | None:
    """A row that is free, or another one, keeps the day that was known of it."""
    return None if each.stand is Stand.KEPT else each.row.until


def _forget_old_days(source: Source, world: KeptWorld) -> None:
    """Days worked out by other minimums than those of today say nothing: these rows are looked at now."""
    for head in KeptRows.objects.filter(dataset__source=source).select_related("dataset"):
        if (names := world.names(head.dataset.key)) != head.minimums:
            head.rows.update(until=None, looked_on=None)
            head.minimums = names
            head.save(update_fields=["minimums"])


def _distinct(rows: QuerySet[KeptRow]) -> int:
    """Two erasures may have left the same row."""
    return rows.order_by().values("row_index").distinct().count()
