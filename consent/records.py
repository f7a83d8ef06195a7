"""Making one consent record, complete and sealed, but not yet written."""

from datetime import datetime
from typing import Any

import rfc8785
from django.utils import timezone

from consent.models import ConsentRecord
from consent.terms import Terms
from privacy.ledger.actors import Actor
from privacy.ledger.sealed import keyed_digest
from privacy.subjects.models import Subject


def new_record(
    *,
    subject: Subject,
    terms: Terms,
    decision: str,
    method: str,
    language: str,
    actor: Actor,
    evidence: dict[str, Any] | None = None,
    occurred_at: datetime | None = None,
) -> ConsentRecord:
    """A record as of now. Call it only while the subject is locked: records then follow each other in time."""
    return ConsentRecord(
        recorded_at=timezone.now(),
        subject_id=subject.pk,
        purpose_id=terms.purpose.pk,
        wording_id=terms.wording.pk if terms.wording else None,
        wording_digest=terms.wording.digest if terms.wording else "",
        notice_id=terms.notice.pk if terms.notice else None,
        decision=decision,
        method=method,
        language=language,
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        evidence_digest=evidence_digest(evidence),
        occurred_at=occurred_at,
    )


def evidence_digest(evidence: dict[str, Any] | None) -> str:
    """Keyed digest by which evidence is recognised, so that the sealed record does not reveal it; empty for none."""
    return keyed_digest(b"consent.evidence", rfc8785.dumps(evidence)).hex() if evidence else ""
