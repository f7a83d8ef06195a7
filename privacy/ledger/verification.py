"""Finding the first place where the past was altered.

The end of the past is taken as found: newest seals that were removed together with their rows leave no trace here, only
in an anchor kept elsewhere (docs/decisions/0001).
What sealed rows know by a digest only (words, evidence) lies beside them, in other tables. The apps that keep it there
compare it, and say what does not match: `register_check`.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from privacy.ledger.models import Seal
from privacy.ledger.sealed import SealedRow
from privacy.ledger.sealing import seal_digest
from privacy.ledger.streams import streams


@dataclass(frozen=True)
class Breach:
    """A broken place: which stream, which row or seal, and what is wrong with it."""

    stream: str
    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.stream}: {self.place}: {self.problem}"


@dataclass
class Verdict:
    """What was checked, and what was found broken."""

    rows: int = 0
    seals: int = 0
    unsealed: int = 0
    breaches: tuple[Breach, ...] = ()


Check = Callable[[], Iterator[Breach]]

_checks: list[Check] = []


def register_check(check: Check) -> None:
    """Have something compared that sealed rows know by a digest only.

    Args:
        check: gives a breach for each thing that does not match, in the organisation that the thread is in.
    """
    if check not in _checks:
        _checks.append(check)


def verify_organisation(*, stop_at: int = 20) -> Verdict:
    """Check every sealed stream of the organisation that this thread is in, and what its rows know by a digest.

    Args:
        stop_at: how many broken places to name at most.
    """
    verdict = Verdict()
    sealed = (breach for stream, model in streams().items() for breach in _check_stream(stream, model, verdict))
    beside = (breach for check in _checks for breach in check())
    verdict.breaches = tuple(islice(chain(sealed, beside), stop_at))
    return verdict


def _check_stream(stream: str, model: type[SealedRow], verdict: Verdict) -> Iterator[Breach]:
    previous: Seal | None = None
    ends: dict[int, int] = {}
    for seal in Seal.objects.filter(stream=stream).order_by("number").iterator(chunk_size=50):
        yield from _check_seal(stream, model, seal, previous, verdict)
        ends[seal.epoch] = max(ends.get(seal.epoch, 0), seal.to_transaction)
        previous = seal
        verdict.seals += 1
    yield from _check_unsealed(stream, model, ends, verdict)


def _check_seal(
    stream: str, model: type[SealedRow], seal: Seal, previous: Seal | None, verdict: Verdict
) -> Iterator[Breach]:
    place = f"seal {seal.number}"
    if seal.number != (previous.number + 1 if previous else 1):
        yield Breach(stream, place, "the seal before it is missing")
    rows = list(
        model.objects.filter(
            epoch=seal.epoch, transaction__gte=seal.from_transaction, transaction__lt=seal.to_transaction
        ).order_by("transaction", "id")
    )
    before = verdict.rows
    broken = list(_check_rows(stream, rows, verdict))
    broken += _compare_ids(stream, seal, rows)
    yield from broken
    digest = seal_digest(stream, previous, seal.epoch, seal.from_transaction, seal.to_transaction, rows)
    if not broken and (digest != bytes(seal.digest) or verdict.rows - before != seal.rows):
        yield Breach(stream, place, "the seal itself or a digest under it was altered")


def _check_rows(stream: str, rows: list[SealedRow], verdict: Verdict) -> Iterator[Breach]:
    for row in rows:
        verdict.rows += 1
        if row.expected_digest() != bytes(row.digest):
            yield Breach(stream, f"row {row.id}", "its content was altered")


def _compare_ids(stream: str, seal: Seal, rows: list[SealedRow]) -> Iterator[Breach]:
    packed = bytes(seal.row_ids)
    sealed = {packed[start : start + 16] for start in range(0, len(packed), 16)}
    present = {row.id.bytes: row for row in rows}
    for missing in sorted(sealed - present.keys()):
        yield Breach(stream, f"row {uuid.UUID(bytes=missing)}", f"it was sealed (seal {seal.number}) and is gone")
    for added in sorted(present.keys() - sealed):
        yield Breach(stream, f"row {uuid.UUID(bytes=added)}", f"it was added after seal {seal.number}")


def _check_unsealed(stream: str, model: type[SealedRow], ends: dict[int, int], verdict: Verdict) -> Iterator[Breach]:
    for epoch in model.objects.order_by().values_list("epoch", flat=True).distinct():
        rows = model.objects.filter(epoch=epoch, transaction__gte=ends.get(epoch, 0)).order_by("transaction", "id")
        for row in rows.iterator(chunk_size=2000):
            verdict.unsealed += 1
            yield from _check_rows(stream, [row], verdict)
