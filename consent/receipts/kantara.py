"""A receipt with the fields of the Kantara Consent Receipt 1.1.0.

Danger: Kantara has no field for the decision; whoever reads a receipt of somebody who said no reads that they agreed,
with a genuine signature under it. Rule: only a consent that was given, and held when it was recorded, has this form.
"""

from typing import Any

from consent.receipts.facts import NOT_STATED, Facts

VERSION = "KI-CR-v1.1.0"


class NotAConsent(Exception):
    """Kantara has no receipt for a refusal, a withdrawal or an end, nor for a consent that was over when recorded."""


def fields_kantara(facts: Facts) -> dict[str, Any]:
    """The receipt as Kantara's readers know it.

    Raises:
        NotAConsent: the person did not agree, or to what was over.
    """
    if not facts.is_consent_that_held:
        raise NotAConsent
    record, organisation = facts.record, facts.organisation
    return {
        "version": VERSION,
        "jurisdiction": ", ".join(facts.jurisdictions),
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
                "address": {
                    "streetAddress": organisation.address or NOT_STATED,
                    "addressCountry": organisation.country,
                },
                "email": organisation.officer_email,
                "phone": organisation.officer_phone or NOT_STATED,
                "piiControllerUrl": organisation.website or facts.portal,
            }
        ],
        "policyUrl": facts.notice_url,
        "services": [{"service": organisation.trading_name, "purposes": [_purpose(facts)]}],
        "sensitive": bool(facts.purpose.special_categories),
        "spiCat": facts.purpose.special_categories,
    }


def _purpose(facts: Facts) -> dict[str, Any]:
    purpose = facts.purpose
    return {
        "purpose": purpose.title,
        "purposeCategory": [purpose.code],
        "consentType": "EXPLICIT" if facts.is_explicit else facts.record.get_method_display(),
        "piiCategory": purpose.data_categories,
        "primaryPurpose": False,
        "termination": _termination(facts),
        "thirdPartyDisclosure": bool(facts.recipients),
        "thirdPartyName": ", ".join(to.name for to in facts.recipients),
    }


def _termination(facts: Facts) -> str:
    """Under what conditions the consent ends; Kantara has no other place for its end, nor for why it cannot be
    withdrawn."""
    ends = f"{facts.validity}, until {facts.valid_until}" if facts.valid_until else ""
    said = [each for each in (facts.purpose.retention, ends) if each] or [facts.validity]
    return "; ".join(said if not facts.bar or said == [facts.bar_in_words] else [*said, facts.bar_in_words])
