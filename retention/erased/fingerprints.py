"""The set of erased fingerprints in memory, small enough for a million people.

A fingerprint is the keyed index of the normalised identifier (`privacy.subjects.crypto.keyed_index`): the source does
not have the key, so whoever steals source and fingerprints learns nothing.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Max

from privacy.subjects.crypto import index_as_written, keyed_index
from privacy.subjects.identifiers import IdentifierInvalid, IdentifierKind, normalise
from retention.models import ErasedIdentifier

BYTES = 32
_READ_ROWS = 10_000


class SortedFingerprints:
    """Fingerprints of one kind, end to end in one block of memory: 32 bytes for each, nothing else."""

    def __init__(self, in_order: Iterator[bytes]) -> None:
        block = bytearray()
        for each in in_order:
            block += each
        self._block = block

    def __len__(self) -> int:
        return len(self._block) // BYTES

    def __getitem__(self, place: int) -> bytes:
        return bytes(self._block[place * BYTES : (place + 1) * BYTES])

    def __contains__(self, fingerprint: bytes) -> bool:
        place = bisect_left(self, fingerprint)
        return place < len(self) and self[place] == fingerprint


class ErasedSet:
    """Everybody who was erased in the current organisation."""

    def __init__(self) -> None:
        self._by_kind = {kind: SortedFingerprints(_read(kind)) for kind in _kinds()}

    def __len__(self) -> int:
        return sum(map(len, self._by_kind.values()))

    def holds(self, kind: str, fingerprint: bytes) -> bool:
        known = self._by_kind.get(kind)
        return known is not None and fingerprint in known

    def knows(self, kind: str) -> bool:
        return kind in self._by_kind


def fingerprint_of(kind: str, value: str, *, region: str) -> bytes | None:
    """The fingerprint of a value as a source writes it; None for one that is no identifier, so nobody's.

    Args:
        region: two-letter country of phone numbers written without a country code.
    """
    try:
        return keyed_index(kind, normalise(kind, value, region=region))
    except IdentifierInvalid:
        return None


def fingerprints_of(kind: str, value: str, *, region: str) -> tuple[bytes, ...]:
    """Every fingerprint under which a value as a source writes it may have been erased.

    Customer numbers were once told apart letter by letter. What was sealed then stands, and counts.
    """
    now = fingerprint_of(kind, value, region=region)
    if now is None:
        return ()
    if kind != IdentifierKind.CUSTOMER_ID or value.isascii():
        return (now,)
    return (now, index_as_written(kind, value.strip()))


def last_erased_at(kind: str, fingerprint: bytes) -> datetime | None:
    """When this identifier was erased last; None when it never was."""
    found: datetime | None = ErasedIdentifier.objects.filter(kind=kind, fingerprint=fingerprint).aggregate(
        last=Max("recorded_at")
    )["last"]
    return found


def erased_among(names: Collection[tuple[str, bytes]]) -> dict[tuple[str, bytes], datetime]:
    """Those of many identifiers, as kind and keyed index, that were erased, and when last. One statement."""
    rows = ErasedIdentifier.objects.filter(
        kind__in={kind for kind, _index in names}, fingerprint__in={index for _kind, index in names}
    )
    last = rows.order_by().values_list("kind", "fingerprint").annotate(last=Max("recorded_at"))
    found = {(kind, bytes(index)): moment for kind, index, moment in last}
    return {name: found[name] for name in names if name in found}


def _kinds() -> list[str]:
    return list(ErasedIdentifier.objects.order_by().values_list("kind", flat=True).distinct())


def _read(kind: str) -> Iterator[bytes]:
    """In the order of the database, which for bytes is Python's own; each once."""
    rows = ErasedIdentifier.objects.filter(kind=kind).order_by("fingerprint").values_list("fingerprint", flat=True)
    for each in rows.distinct().iterator(chunk_size=_READ_ROWS):
        yield bytes(each)
