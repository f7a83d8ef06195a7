"""What personal data the tables of consent hold; read by `privacy.register.own_data`."""

from django.db import models

from consent.models import ConsentRecord, CurrentConsent, Evidence, IdempotentCall, Wording

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
    },
    Evidence: {
        "content": "technical",
        "id": None,
        "record": None,
    },
    CurrentConsent: {
        "subject": "key",
        "decision": "decision",
        "since": "decision",
        "purpose": "decision",
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
