"""What personal data the tables of data subjects hold; read by `privacy.register.own_data`."""

from django.db import models

from privacy.subjects.models import Identifier, LinkEnquiry, MailLink, Subject

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    Subject: {
        "id": "key",
        "name": "identity",
        "created_at": "technical",
    },
    Identifier: {
        "subject": "key",
        "kind": "contact",
        "value": "contact",
        "index": "key",
        "verified_at": "technical",
        "former_since": "technical",
        "id": None,
    },
    MailLink: {
        "subject": "key",
        "target_id": "key",
        "token_digest": "technical",
        "uses_left": "technical",
        "created_at": "technical",
        "purpose": "communication",
        "expires_at": "technical",
        "id": None,
    },
    LinkEnquiry: {
        "payload": "contact",
        "id": None,
        "purpose": None,
        "created_at": None,
    },
}
