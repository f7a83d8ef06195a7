"""Whether words, terms and evidence still are what the sealed records hold the digests of; asked by the ledger's
verification.

Evidence that is gone is no breach: it goes by its retention rule, or with an erasure.
"""

from collections.abc import Iterator

from django.db.models import BinaryField, Exists, OuterRef
from django.db.models.functions import Cast

from consent.models import ConsentRecord, Evidence, RecordedUnderTerms, RegisterTerms, Wording
from consent.records import evidence_digest
from privacy.ledger.streams import streams
from privacy.ledger.verification import Breach
from privacy.subjects.crypto import CannotDecrypt

_CONTENT = Evidence._meta.get_field("content")


def altered_words() -> Iterator[Breach]:
    """A breach for each wording that does not match its digest, or that was recorded with another one."""
    for wording in Wording.objects.order_by("pk").iterator(chunk_size=200):
        if not wording.is_intact or _was_recorded_otherwise(wording):
            yield Breach(Wording._meta.label_lower, f"words {wording.pk}", "they were altered")


def altered_terms() -> Iterator[Breach]:
    """A breach for each terms that do not match their digest, and for each that records name and that are gone."""
    label = RegisterTerms._meta.label_lower
    for terms in RegisterTerms.objects.order_by("pk").iterator(chunk_size=200):
        if not terms.is_intact:
            yield Breach(label, f"terms {terms.pk}", "they were altered")
    there = RegisterTerms.objects.filter(pk=OuterRef("terms_id"))
    for model in (each for each in streams().values() if issubclass(each, RecordedUnderTerms)):
        named = model.objects.filter(~Exists(there), terms__isnull=False).order_by("terms_id")
        for digest in named.values_list("terms_id", flat=True).distinct():
            yield Breach(label, f"terms {digest}", "records name them, and they are gone")


def altered_evidence() -> Iterator[Breach]:
    """A breach for each piece of evidence that is not what its record holds the digest of."""
    rows = Evidence.objects.order_by("pk").annotate(stored=Cast("content", BinaryField()))
    values = rows.values_list("record_id", "stored", "record__evidence_digest")
    for record_id, stored, digest in values.iterator(chunk_size=2000):
        if _digest_of(stored) != digest:
            yield Breach(Evidence._meta.label_lower, f"evidence of record {record_id}", "it was altered")


def _was_recorded_otherwise(wording: Wording) -> bool:
    """Whether a record that nobody altered holds another digest of these words."""
    others = ConsentRecord.objects.filter(wording=wording).exclude(wording_digest=wording.digest).order_by()
    return any(record.expected_digest() == bytes(record.digest) for record in others.iterator(chunk_size=2000))


def _digest_of(stored: bytes) -> str | None:
    """Digest of the content as it is stored; None where it cannot be read any more."""
    try:
        return evidence_digest(_CONTENT.from_db_value(stored, None, None))
    except (CannotDecrypt, ValueError):
        return None
