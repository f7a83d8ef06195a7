"""Consent receipts: what was decided, by whom, in which words, in a form that people keep and programs read.

The fields are those of ISO/IEC TS 27560:2023 (inside `record`) and of the Kantara Consent Receipt 1.1.0 (beside it,
where names differ). Nothing in a receipt names the person but an opaque id. What the organisation has not stated is
called so; no field is filled with a guess.
"""

from dataclasses import dataclass
from typing import Any

from consent.models import ConsentRecord, Decision, Method
from consent.register_reading import read_sender
from privacy.ledger.signing import sign
from privacy.letters.addresses import portal_url
from privacy.register.models import OrganisationProfile, Recipient

KIND = "consent-receipt"
NOT_STATED = "not stated; ask the Privacy Officer"
UNTIL_WITHDRAWN = "until withdrawn"
_EXPLICIT = {Method.ELECTRONIC, Method.ORAL, Method.WRITTEN, Method.REPRESENTATIVE}


@dataclass(frozen=True)
class Receipt:
    """The fields of a receipt, and the same fields signed (compact JWS)."""

    fields: dict[str, Any]
    jws: str


def receipt(record: ConsentRecord, *, host: str | None = None) -> Receipt:
    """The signed receipt of a record; the same each time as long as the register stays the same.

    Args:
        host: the organisation's host name, where the caller knows it.

    Raises:
        ProfileMissing: the organisation has not said who it is.
    """
    fields = receipt_fields(record, host=host)
    return Receipt(fields, sign(fields, kind=KIND))


def receipt_fields(record: ConsentRecord, *, host: str | None = None) -> dict[str, Any]:
    """The fields of a receipt, as JSON can hold them."""
    organisation, recipients = read_sender(record.purpose)
    portal = portal_url("", host=host)
    return {
        "schema_version": "ISO/IEC TS 27560:2023",
        "receipt_id": str(record.pk),
        "issuer": portal,
        "record": {
            "schema_version": "ISO/IEC TS 27560:2023",
            "record_id": str(record.pk),
            "pii_principal_id": str(record.subject_id),
            "pii_processing": [_processing(record, organisation, recipients, portal)],
            "party_identification": [party(organisation, portal)],
            "events": [_event(record)],
        },
        **_kantara(record, organisation, recipients, portal),
    }


def _processing(
    record: ConsentRecord, organisation: OrganisationProfile, recipients: list[Recipient], portal: str
) -> dict[str, Any]:
    purpose = record.purpose
    return {
        "privacy_notice": _notice(record, portal),
        "language": record.language,
        "purpose": purpose.title,
        "purpose_type": purpose.code,
        "purpose_description": purpose.description,
        "lawful_basis": purpose.lawful_basis,
        "consent_words": _words(record),
        "pii_information": _pii(record),
        "pii_controllers": ["controller"],
        "collection_method": record.method,
        "storage_locations": [NOT_STATED],
        "retention_period": purpose.retention or NOT_STATED,
        "jurisdiction": organisation.laws or [organisation.country],
        "recipient_third_parties": [
            {"name": to.name, "role": to.role, "country": to.country, "safeguard": to.safeguard_words}
            for to in recipients
        ],
        "withdrawal_method": f"{portal}/preferences/",
        "withdrawal_consequences": purpose.withdrawal_consequences,
        "privacy_rights": f"{portal}/",
    }


def _pii(record: ConsentRecord) -> list[dict[str, Any]]:
    plain = [{"pii_type": category} for category in record.purpose.data_categories]
    special = [{"pii_type": category, "special_pii_category": True} for category in record.purpose.special_categories]
    return plain + special or [{"pii_type": NOT_STATED}]


def _notice(record: ConsentRecord, portal: str) -> dict[str, str]:
    version = record.notice.version if record.notice else NOT_STATED
    return {"url": f"{portal}/notice/", "version": version}


def _words(record: ConsentRecord) -> dict[str, Any] | None:
    wording = record.wording
    if wording is None:
        return None
    return {"text": wording.text, "version": wording.version, "language": wording.language, "sha256": wording.digest}


def party(organisation: OrganisationProfile, portal: str) -> dict[str, str]:
    """The controller, as receipts name it."""
    return {
        "party_id": "controller",
        "party_name": organisation.legal_name,
        "party_address": organisation.address or organisation.country,
        "party_contact": f"{organisation.officer_name}, {organisation.officer_title}",
        "party_type": "organisation",
        "party_role": "PII controller",
        "party_email": organisation.officer_email,
        "party_phone": organisation.officer_phone,
        "party_url": organisation.website or portal,
    }


def _event(record: ConsentRecord) -> dict[str, Any]:
    return {
        "event_time": record.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "event_type": "explicit" if record.method in _EXPLICIT else "implied",
        "event_state": record.decision,
        "entity_id": record.actor_kind,
        "validity_duration": _validity(record),
        "collection_method": record.method,
        "evidence_digest": record.evidence_digest,
        "time_stated_by_client": record.occurred_at.isoformat() if record.occurred_at else None,
    }


def _validity(record: ConsentRecord) -> str:
    if record.decision != Decision.GIVEN:
        return NOT_STATED
    return f"until {record.expires_at:%Y-%m-%dT%H:%M:%SZ}" if record.expires_at else UNTIL_WITHDRAWN


def _kantara(
    record: ConsentRecord, organisation: OrganisationProfile, recipients: list[Recipient], portal: str
) -> dict[str, Any]:
    return {
        "version": "KI-CR-v1.1.0",
        "jurisdiction": ", ".join(organisation.laws) or organisation.country,
        "consentTimestamp": int(record.recorded_at.timestamp()),
        "collectionMethod": record.method,
        "consentReceiptID": str(record.pk),
        "language": record.language,
        "piiPrincipalId": str(record.subject_id),
        "piiControllers": [
            {
                "piiController": organisation.legal_name,
                "onBehalf": False,
                "contact": organisation.officer_name,
                "address": {"streetAddress": organisation.address, "addressCountry": organisation.country},
                "email": organisation.officer_email,
                "phone": organisation.officer_phone,
                "piiControllerUrl": organisation.website or portal,
            }
        ],
        "policyUrl": f"{portal}/notice/",
        "services": [{"service": organisation.trading_name, "purposes": [_kantara_purpose(record, recipients)]}],
        "sensitive": bool(record.purpose.special_categories),
        "spiCat": record.purpose.special_categories,
    }


def _kantara_purpose(record: ConsentRecord, recipients: list[Recipient]) -> dict[str, Any]:
    return {
        "purpose": record.purpose.title,
        "purposeCategory": [record.purpose.code],
        "consentType": "EXPLICIT" if record.method in _EXPLICIT else record.get_method_display(),
        "piiCategory": record.purpose.data_categories,
        "primaryPurpose": False,
        "termination": record.purpose.retention or UNTIL_WITHDRAWN,
        "thirdPartyDisclosure": bool(recipients),
        "thirdPartyName": ", ".join(to.name for to in recipients),
    }
