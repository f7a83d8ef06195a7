"""Writing the disclosure log, and making entries void. Nothing in it is ever changed.

Every entry passes the same checks, whichever way it comes. A reference is written once: the same disclosure again is
found and not doubled, another one under the same reference is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.ledger.actors import Actor
from privacy.ledger.sealed import keyed_digest
from privacy.ledger.services import record
from privacy.register.disclosures.checking import Checked, check
from privacy.register.disclosures.errors import DisclosureRefused, KeyReused
from privacy.register.disclosures.statement import DisclosureStatement
from privacy.register.models import Disclosure, DisclosureNote, VoidedDisclosure, VoidReason, Way
from privacy.subjects.crypto import keyed_index
from privacy.subjects.people import lock_or_add
from privacy.tenants.db import connection

_BATCH = 1000
_REFERENCE = "disclosure.reference"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one statement: its entry, or why there is none. `is_new` is False when it was there before."""

    disclosure: Disclosure | None = None
    is_new: bool = False
    refusal: DisclosureRefused | None = None


def record_disclosure(*, statement: DisclosureStatement, way: Way, actor: Actor) -> Disclosure:
    """Write down that data of a person was disclosed. The same reference again returns the entry of the first time.

    Args:
        way: how it comes into the log.

    Raises:
        DisclosureRefused: it does not stand; the error names the field.
    """
    (outcome,) = record_disclosures(statements=[statement], way=way, actor=actor)
    if outcome.refusal is not None:
        raise outcome.refusal
    assert outcome.disclosure is not None
    return outcome.disclosure


@transaction.atomic
def record_disclosures(
    *, statements: Sequence[DisclosureStatement], way: Way, actor: Actor, all_or_nothing: bool = False
) -> list[Outcome]:
    """Write down many disclosures; those that do not stand are left out and say why. People not known yet are added.

    Args:
        all_or_nothing: write none when one does not stand.

    Returns:
        One outcome for each statement, in the same order.
    """
    _one_at_a_time()
    outcomes = judge_disclosures(statements)
    if all_or_nothing and any(isinstance(each, DisclosureRefused) for each in outcomes):
        return [Outcome(refusal=each) if isinstance(each, DisclosureRefused) else Outcome() for each in outcomes]
    fresh = [each for each in outcomes if isinstance(each, Checked)]
    written = iter(_write(fresh, way=way, actor=actor))
    by_reference: dict[str, Disclosure] = {}
    answers = []
    for outcome in outcomes:
        if isinstance(outcome, DisclosureRefused):
            answers.append(Outcome(refusal=outcome))
        elif isinstance(outcome, Checked):
            row = next(written)
            by_reference[outcome.said.reference] = row
            answers.append(Outcome(row, is_new=True))
        elif isinstance(outcome, Disclosure):
            answers.append(Outcome(outcome))
        else:
            answers.append(Outcome(by_reference[outcome.reference]))
    return answers


def judge_disclosures(
    statements: Sequence[DisclosureStatement],
) -> list[Checked | Disclosure | DisclosureStatement | DisclosureRefused]:
    """What would become of each: to be written (`Checked`), written before (`Disclosure`), stated before in the same
    list (that statement), or refused. Nothing is written.
    """
    earlier = _earlier(statements)
    first: dict[str, DisclosureStatement] = {}
    judged: list[Checked | Disclosure | DisclosureStatement | DisclosureRefused] = []
    for said, checked in zip(statements, check(statements), strict=True):
        before = earlier.get(said.reference) if said.reference else None
        if isinstance(checked, DisclosureRefused):
            judged.append(before if before is not None and _is_same(before, said) else checked)
        elif before is not None:
            judged.append(before if _says(checked) == _kept(before) else _reused())
        elif said.reference in first:
            twin = first[said.reference]
            judged.append(twin if _stated(twin) == _stated(said) else _reused())
        else:
            if said.reference:
                first[said.reference] = said
            judged.append(checked)
    return judged


def record_once(
    *, caller: str, key: str, body: Any, statement: DisclosureStatement, actor: Actor, way: Way = Way.API
) -> Disclosure:
    """Write a disclosure down under an Idempotency-Key, or return what the same call wrote before.

    Args:
        caller: prefix of the API key, or who filled in a page: keys of different callers never meet.
        key: of an API call; of a page the number with which it was shown.
        body: what was sent, as JSON; kept as a keyed digest only.

    Raises:
        DisclosureRefused: it does not stand.
        KeyReused: the key came with another body before.
    """
    call = _call(caller, key)
    digest = keyed_digest(b"disclosure.body", rfc8785.dumps(body))
    if (before := _called_before(call, digest)) is not None:
        return before
    try:
        with transaction.atomic():
            _one_at_a_time()
            (outcome,) = judge_disclosures([statement])
            if isinstance(outcome, DisclosureRefused):
                raise outcome
            if isinstance(outcome, Disclosure):
                return outcome
            assert isinstance(outcome, Checked)
            (row,) = _write([outcome], way=way, actor=actor, call=(call, digest))
            return row
    except IntegrityError:  # the same call arrived twice at once, and the other one was first
        if (before := _called_before(call, digest)) is None:
            raise
        return before


@transaction.atomic
def void_disclosure(
    *, disclosure: Disclosure, reason: str, actor: Actor, now: datetime | None = None
) -> VoidedDisclosure:
    """Make an entry void that was made in error. It stays, and nobody is told of it any more.

    Args:
        reason: a `VoidReason`.

    Raises:
        DisclosureRefused: the reason is none, or it is void already.
    """
    if reason not in VoidReason.values:
        raise DisclosureRefused("reason", _("Say why the entry is wrong: choose one of the reasons."))
    _one_at_a_time()
    if VoidedDisclosure.objects.filter(disclosure=disclosure).exists():
        raise DisclosureRefused("disclosure", _("This entry is void already."))
    voided = VoidedDisclosure.objects.create(
        disclosure=disclosure, reason=reason, actor_kind=actor.kind, actor_id=actor.id, voided_at=now or timezone.now()
    )
    record(action="disclosure.voided", actor=actor, target=disclosure, data={"reason": reason})
    return voided


def forget_notes(*, subject_id: UUID) -> int:
    """Delete the free text of a person's disclosures, because their data was erased. Returns how many notes."""
    return DisclosureNote.objects.filter(disclosure__subject_id=subject_id).delete()[0]


def _one_at_a_time() -> None:
    """Two writers at once could each find that a reference is new. The lock is this organisation's, and short."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(%s))", [Disclosure._meta.db_table]
        )


def _write(
    checked: Sequence[Checked], *, way: Way, actor: Actor, call: tuple[bytes, bytes] | None = None
) -> list[Disclosure]:
    if not checked:
        return []
    now = timezone.now()
    strangers = {each.said.person for each in checked if each.subject_id is None and each.said.person is not None}
    added = lock_or_add(strangers) if strangers else {}
    rows = []
    for each in checked:
        subject_id = each.subject_id or added[each.said.person]  # type: ignore[index]
        rows.append(_row(each, subject_id=subject_id, way=way, actor=actor, now=now, call=call))
    Disclosure.objects.bulk_create(rows, batch_size=_BATCH)
    DisclosureNote.objects.bulk_create(
        [
            DisclosureNote(disclosure=row, text=each.said.note)
            for row, each in zip(rows, checked, strict=True)
            if each.said.note
        ],
        batch_size=_BATCH,
    )
    _note_in_ledger(rows, way=way, actor=actor)
    return rows


def _row(
    checked: Checked, *, subject_id: UUID, way: Way, actor: Actor, now: datetime, call: tuple[bytes, bytes] | None
) -> Disclosure:
    said = checked.said
    return Disclosure(
        recipient=checked.recipient,
        subject_id=subject_id,
        disclosed_on=said.disclosed_on,
        categories=sorted(set(said.categories)),
        purpose=checked.purpose,
        lawful_basis=checked.purpose.lawful_basis,
        ground=said.ground,
        authority=said.authority.strip() if said.ground else "",
        approver=said.approver.strip() if said.ground else None,
        is_secret=said.is_secret,
        means=said.means,
        way=way,
        reference=said.reference or None,
        reference_index=keyed_index(_REFERENCE, said.reference) if said.reference else None,
        call_digest=call[0] if call else None,
        body_digest=call[1] if call else None,
        actor_kind=actor.kind,
        actor_id=actor.id,
        entered_at=now,
    )


def _note_in_ledger(rows: list[Disclosure], *, way: Way, actor: Actor) -> None:
    """One entry for each disclosure that came alone, one for all that came together."""
    if len(rows) == 1:
        data = {"recipient": rows[0].recipient_id, "purpose": rows[0].purpose.code, "way": way.value}
        record(action="disclosure.recorded", actor=actor, target=rows[0], data=data)
        return
    without_consent = sum(bool(row.ground) for row in rows)
    data = {"stored": len(rows), "without_consent": without_consent, "way": way.value}
    record(action="disclosure.bulk_recorded", actor=actor, data=data)


def _earlier(statements: Sequence[DisclosureStatement]) -> dict[str, Disclosure]:
    """Entries that have a reference of these, by it."""
    wanted = {keyed_index(_REFERENCE, each.reference): each.reference for each in statements if each.reference}
    if not wanted:
        return {}
    rows = Disclosure.objects.select_related("recipient", "purpose").extra(
        where=["reference_index = ANY(%s)"], params=[list(wanted)]
    )
    return {wanted[bytes(row.reference_index or b"")]: row for row in rows}


def is_recorded(*, caller: str, key: str) -> bool:
    """Whether a disclosure was written down under this key."""
    return Disclosure.objects.filter(call_digest=_call(caller, key)).exists()


def _call(caller: str, key: str) -> bytes:
    return keyed_digest(b"disclosure.key", caller.encode(), key.encode())


def _called_before(call: bytes, digest: bytes) -> Disclosure | None:
    row = Disclosure.objects.select_related("recipient", "purpose").filter(call_digest=call).first()
    if row is not None and bytes(row.body_digest or b"") != digest:
        raise KeyReused(_("This Idempotency-Key was used for another call. Use a new key for each disclosure."))
    return row


def _says(checked: Checked) -> tuple[object, ...]:
    said = checked.said
    return (
        checked.subject_id, checked.recipient.pk, checked.purpose.pk, said.disclosed_on, sorted(set(said.categories)),
        said.ground,
    )  # fmt: skip


def _kept(row: Disclosure) -> tuple[object, ...]:
    return row.subject_id, row.recipient_id, row.purpose_id, row.disclosed_on, row.categories, row.ground


def _stated(said: DisclosureStatement) -> tuple[object, ...]:
    person = said.person.name if said.person is not None else None
    return (
        said.subject_id, person, said.recipient, said.purpose, said.disclosed_on, sorted(set(said.categories)),
        said.ground,
    )  # fmt: skip


def _is_same(row: Disclosure, said: DisclosureStatement) -> bool:
    """Whether an entry is what is stated, although the register would refuse it today: it was allowed then."""
    named = row.recipient.name.casefold() == said.recipient.casefold() and row.purpose.code == said.purpose
    return named and row.disclosed_on == said.disclosed_on and row.categories == sorted(set(said.categories))


def _reused() -> DisclosureRefused:
    return DisclosureRefused(
        "reference", _("This reference belongs to another disclosure. Use a reference of its own for each.")
    )
