"""What personal data the tables of letters hold; read by `privacy.register.own_data`."""

from django.db import models

from privacy.letters.models import Letter

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
    },
}
