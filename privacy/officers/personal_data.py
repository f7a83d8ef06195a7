"""What personal data the tables of officers hold; read by `privacy.register.own_data`."""

from django.db import models

from privacy.officers.models import ApiKey, Officer

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    Officer: {
        "id": "key",
        "password": "technical",
        "last_login": "technical",
        "email": "contact",
        "full_name": "identity",
        "role": "employment",
        "password_set_by": "key",
        "is_active": "employment",
        "created_at": "employment",
        "groups": "employment",
        "user_permissions": "employment",
    },
    ApiKey: {
        "created_by": "key",
        "id": None,
        "prefix": None,
        "hashed_key": None,
        "created": None,
        "name": None,
        "revoked": None,
        "expiry_date": None,
        "scopes": None,
    },
}
