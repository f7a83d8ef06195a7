"""The bodies of the consent calls' answers."""

from collections.abc import Sequence
from typing import Any

from consent.models import ConsentRecord
from consent.receipts import receipt
from consent.selectors import PurposeState
from consent.services import Outcome
from privacy.register.restrictions.models import Restriction
from privacy.subjects.models import Subject
from privacy.subjects.reading import StatementInvalid


def recorded_answer(record: ConsentRecord, host: str) -> dict[str, Any]:
    made = receipt(record, host=host, sender=record.sender)
    return {
        "id": str(record.pk),
        "subject": str(record.subject_id),
        "purpose": record.purpose.code,
        "decision": record.decision,
        "recorded_at": record.recorded_at.isoformat(),
        "receipt": made.fields,
        "jws": made.jws,
    }


def bulk_answer(outcomes: Sequence[Outcome | StatementInvalid]) -> dict[str, Any]:
    results = [_item(index, outcome) for index, outcome in enumerate(outcomes)]
    stored = sum(item["status"] == "stored" for item in results)
    return {"stored": stored, "refused": len(results) - stored, "results": results}


def _item(index: int, outcome: Outcome | StatementInvalid) -> dict[str, Any]:
    if isinstance(outcome, StatementInvalid):
        return {"index": index, "status": "refused", "errors": outcome.errors}
    if outcome.record_id is None:
        refused = {"index": index, "status": "refused", "errors": {outcome.field: [outcome.message]}}
        return refused | ({"restricted": True} if outcome.is_restricted else {})
    return {"index": index, "status": "stored", "id": str(outcome.record_id)}


def _restriction(found: Restriction | None) -> dict[str, str] | None:
    return {"kind": found.kind, "since": found.in_force_from.isoformat()} if found else None


def states_answer(subject: Subject | None, states: Sequence[PurposeState]) -> dict[str, Any]:
    return {
        "subject": str(subject.pk) if subject else None,
        "consents": [
            {
                "purpose": state.purpose.code,
                "decision": state.decision,
                "since": state.since.isoformat() if state.since else None,
                "expires_at": state.expires_at.isoformat() if state.expires_at else None,
                "id": str(state.record_id) if state.record_id else None,
                "restricted": state.restriction is not None,
                "restriction": _restriction(state.restriction),
                "lawful_basis": state.purpose.lawful_basis,
                "prohibited": state.purpose.is_prohibited,
            }
            for state in states
        ],
    }
