"""What personal data the tables of consent hold; read by `privacy.register.own_data`."""

from django.db import models

from consent.models import ConsentDocument, ConsentRecord, CurrentConsent, Evidence, IdempotentCall, Wording

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    Wording: {
        "id": None,
        "purpose": None,
        "version": None,
        "language": None,
        "text": None,
        "digest": None,
        "created_at": None,
    },
    ConsentRecord: {
        "subject": "key",
        "decision": "decision",
        "actor_id": "key",
        "evidence_digest": "technical",
        "language": "communication",
        "method": "decision",
        "occurred_at": "decision",
        "purpose": "decision",
        "id": None,
        "recorded_at": None,
        "epoch": None,
        "transaction": None,
        "digest": None,
        "wording": None,
        "wording_digest": None,
        "notice": None,
        "actor_kind": None,
        "expires_at": "decision",
    },
    Evidence: {
        "content": "technical",
        "id": None,
        "record": None,
    },
    ConsentDocument: {
        "name": "technical",
        "digest": "technical",
        "id": None,
        "evidence": None,
        "kind": None,
        "size": None,
        "scan": None,
        "created_at": None,
    },
    CurrentConsent: {
        "subject": "key",
        "decision": "decision",
        "since": "decision",
        "purpose": "decision",
        "expires_at": "decision",
        "asked_again_at": "decision",
        "id": None,
        "record": None,
    },
    IdempotentCall: {
        "id": None,
        "key_digest": None,
        "body_digest": None,
        "record": None,
        "created_at": None,
    },
}
