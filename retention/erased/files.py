"""Carrying the fingerprints of erased people past a restore of the portal's own database, in an encrypted file.

Danger: a restored portal has forgotten whom it erased since the backup, and everybody is back without anybody knowing.
Rule: the file is encrypted and authenticated under the organisation's key, line by line and with its end, so an
altered, cut or foreign file is refused as a whole. Fingerprints only: no identifier leaves the house. Beside them it
says of every run what it left because a part was refused, by table and column, and on which day its request was
received, so that not more is erased again than was erased; files of the first format do not say it. Reading it twice
adds nothing twice.
"""

import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any, BinaryIO

from django.db import transaction

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.subjects.crypto import CannotDecrypt
from privacy.subjects.files import EncryptedWriter, decrypted
from privacy.subjects.identifiers import IdentifierKind
from privacy.tenants.context import current_organisation
from retention.erased.extents import Extent, extents_of
from retention.erased.fingerprints import BYTES
from retention.errors import ErasuresFileInvalid
from retention.models import ErasedIdentifier, ErasureExtent, Run

CONTEXT = "retention.erased_identifiers"
FORMAT = "privacy-desk erasures 2"
_READABLE = ("privacy-desk erasures 1", FORMAT)
_READ_ROWS = 5_000
_READ_RUNS = 200


def export_erasures(target: BinaryIO, *, actor: Actor) -> int:
    """Write every fingerprint of the current organisation, and what each run left; returns how many fingerprints.

    The file opens in a portal with the same keys and the same organisation, and nowhere else.
    """
    count = 0
    rows = ErasedIdentifier.objects.order_by("recorded_at", "pk")
    with EncryptedWriter(target, context=CONTEXT) as writer:
        writer.write(_line({"format": FORMAT, "organisation": current_organisation().slug}))
        for row in rows.iterator(chunk_size=_READ_ROWS):
            writer.write(_line(_said(row)))
            count += 1
        extents = 0
        for run_id, extent in _extents():
            writer.write(_line(_said_of_run(run_id, extent)))
            extents += 1
        writer.write(_line({"end": count + extents}))
    record(action="erasures.exported", actor=actor, data={"fingerprints": count})
    return count


@transaction.atomic
def import_erasures(source: BinaryIO, *, actor: Actor) -> int:
    """Add the fingerprints of a file that are not known here; returns how many were added. All or none.

    What the file says of runs of which there is a record here is passed over: the record says it.

    Raises:
        ErasuresFileInvalid: altered, cut, another organisation's, or no such file at all.
    """
    added = 0
    for batch in _batches(_rows_in(source)):
        added += _add_new([each for each in batch if isinstance(each, ErasedIdentifier)])
        _add_extents({each.run_id: each for each in batch if isinstance(each, ErasureExtent)})
    record(action="erasures.imported", actor=actor, data={"fingerprints": added})
    return added


def _add_new(rows: list[ErasedIdentifier]) -> int:
    known = set(ErasedIdentifier.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    new = [row for row in rows if row.pk not in known]
    for row in new:
        row.prepare()
    ErasedIdentifier.objects.bulk_create(new)
    return len(new)


def _add_extents(rows: Mapping[uuid.UUID, ErasureExtent]) -> None:
    known = set(Run.objects.filter(pk__in=rows).values_list("pk", flat=True))
    known |= set(ErasureExtent.objects.filter(run_id__in=rows).values_list("run_id", flat=True))
    new = [row for run_id, row in rows.items() if run_id not in known]
    for row in new:
        row.prepare()
    ErasureExtent.objects.bulk_create(new)


def _extents() -> Iterator[tuple[uuid.UUID, Extent]]:
    """Of every run that left fingerprints, as far as it is known."""
    runs = ErasedIdentifier.objects.order_by("run_id").values_list("run_id", flat=True).distinct()
    together = runs.iterator(chunk_size=_READ_RUNS)
    while some := list(islice(together, _READ_RUNS)):
        yield from extents_of(some).items()


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"


def _said(row: ErasedIdentifier) -> dict[str, str]:
    return {
        "id": str(row.pk),
        "at": row.recorded_at.isoformat(),
        "kind": row.kind,
        "fingerprint": bytes(row.fingerprint).hex(),
        "run": str(row.run_id),
    }


def _said_of_run(run_id: uuid.UUID, extent: Extent) -> dict[str, Any]:
    source = {"number": extent.source_id, "name": extent.source_name}
    day = {"received": extent.received_on.isoformat()} if extent.received_on else {}
    return {"run": str(run_id), "source": source, "left": extent.spared} | day


def _rows_in(source: BinaryIO) -> Iterator[ErasedIdentifier | ErasureExtent]:
    """The rows of a file, checked. The last line says how many there must have been."""
    try:
        lines = _lines(source)
        head = next(lines, {})
        if head.get("format") not in _READABLE or head.get("organisation") != current_organisation().slug:
            raise ErasuresFileInvalid("the file is not an export of erasures of this organisation")
        count, ended = 0, False
        for line in lines:
            if ended or (ended := "end" in line):
                if not ended or line.get("end") != count:
                    raise ErasuresFileInvalid("the file does not hold as many lines as it says")
                continue
            count += 1
            yield _extent(line) if "left" in line else _row(line)
        if not ended:
            raise ErasuresFileInvalid("the file ends before its end")
    except (CannotDecrypt, ValueError, KeyError, TypeError, AttributeError):
        raise ErasuresFileInvalid(
            "the file cannot be read: altered, cut, or written by another organisation or under other keys"
        ) from None


def _extent(line: dict[str, Any]) -> ErasureExtent:
    return ErasureExtent(
        run_id=uuid.UUID(line["run"]),
        source_id=int(line["source"]["number"]),
        source_name=str(line["source"]["name"]),
        spared={dataset: {str(c): str(ground) for c, ground in left.items()} for dataset, left in line["left"].items()},
        received_on=date.fromisoformat(line["received"]) if "received" in line else None,
    )


def _row(line: dict[str, str]) -> ErasedIdentifier:
    fingerprint = bytes.fromhex(line["fingerprint"])
    if len(fingerprint) != BYTES:
        raise ValueError("not a fingerprint")
    return ErasedIdentifier(
        pk=uuid.UUID(line["id"]),
        recorded_at=datetime.fromisoformat(line["at"]),
        kind=IdentifierKind(line["kind"]).value,
        fingerprint=fingerprint,
        run_id=uuid.UUID(line["run"]),
    )


def _lines(source: BinaryIO) -> Iterator[dict[str, Any]]:
    rest = b""
    for chunk in decrypted(source, context=CONTEXT):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from map(json.loads, whole)
    if rest:
        raise ValueError("a line without an end")


def _batches(rows: Iterator[ErasedIdentifier | ErasureExtent]) -> Iterator[list[ErasedIdentifier | ErasureExtent]]:
    batch: list[ErasedIdentifier | ErasureExtent] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _READ_ROWS:
            yield batch
            batch = []
    if batch:
        yield batch
