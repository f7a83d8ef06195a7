"""What personal data the tables of the portal hold; read by `privacy.register.own_data`."""

from django.db import models

from privacy.portal.models import AttemptCount

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    AttemptCount: {
        "key": "technical",
        "attempts": "technical",
        "ends_at": None,
    },
}
