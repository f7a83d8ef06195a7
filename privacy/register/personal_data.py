"""What personal data the tables of the register hold; read by `privacy.register.own_data`."""

from django.db import models

from privacy.register.models import HolidayOverlay, Notice, OrganisationProfile, Purpose, Recipient

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    OrganisationProfile: {
        "officer_name": "identity",
        "officer_title": "employment",
        "officer_email": "contact",
        "officer_phone": "contact",
        "id": None,
        "legal_name": None,
        "trading_name": None,
        "address": None,
        "country": None,
        "website": None,
        "time_zone": None,
        "laws": None,
        "promise_days": None,
        "large_run_rows": None,
        "large_run_percent": None,
        "promise_unit": None,
        "retention_from": None,
        "retention_until": None,
        "source_silence_days": None,
        "smallest_group": None,
    },
    HolidayOverlay: {
        "added_by": "employment",
        "id": None,
        "calendar": None,
        "date": None,
        "name": None,
    },
    Purpose: {
        "id": None,
        "code": None,
        "title": None,
        "description": None,
        "lawful_basis": None,
        "is_prohibited": None,
        "data_categories": None,
        "special_categories": None,
        "retention": None,
        "withdrawal_consequences": None,
        "order": None,
    },
    Notice: {
        "id": None,
        "version": None,
        "language": None,
        "title": None,
        "body": None,
        "published_at": None,
    },
    Recipient: {
        "id": None,
        "name": None,
        "role": None,
        "country": None,
        "safeguard": None,
        "policy_url": None,
        "data_categories": None,
        "purposes": None,
    },
}
