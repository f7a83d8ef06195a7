"""Sealing what has been written since the last seal."""

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone

from privacy.ledger.models import Seal
from privacy.ledger.sealed import SealedRow, current_epoch, keyed_digest
from privacy.ledger.streams import streams

GENESIS = bytes(32)
ROWS_PER_SEAL = 10_000


def seal_all() -> int:
    """Seal every stream of the organisation. Returns the number of rows sealed."""
    return sum(seal_stream(name) for name in streams())


def seal_stream(stream: str) -> int:
    """Seal the rows of one stream whose transactions have ended. Returns the number of rows sealed."""
    sealed = 0
    while True:
        rows = _seal_once(stream)
        sealed += rows
        if rows < ROWS_PER_SEAL:
            return sealed


@transaction.atomic
def _seal_once(stream: str) -> int:
    with connection.cursor() as cursor:
        # one sealer for each organisation and stream; the key must name the schema, for such locks span the database
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(%s))", [stream])
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        settled_before = cursor.fetchone()[0]
    last = Seal.objects.filter(stream=stream).order_by("-number").first()
    epoch, start = _where_to_go_on(streams()[stream], stream, last)
    upper = settled_before if epoch == current_epoch() else None
    rows = _rows(streams()[stream], epoch, start, upper)
    if not rows:
        return 0
    end = rows[-1].transaction + 1
    Seal.objects.create(
        stream=stream,
        number=last.number + 1 if last else 1,
        epoch=epoch,
        from_transaction=start,
        to_transaction=end,
        rows=len(rows),
        row_ids=b"".join(row.id.bytes for row in rows),
        previous=bytes(last.digest) if last else GENESIS,
        digest=seal_digest(stream, last, epoch, start, end, rows),
        sealed_at=timezone.now(),
    )
    return len(rows)


def seal_digest(stream: str, previous: Seal | None, epoch: int, start: int, end: int, rows: list[SealedRow]) -> bytes:
    """Keyed digest of a seal: its place, its range, the seal before it, and every row's id and digest; 32 bytes."""
    number = previous.number + 1 if previous else 1
    head = f"{stream}|{number}|{epoch}|{start}|{end}|{len(rows)}".encode()
    before = bytes(previous.digest) if previous else GENESIS
    return keyed_digest(head, before, b"".join(row.id.bytes + bytes(row.digest) for row in rows))


def _where_to_go_on(model: type[SealedRow], stream: str, last: Seal | None) -> tuple[int, int]:
    """(epoch, first transaction) that are not sealed yet. Rows of an older cluster are sealed before newer ones."""
    ends = dict(Seal.objects.filter(stream=stream).values_list("epoch").annotate(end=Max("to_transaction")).order_by())
    # in two ranges, for the index finds those; "not equal" would read the whole ledger each time
    elsewhere = model.objects.filter(Q(epoch__lt=current_epoch()) | Q(epoch__gt=current_epoch()))
    for epoch in elsewhere.order_by("epoch").values_list("epoch", flat=True).distinct():
        if model.objects.filter(epoch=epoch, transaction__gte=ends.get(epoch, 0)).exists():
            return epoch, ends.get(epoch, 0)
    return current_epoch(), ends.get(current_epoch(), 0)


def _rows(model: type[SealedRow], epoch: int, start: int, upper: int | None) -> list[SealedRow]:
    """Rows to seal, whole transactions only, at least one transaction and about ROWS_PER_SEAL rows."""
    waiting = model.objects.filter(epoch=epoch, transaction__gte=start).order_by("transaction", "id")
    if upper is not None:
        waiting = waiting.filter(transaction__lt=upper)
    rows = list(waiting.only("id", "transaction", "digest")[: ROWS_PER_SEAL + 1])
    if len(rows) <= ROWS_PER_SEAL:
        return rows
    cut = rows[-1].transaction
    whole = [row for row in rows if row.transaction < cut]
    return whole or list(waiting.filter(transaction=cut).only("id", "transaction", "digest"))
