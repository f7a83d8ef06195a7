"""What personal data the tables of the ledger hold; read by `privacy.register.own_data`."""

from django.db import models

from privacy.ledger.models import LedgerEntry, Seal

PERSONAL_DATA: dict[type[models.Model], dict[str, str | None]] = {
    LedgerEntry: {
        "actor_id": "key",
        "object_id": "key",
        "id": None,
        "recorded_at": None,
        "epoch": None,
        "transaction": None,
        "digest": None,
        "actor_kind": None,
        "action": None,
        "object_type": None,
        "data": None,
    },
    Seal: {
        "id": None,
        "stream": None,
        "number": None,
        "epoch": None,
        "from_transaction": None,
        "to_transaction": None,
        "rows": None,
        "row_ids": None,
        "previous": None,
        "digest": None,
        "sealed_at": None,
    },
}
