"""What personal data the tables of letters hold; read by `privacy.register.own_data`."""

from django.db import models

from privacy.letters.models import Letter, LetterTemplate

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    Letter: {
        "subject": "key",
        "case_id": "key",
        "language": "communication",
        "address": "contact",
        "address_index": "key",
        "heading": "communication",
        "body": "communication",
        "secret": "technical",
        "kind": "communication",
        "created_at": "communication",
        "sent_at": "communication",
        "id": None,
        "state": None,
        "attempts": None,
        "reference": "key",
        "name": "identity",
        "pdf": "communication",
        "pdf_sha256": "communication",
        "dated_on": "communication",
        "law": None,
        "wording": None,
        "link_purpose": None,
        "unsubscribe_from": None,
        "failure": None,
        "sendings": None,
        "sending_since": None,
    },
    LetterTemplate: {
        "edited_by": "employment",
        "id": None,
        "kind": None,
        "law": None,
        "language": None,
        "version": None,
        "heading": None,
        "text": None,
        "edited_at": None,
        "is_active": None,
    },
}
