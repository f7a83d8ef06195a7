"""Receipts: one builder, three forms, one signature each.

Nothing in a receipt names the person but an opaque id. What the organisation has not stated is called so; no field is
filled with a guess.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from consent.errors import WordsAltered
from consent.models import ConsentRecord
from consent.receipts.facts import Facts, facts_of, facts_of_each
from consent.receipts.iso27560 import fields_27560
from consent.receipts.kantara import fields_kantara
from consent.receipts.linked import fields_linked
from consent.register_reading import Sender
from privacy.ledger.signing import sign

KIND = "consent-receipt"


class Form(StrEnum):
    """PLAIN has the fields of ISO/IEC TS 27560 and, beside the record of a consent that was given, those of Kantara;
    KANTARA has those alone, and there is none of other decisions.
    """

    PLAIN = "json"
    LINKED = "jsonld"
    KANTARA = "kantara"


@dataclass(frozen=True)
class Receipt:
    """The fields of a receipt, and the same fields signed (compact JWS)."""

    fields: dict[str, Any]
    jws: str


def receipt(
    record: ConsentRecord, *, host: str | None = None, form: Form = Form.PLAIN, sender: Sender | None = None
) -> Receipt:
    """The signed receipt of a record; the same each time as long as the key and whom to write to stay the same.

    Args:
        record: with purpose, words, notice and terms at hand, or they are read.
        host: the organisation's host name, where the caller knows it.
        sender: where the caller has just recorded the decision under it.

    Raises:
        ProfileMissing: the organisation has not said who it is.
        WordsAltered: words or terms are not those that the record holds the digests of.
    """
    return receipt_of(facts_of(record, host=host, sender=sender), form)


def receipts(records: Iterable[ConsentRecord], *, host: str | None = None) -> list[Receipt | None]:
    """The signed receipts of many records, in their order; None of one whose words or terms were altered.

    Raises:
        ProfileMissing: the organisation has not said who it is.
    """
    return [None if facts.is_altered else receipt_of(facts) for facts in facts_of_each(records, host=host)]


def receipt_of(facts: Facts, form: Form = Form.PLAIN) -> Receipt:
    """The same, of facts that are at hand.

    Raises:
        NotAConsent: Kantara's form of a decision that is no consent.
        WordsAltered: words or terms are not those that the record holds the digests of.
    """
    if facts.is_altered:
        raise WordsAltered
    fields = _FORMS[form](facts)
    return Receipt(fields, sign(fields, kind=KIND, seed=facts.seed))


def receipt_fields(record: ConsentRecord, *, host: str | None = None) -> dict[str, Any]:
    """The fields of a receipt, as JSON can hold them."""
    return _plain(facts_of(record, host=host))


def _plain(facts: Facts) -> dict[str, Any]:
    fields = fields_27560(facts)
    return fields | fields_kantara(facts) if facts.is_consent_that_held else fields


_FORMS: dict[Form, Callable[[Facts], dict[str, Any]]] = {
    Form.PLAIN: _plain,
    Form.LINKED: fields_linked,
    Form.KANTARA: fields_kantara,
}
