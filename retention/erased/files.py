"""Carrying the fingerprints of erased people past a restore of the portal's own database, in an encrypted file.

Danger: a restored portal has forgotten whom it erased since the backup, and everybody is back without anybody knowing.
Rule: the file is encrypted and authenticated under the organisation's key, line by line and with its end, so an
altered, cut or foreign file is refused as a whole. Fingerprints only: no identifier leaves the house. Reading it twice
adds nothing twice.
"""

import json
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction

from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.subjects.crypto import CannotDecrypt
from privacy.subjects.files import EncryptedWriter, decrypted
from privacy.subjects.identifiers import IdentifierKind
from privacy.tenants.context import current_organisation
from retention.erased.fingerprints import BYTES
from retention.errors import ErasuresFileInvalid
from retention.models import ErasedIdentifier

CONTEXT = "retention.erased_identifiers"
FORMAT = "privacy-desk erasures 1"
_READ_ROWS = 5_000


def export_erasures(target: BinaryIO, *, actor: Actor) -> int:
    """Write every fingerprint of the current organisation; returns how many.

    The file opens in a portal with the same keys and the same organisation, and nowhere else.
    """
    count = 0
    rows = ErasedIdentifier.objects.order_by("recorded_at", "pk")
    with EncryptedWriter(target, context=CONTEXT) as writer:
        writer.write(_line({"format": FORMAT, "organisation": current_organisation().slug}))
        for row in rows.iterator(chunk_size=_READ_ROWS):
            writer.write(_line(_said(row)))
            count += 1
        writer.write(_line({"end": count}))
    record(action="erasures.exported", actor=actor, data={"fingerprints": count})
    return count


@transaction.atomic
def import_erasures(source: BinaryIO, *, actor: Actor) -> int:
    """Add the fingerprints of a file that are not known here; returns how many were added. All or none.

    Raises:
        ErasuresFileInvalid: altered, cut, another organisation's, or no such file at all.
    """
    added = 0
    for batch in _batches(_rows_in(source)):
        known = set(ErasedIdentifier.objects.filter(pk__in=[row.pk for row in batch]).values_list("pk", flat=True))
        new = [row for row in batch if row.pk not in known]
        for row in new:
            row.prepare()
        ErasedIdentifier.objects.bulk_create(new)
        added += len(new)
    record(action="erasures.imported", actor=actor, data={"fingerprints": added})
    return added


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


def _rows_in(source: BinaryIO) -> Iterator[ErasedIdentifier]:
    """The rows of a file, checked. The last line says how many there must have been."""
    try:
        lines = _lines(source)
        head = next(lines, {})
        if head.get("format") != FORMAT or head.get("organisation") != current_organisation().slug:
            raise ErasuresFileInvalid("the file is not an export of erasures of this organisation")
        count, ended = 0, False
        for line in lines:
            if ended or (ended := "end" in line):
                if not ended or line.get("end") != count:
                    raise ErasuresFileInvalid("the file does not hold as many fingerprints as it says")
                continue
            count += 1
            yield _row(line)
        if not ended:
            raise ErasuresFileInvalid("the file ends before its end")
    except (CannotDecrypt, ValueError, KeyError, TypeError, AttributeError):
        raise ErasuresFileInvalid(
            "the file cannot be read: altered, cut, or written by another organisation or under other keys"
        ) from None


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


def _batches(rows: Iterator[ErasedIdentifier]) -> Iterator[list[ErasedIdentifier]]:
    batch: list[ErasedIdentifier] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _READ_ROWS:
            yield batch
            batch = []
    if batch:
        yield batch
