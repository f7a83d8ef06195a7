"""Whether the notices that people were shown still say what they said then; asked by the verification of the ledger."""

from collections.abc import Iterator

from privacy.ledger.models import LedgerEntry
from privacy.ledger.verification import Breach
from privacy.register.models import Notice


def altered_notices() -> Iterator[Breach]:
    """A breach for each notice in force whose words match neither its digest nor what the ledger says of it.

    The ledger knows the digest of those that were put into force since there are digests.
    """
    entries = LedgerEntry.objects.filter(action="notice.published").values_list("object_id", "data")
    recorded = {object_id: data for object_id, data in entries if "digest" in data}
    for notice in Notice.objects.filter(published_at__isnull=False).order_by("pk").iterator(chunk_size=50):
        said = recorded.get(str(notice.pk))
        stands = {"version": notice.version, "language": notice.language, "digest": notice.digest}
        is_recorded = said is None or stands == {name: said.get(name) for name in stands}
        if notice.expected_digest() != notice.digest or not is_recorded:
            yield Breach(Notice._meta.label_lower, f"notice {notice.pk}", "its words were altered")
