"""Making consent records, complete and sealed, but not yet written."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from consent.models import ConsentRecord, Decision, RegisterTerms
from consent.statement import Statement
from consent.terms import Terms
from privacy.ledger.actors import Actor
from privacy.ledger.canonical import canonical
from privacy.ledger.sealed import keyed_digest, new_id, row_digest
from privacy.register.models import Purpose
from privacy.subjects.models import Subject


def new_record(
    *,
    subject: Subject,
    terms: Terms,
    said: RegisterTerms,
    decision: str,
    method: str,
    language: str,
    actor: Actor,
    evidence: dict[str, Any] | None = None,
    occurred_at: datetime | None = None,
) -> ConsentRecord:
    """A record as of now. Call it only while the subject is locked: records then follow each other in time."""
    row = _row(subject.pk, terms, said, decision, method, language, actor, evidence, occurred_at)
    written = ConsentRecord(**row)
    written.prepare()
    return written


def sealed_rows(
    *, statements: Iterable[tuple[Statement, UUID, Terms, RegisterTerms]], actor: Actor, epoch: int, key: bytes
) -> Iterator[dict[str, Any]]:
    """The same of many decisions, as rows by column and without an instance each: that would be half of the work.

    Args:
        statements: each with the locked subject's id, its terms, and what the register says besides.
        epoch: `current_epoch`.
        key: `organisation_key`.
    """
    for stated, subject_id, terms, said in statements:
        row = _row(
            subject_id, terms, said, stated.decision, stated.method, stated.language, actor, stated.evidence,
            stated.occurred_at,
        )  # fmt: skip
        row["id"], row["epoch"] = new_id(), epoch
        row["digest"] = row_digest(ConsentRecord, row, key)
        yield row


def _row(
    subject_id: UUID,
    terms: Terms,
    said: RegisterTerms,
    decision: str,
    method: str,
    language: str,
    actor: Actor,
    evidence: dict[str, Any] | None,
    occurred_at: datetime | None,
) -> dict[str, Any]:
    now = timezone.now()
    return {
        "recorded_at": now,
        "subject_id": subject_id,
        "purpose_id": terms.purpose.pk,
        "wording_id": terms.wording.pk if terms.wording else None,
        "wording_digest": terms.wording.digest if terms.wording else "",
        "notice_id": terms.notice.pk if terms.notice else None,
        "decision": decision,
        "method": method,
        "language": language,
        "actor_kind": actor.kind.value,
        "actor_id": actor.id,
        "evidence_digest": evidence_digest(evidence),
        "occurred_at": occurred_at,
        "expires_at": end_of(min(occurred_at or now, now), terms.purpose, decision),
        "terms_id": said.digest,
    }


def end_of(given_at: datetime, purpose: Purpose, decision: str) -> datetime | None:
    """When a consent ends by itself; it is part of the record, whatever becomes of the purpose.

    Its days count from when the person gave it: what is entered later, from an old paper, does not hold longer for it.
    """
    if decision != Decision.GIVEN or purpose.valid_days is None:
        return None
    return given_at + timedelta(days=purpose.valid_days)


def evidence_digest(evidence: dict[str, Any] | None) -> str:
    """Keyed digest by which evidence is recognised, so that the sealed record does not reveal it; empty for none."""
    return keyed_digest(b"consent.evidence", canonical(evidence)).hex() if evidence else ""
