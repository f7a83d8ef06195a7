"""The bodies of the consent calls' answers."""

from collections.abc import Sequence
from typing import Any

from consent.models import ConsentRecord
from consent.receipts import receipt
from consent.register_reading import Sender
from consent.selectors import PurposeState
from consent.services import Outcome
from consent.shown_elsewhere import shown_now, signed
from consent.terms import Terms
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


def terms_answer(terms: Terms, sender: Sender | None) -> dict[str, Any]:
    """What a form of the organisation's own shows.

    Args:
        terms: with words.
        sender: what the register says besides; None while the organisation has not said who it is.
    """
    purpose, shown = terms.purpose, shown_now(terms, sender)
    return {
        "purpose": purpose.code,
        "title": purpose.title,
        "description": purpose.description,
        "words": terms.wording.text if terms.wording else "",
        "wording_version": shown.wording_version,
        "wording_sha256": shown.wording_digest,
        "language": shown.language,
        "notice_version": shown.notice_version or None,
        "withdrawal_consequences": purpose.withdrawal_consequences,
        "no_withdrawal_reason": purpose.withdrawal_bar or None,
        "valid_days": purpose.valid_days,
        "minimum_age": purpose.minimum_age,
        "shown": signed(shown),
        "shown_until": shown.until.isoformat(),
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
