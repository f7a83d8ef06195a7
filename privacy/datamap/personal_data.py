"""What personal data the tables of the data map hold; read by `privacy.register.own_data`.

The map describes other systems and copies nothing of their rows.
"""

from django.db import models

from privacy.datamap.models import Dataset, Field, Finding, Source

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    Source: {
        "id": None,
        "name": None,
        "kind": None,
        "address": None,
        "is_active": None,
        "last_seen_at": None,
        "problem": None,
        "server_version": None,
    },
    Dataset: {
        "id": None,
        "source": None,
        "table_schema": None,
        "table_name": None,
        "label": None,
        "primary_key": None,
        "scope": None,
        "parent": None,
        "link_columns": None,
        "on_erasure": None,
        "keep_reason": None,
        "row_estimate": None,
        "foreign_keys": None,
        "suggestion_reason": None,
        "confirmed_at": None,
        "is_new": None,
        "vanished_at": None,
    },
    Field: {
        "id": None,
        "dataset": None,
        "column": None,
        "position": None,
        "data_type": None,
        "nullable": None,
        "label": None,
        "category": None,
        "identifier_kind": None,
        "on_erasure": None,
        "on_retention": None,
        "mask_params": None,
        "keep_reason": None,
        "suggestion_reason": None,
        "purposes": None,
        "is_quasi_identifier": None,
        "origin": None,
        "letter_role": None,
        "coarser": None,
        "confirmed_type": None,
        "vanished_at": None,
    },
    Finding: {
        "dismissed_by": "key",
        "id": None,
        "code": None,
        "source": None,
        "dataset": None,
        "place": None,
        "names": None,
        "count": None,
        "remedy": None,
        "first_seen_at": None,
        "last_seen_at": None,
        "resolved_at": None,
        "dismissed_at": None,
        "dismissed_reason": None,
    },
}
