"""What personal data the tables of errands hold; read by `privacy.register.own_data`."""

from django.db import models

from privacy.errands.models import Errand, ErrandFile, ManualWork, Processor

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    ManualWork: {"owner": "employment", "id": None, "source": None, "instructions": None, "days": None},
    Processor: {
        "id": None,
        "source": None,
        "base_url": None,
        "controller_id": None,
        "key_pem": None,
        "secret": None,
        "identity_format": None,
    },
    Errand: {
        "id": "key",
        "case_id": "key",
        "subject": "key",
        "comment": "free_text",
        "task": "free_text",
        "owner": "employment",
        "closed_by": "employment",
        "source": None,
        "run_id": None,
        "work": None,
        "ask_hash": None,
        "instructions": None,
        "due_on": None,
        "state": None,
        "closed_at": None,
        "created_at": None,
        "reminded_at": None,
        "asked_at": None,
        "accepted_at": None,
        "expected_at": None,
        "status": None,
        "polls": None,
        "callback_digest": None,
    },
    ErrandFile: {
        "name": "free_text",
        "digest": "technical",
        "id": None,
        "errand": None,
        "role": None,
        "size": None,
        "scan": None,
        "is_kept": None,
        "created_at": None,
        "deleted_at": None,
    },
}
