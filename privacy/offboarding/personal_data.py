"""What personal data the table of exports holds; read by `privacy.register.own_data`."""

from django.db import models

from privacy.offboarding.models import OrganisationExport

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    OrganisationExport: {
        "made_by": "employment",
        "id": None,
        "state": None,
        "rows": None,
        "size": None,
        "digest": None,
        "created_at": None,
        "completed_at": None,
    },
}
