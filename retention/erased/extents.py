"""What an erasure left as it was, because a part of it was refused: what erasing again has to leave as well.

With it the day on which the request was received: rows that came about later were left as well, and are again.

Danger: more is erased again than was erased, and what had to be kept is destroyed.
Rule: it is read from the plan of the original run, if that still has the hash it was approved under; of a run of which
this portal has no record, because it was restored from before it, from the export file of erasures. Of whom neither
says it, it is not known, and that is never taken for “nothing was left”.
"""

import hashlib
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import rfc8785

from privacy.datamap.models import Source
from privacy.datamap.newer import days_named
from privacy.datamap.sparing import SparedOfSource, spared_by_shown
from retention.models import ErasedIdentifier, ErasureExtent, Run

Name = tuple[str, bytes]
"""Kind of an identifier and its fingerprint."""


@dataclass(frozen=True)
class Left:
    """What the last erasure of somebody left. received_on: rows that came about after this day; None: none of them."""

    spared: SparedOfSource
    received_on: date | None = None


@dataclass(frozen=True)
class Extent:
    """What one run left, in which source. Tables, columns and grounds; nothing of the person."""

    source_id: int
    source_name: str
    spared: SparedOfSource
    received_on: date | None = None

    def is_of(self, source: Source) -> bool | None:
        """None when nobody can say: a restored portal gives the number of a lost source to the next one."""
        same = (self.source_id == source.pk, self.source_name == source.name)
        return same[0] if same[0] == same[1] else None


def extents_of(run_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Extent]:
    """By run; those of which it is not known are not in it."""
    runs = Run.objects.filter(pk__in=run_ids)
    found = {
        pk: Extent(source_id, name, spared_by_shown(plan["engine"]) if "engine" in plan else {}, received_on)
        for pk, source_id, name, plan, hashed, received_on in runs.values_list(
            "pk", "source_id", "source__name", "plan", "plan_hash", "received_on"
        )
        if _is_as_approved(plan, hashed, received_on)
    }
    told = ErasureExtent.objects.filter(run_id__in=set(run_ids) - set(found)).order_by("recorded_at", "pk")
    return {
        each.run_id: Extent(each.source_id, each.source_name, each.spared, each.received_on) for each in told
    } | found


def left_in(source: Source, names: Collection[Name]) -> dict[Name, Left | None]:
    """By what somebody erased is known: what the last erasure of them in a source left as it was.

    None where that is not known: the portal has no record of the run, or the last erasure of them was in other sources
    only and left something there, so nobody has said what of it is to stay here.
    """
    erased = ErasedIdentifier.objects.filter(
        kind__in={kind for kind, _fingerprint in names}, fingerprint__in={fingerprint for _kind, fingerprint in names}
    )
    marks: dict[Name, list[uuid.UUID]] = {}
    for kind, fingerprint, run_id in erased.order_by("recorded_at", "pk").values_list("kind", "fingerprint", "run_id"):
        marks.setdefault((kind, bytes(fingerprint)), []).append(run_id)
    extents = extents_of({run_id for name in names for run_id in marks.get(name, ())})
    return {name: _last(source, [extents.get(run_id) for run_id in marks.get(name, ())]) for name in names}


def _last(source: Source, in_order: Iterable[Extent | None]) -> Left | None:
    elsewhere: dict[int, Extent] = {}
    for extent in reversed([*in_order]):
        is_here = extent.is_of(source) if extent is not None else None
        if extent is None or is_here is None:
            return None
        if is_here:
            return Left(extent.spared, extent.received_on)
        elsewhere.setdefault(extent.source_id, extent)
    if not elsewhere or any(each.spared for each in elsewhere.values()):
        return None
    last = next(iter(elsewhere.values()))
    return Left({}, last.received_on)


def _is_as_approved(plan: dict[str, Any], hashed: str, received_on: date | None) -> bool:
    """Whether a stored plan has the hash that officers saw, and names no other day than its run.

    What is asked of people spares no column.
    """
    if "engine" not in plan:
        return True
    is_same = hashlib.sha256(rfc8785.dumps(plan["engine"])).hexdigest() == hashed
    return is_same and days_named(plan["engine"]) <= {received_on}
