"""What it takes to check an exported ledger without us: the key of its digests, its streams, and a signed statement.

The digests are keyed so that whoever can write to the database cannot forge them. With the export the organisation gets
its own key and could forge from then on; therefore the statement, signed by this installation, names the newest seal of
every stream as it was: a past rewritten later does not end in those seals.
"""

import json
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from privacy.ledger.models import Seal
from privacy.ledger.sealed import organisation_key
from privacy.ledger.signing import published_keys, sign
from privacy.ledger.streams import streams
from privacy.offboarding.archive import Archive
from privacy.tenants.context import current_organisation

STATEMENT_KIND = "ledger-statement"


def last_seals() -> dict[str, dict[str, object]]:
    """Number and digest of the newest seal of every stream that has one."""
    newest = Seal.objects.order_by("stream", "-number").distinct("stream")
    return {
        seal.stream: {"number": seal.number, "digest": bytes(seal.digest).hex()} for seal in newest.defer("row_ids")
    }


def add_proof(archive: Archive) -> None:
    """Write the folder `ledger/` of an export."""
    about = {
        name: {
            "table": model._meta.db_table,
            "fields": ["id", "recorded_at", "epoch", *model.sealed_fields],
            "if_set": list(model.sealed_if_set),
        }
        for name, model in streams().items()
    }
    statement = {
        "organisation": current_organisation().name,
        "stated_at": timezone.now().isoformat(),
        "last_seals": last_seals(),
    }
    script = Path(settings.BASE_DIR) / "templates" / "offboarding" / "verify_export.py"
    archive.add_text("ledger/streams.json", json.dumps(about, indent=1))
    archive.add_text("ledger/key.txt", organisation_key().hex() + "\n")
    archive.add_text("ledger/statement.jws", sign(statement, kind=STATEMENT_KIND) + "\n")
    archive.add_text("ledger/jwks.json", json.dumps(published_keys(), indent=1))
    archive.add_text("verify_export.py", script.read_text())
