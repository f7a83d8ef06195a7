"""What personal data the register of restrictions holds; read by `privacy.register.own_data`."""

from django.db import models

from privacy.register.restrictions.models import Restriction, RestrictionChange

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    Restriction: {
        "id": "key",
        "subject": "key",
        "kind": "decision",
        "purpose": "decision",
        "category": "decision",
        "ground": "decision",
        "case_id": "key",
        "in_force_from": "decision",
        "in_force_until": "decision",
        "placed_at": "decision",
        "placed_by_kind": None,
        "placed_by_id": "key",
        "told_on": "communication",
        "lifted_at": "decision",
        "lifted_by_kind": None,
        "lifted_by_id": "key",
        "lift_reason": "free_text",
    },
    RestrictionChange: {
        "id": None,
        "restriction": "key",
        "what": "decision",
        "changed_at": "decision",
    },
}
