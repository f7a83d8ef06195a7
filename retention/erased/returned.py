"""What a look for erased people found, kept row by row, and the finding that tells it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import rfc8785
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from privacy.datamap.asking import databases
from privacy.datamap.engine.errors import EngineError
from privacy.datamap.engine.spec import Key
from privacy.datamap.enums import FindingCode
from privacy.datamap.models import Dataset, Finding, Source
from privacy.datamap.opening import open_for_engine
from privacy.datamap.services.findings import Observation, reconcile
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.subjects.crypto import keyed_index
from retention.erased.fingerprints import ErasedSet, last_erased_at
from retention.erased.looking import FoundRow, Looked, look_through, watched_datasets
from retention.models import ReturnedRow

REFUSED = "refused"
"""Why a row may stay that was spared by a decision; what the decision did not spare is watched on."""


@dataclass(frozen=True)
class LookResult:
    """Rows of erased people in one dataset: `back` are to be erased again, `dismissed` may stay, `read` were read."""

    dataset: Dataset
    read: int
    back: int
    dismissed: int


def look_for_erased(*, source: Source, actor: Actor = SYSTEM) -> list[LookResult]:
    """Look through every watched dataset of a source, remember what was found, and raise or resolve the findings.

    Raises:
        EngineError: the source, or one of its datasets, cannot be read. What was found in the others is kept all the
            same; of this one nothing is known.
    """
    erased, looks, unread = ErasedSet(), [], None
    with open_for_engine(source) as engine:
        for watched in watched_datasets(source, engine):
            try:
                looks.append(look_through(engine, watched, erased))
            except EngineError as error:
                unread = error
                if error.retryable:
                    break
    with transaction.atomic():
        results = [remember(source, look) for look in looks]
        data = {"rows_read": sum(each.read for each in results), "back": sum(each.back for each in results)}
        record(
            action="erasures.verified",
            actor=actor,
            target=source,
            data=data | {"erased": len(erased), "complete": unread is None},
        )
    if unread is not None:
        raise unread
    return results


@transaction.atomic
def remember(source: Source, looked: Looked) -> LookResult:
    """Keep what a look found, and bring the finding of the dataset in line with it."""
    since = timezone.now()
    see(looked.dataset, looked.found)
    return conclude(source, looked.dataset, read=looked.read, since=since)


def see(dataset: Dataset, rows: Iterable[FoundRow]) -> None:
    """Keep some rows that were found, in the caller's transaction."""
    now, found = timezone.now(), {row_index(dataset, each): each for each in rows}
    stored = ReturnedRow.objects.select_for_update().filter(dataset=dataset, row_index__in=list(found))
    known = {bytes(each.row_index): each for each in stored}
    for index, each in found.items():
        _see(dataset, known.get(index), index, each, now)


def conclude(source: Source, dataset: Dataset, *, read: int, since: datetime) -> LookResult:
    """Every row of a dataset was looked at: what was not seen since then is gone. In the caller's transaction."""
    now = timezone.now()
    seen_now = ReturnedRow.objects.filter(dataset=dataset, last_seen_at__gte=since)
    ReturnedRow.objects.filter(dataset=dataset, last_seen_at__lt=since, gone_at__isnull=True).update(
        gone_at=now, key=None
    )
    back = rows_back(dataset).count()
    seen = [Observation(FindingCode.ERASED_CAME_BACK, dataset.key, dataset, count=back)] if back else []
    reconcile(source=source, dataset=dataset, codes=[FindingCode.ERASED_CAME_BACK], seen=seen, now=now)
    return LookResult(dataset, read, back, seen_now.count() - back)


def rows_back(dataset: Dataset) -> QuerySet[ReturnedRow]:
    """Rows of erased people that are in a dataset and that nobody has said may stay."""
    return ReturnedRow.objects.filter(dataset=dataset, gone_at__isnull=True, dismissed_at__isnull=True)


def keys_back(dataset: Dataset) -> tuple[Key, ...]:
    """Their primary keys, decrypted."""
    return tuple(tuple(each.key) for each in rows_back(dataset).order_by("pk") if each.key is not None)


def row_index(dataset: Dataset, found: FoundRow) -> bytes:
    """By what a row is known again: a keyed fingerprint of dataset, primary key and identifier; 32 bytes."""
    parts = [dataset.key, list(found.key), found.kind, found.fingerprint.hex()]
    return keyed_index("returned_row", rfc8785.dumps(parts).decode())


def let_stay(finding: Finding, reason: str, officer: Officer) -> None:
    """The rows that a finding tells may stay. Registered as what dismissing such a finding means."""
    assert finding.dataset is not None
    rows_back(finding.dataset).update(
        dismissed_at=timezone.now(), dismissed_by=officer, dismissed_reason=reason, key=None
    )


def _see(dataset: Dataset, row: ReturnedRow | None, index: bytes, found: FoundRow, now: datetime) -> None:
    if row is None:
        row = ReturnedRow(dataset=dataset, row_index=index, identifier_kind=found.kind, first_seen_at=now)
        row.fingerprint = found.fingerprint
    elif row.dismissed_at is not None and _erased_since(found, row.dismissed_at):
        row.dismissed_at, row.dismissed_by, row.dismissed_reason = None, None, ""
    row.last_seen_at, row.gone_at = now, None
    row.key = list(found.key) if row.dismissed_at is None or row.dismissed_reason == REFUSED else None
    row.save()


def _erased_since(found: FoundRow, moment: datetime) -> bool:
    last = last_erased_at(found.kind, found.fingerprint)
    return last is not None and last > moment


def sources_to_look_at() -> Iterable[Source]:
    return databases().order_by("name")
