"""A receipt with the fields of ISO/IEC TS 27560:2023, in plain JSON."""

from typing import Any

from consent.models import Decision
from consent.receipts.facts import NOT_STATED, Facts
from privacy.ledger.actors import ActorKind
from privacy.register.models import OrganisationProfile

SCHEMA = "ISO/IEC TS 27560:2023"


def fields_27560(facts: Facts) -> dict[str, Any]:
    """Header of the receipt, and the record in it."""
    record = facts.record
    return {
        "schema_version": SCHEMA,
        "receipt_id": str(record.pk),
        "issuer": facts.portal,
        "record": {
            "schema_version": SCHEMA,
            "record_id": str(record.pk),
            "pii_principal_id": str(record.subject_id),
            "pii_processing": [_processing(facts)],
            "party_identification": [party(facts.organisation, facts.portal)],
            "events": [_event(facts), *_end_before(facts)],
        },
    }


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
        "party_phone": organisation.officer_phone or NOT_STATED,
        "party_url": organisation.website or portal,
    }


def _processing(facts: Facts) -> dict[str, Any]:
    record, purpose = facts.record, facts.purpose
    return {
        "privacy_notice": _notice(facts),
        "language": record.language,
        "purpose": purpose.title,
        "purpose_type": purpose.code,
        "purpose_description": purpose.description,
        "lawful_basis": purpose.lawful_basis,
        "consent_words": _words(facts),
        "pii_information": _pii(facts),
        "pii_controllers": ["controller"],
        "collection_method": record.method,
        "storage_locations": [NOT_STATED],
        "retention_period": purpose.retention or NOT_STATED,
        "jurisdiction": facts.jurisdictions,
        "recipient_third_parties": [
            {"name": to.name, "role": to.role, "country": to.country, "safeguard": to.safeguard_words}
            for to in facts.recipients
        ],
        "withdrawal_method": facts.bar_in_words or f"{facts.portal}/preferences/",
        "withdrawal_consequences": facts.consequences,
        "privacy_rights": f"{facts.portal}/",
    }


def _pii(facts: Facts) -> list[dict[str, Any]]:
    purpose = facts.purpose
    plain = [{"pii_type": category} for category in purpose.data_categories]
    special = [{"pii_type": category, "special_pii_category": True} for category in purpose.special_categories]
    return plain + special or [{"pii_type": NOT_STATED}]


def _notice(facts: Facts) -> dict[str, str]:
    return {"url": facts.notice_url, "version": facts.notice_version or NOT_STATED}


def _words(facts: Facts) -> dict[str, Any] | None:
    wording = facts.record.wording
    if wording is None:
        return None
    return {"text": wording.text, "version": wording.version, "language": wording.language, "sha256": wording.digest}


def _event(facts: Facts) -> dict[str, Any]:
    record = facts.record
    return {
        "event_time": facts.recorded_at,
        "event_type": "explicit" if facts.is_explicit else "implied",
        "event_state": record.decision,
        "entity_id": record.actor_kind,
        "validity_duration": facts.validity,
        "valid_until": facts.valid_until or None,
        "collection_method": record.method,
        "evidence_digest": record.evidence_digest,
        "time_stated_by_client": facts.stated_at or None,
    }


def _end_before(facts: Facts) -> list[dict[str, Any]]:
    """That a consent was over before it was recorded; of others the end is a record of its own."""
    if not facts.over_at:
        return []
    ended = {
        "event_time": facts.over_at, "event_state": Decision.EXPIRED.value, "entity_id": ActorKind.SYSTEM.value,
        "time_stated_by_client": None,
    }  # fmt: skip
    return [_event(facts) | ended]
