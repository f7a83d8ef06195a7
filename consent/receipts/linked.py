"""A receipt as linked data: JSON-LD with the Data Privacy Vocabulary, for programs that read meanings and not names.

Its context is inside, so nobody has to ask the network what a name means. What the vocabulary has no word for (our
purposes, the laws of Canada and Ghana) is named by the organisation's own addresses or by its code. Values that nobody
stated are left out: linked data has no blanks to fill.
"""

from typing import Any

from consent.models import ConsentRecord, Decision, Method
from consent.receipts.facts import Facts
from privacy.register.activities.export.vocabulary import TRANSFER_MEASURES
from privacy.register.models import LawfulBasis, Recipient, Safeguard

CONTEXT: dict[str, Any] = {
    "dpv": "https://w3id.org/dpv#",
    "loc": "https://w3id.org/dpv/loc#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dct:conformsTo": {"@type": "@id"},
    "dct:created": {"@type": "xsd:dateTime"},
    "dct:date": {"@type": "xsd:dateTime"},
    "dct:valid": {"@type": "xsd:dateTime"},
    "dpv:isIndicatedAtTime": {"@type": "xsd:dateTime"},
    "dpv:hasJurisdiction": {"@type": "@id"},
    "dpv:hasLegalBasis": {"@type": "@id"},
    "dpv:isExercisedAt": {"@type": "@id"},
    "schema:url": {"@type": "@id"},
}
CONFORMS_TO = "https://w3id.org/dpv/schema/dpv-27560"
RECORD = f"{CONFORMS_TO}#record"

_STATUS = {
    Decision.GIVEN: "dpv:ConsentGiven",
    Decision.REFUSED: "dpv:ConsentRefused",
    Decision.WITHDRAWN: "dpv:ConsentWithdrawn",
    Decision.EXPIRED: "dpv:ConsentExpired",
}
_BASIS = {
    LawfulBasis.CONSENT: "dpv:Consent",
    LawfulBasis.CONTRACT: "dpv:Contract",
    LawfulBasis.LEGAL_OBLIGATION: "dpv:LegalObligation",
    LawfulBasis.VITAL_INTERESTS: "dpv:VitalInterest",
    LawfulBasis.PUBLIC_TASK: "dpv:PublicInterest",
    LawfulBasis.LEGITIMATE_INTERESTS: "dpv:LegitimateInterest",
}


def fields_linked(facts: Facts) -> dict[str, Any]:
    """The receipt, with its context, as one JSON-LD document."""
    return {
        "@context": CONTEXT,
        "@id": f"urn:uuid:{facts.record.pk}#receipt",
        "@type": "dpv:ConsentReceipt",
        "dpv:hasIdentifier": str(facts.record.pk),
        "dct:conformsTo": CONFORMS_TO,
        "dct:created": facts.recorded_at,
        "dpv:hasRecordOfActivity": [_record(facts)],
    }


def _record(facts: Facts) -> dict[str, Any]:
    record = facts.record
    return {
        "@id": f"urn:uuid:{record.pk}",
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": RECORD,
        "dct:identifier": str(record.pk),
        "dpv:hasDataSubject": {"@id": f"urn:uuid:{record.subject_id}", "@type": "dpv:DataSubject"},
        "dpv:hasDataController": _controller(facts),
        "dpv:hasJurisdiction": [_place(code) for code in facts.jurisdictions],
        "dpv:hasApplicableLaw": [{"@type": "dpv:Law", "dct:identifier": law} for law in facts.organisation.laws],
        "dpv:hasProcess": [_process(facts)],
        "dpv:hasNotice": _notice(facts),
        "dpv:hasConsentControl": [
            {"@type": kind, "dpv:isExercisedAt": f"{facts.portal}/preferences/"}
            for kind in ("dpv:ProvideConsent", *([] if facts.bar else ["dpv:WithdrawConsent"]))
        ],
        "dpv:hasRight": [{"@type": "dpv:DataSubjectRight", "dpv:isExercisedAt": f"{facts.portal}/"}],
        "dpv:hasConsentStatus": [_status(facts), *_end_before(facts)],
    }


def _controller(facts: Facts) -> dict[str, Any]:
    organisation = facts.organisation
    return {
        "@id": f"{facts.portal}/",
        "@type": "dpv:DataController",
        "dpv:hasName": organisation.legal_name,
        "dpv:hasAddress": organisation.address or organisation.country,
        "dpv:hasContact": f"{organisation.officer_name}, {organisation.officer_title}, {organisation.officer_email}",
        "schema:url": organisation.website or f"{facts.portal}/",
    }


def _place(code: str) -> str:
    """A law's code begins with the place where it applies: CA-BC is one, of CA-FED it is CA."""
    country, _dash, region = code.partition("-")
    return f"loc:{country}-{region}" if len(region) == 2 else f"loc:{country}"


def _process(facts: Facts) -> dict[str, Any]:
    purpose = facts.purpose
    process: dict[str, Any] = {
        "@type": "dpv:Process",
        "dpv:hasService": {"@type": "dpv:Service", "dct:title": facts.organisation.trading_name},
        "dpv:hasPurpose": {
            "@type": "dpv:Purpose",
            "dct:identifier": purpose.code,
            "dct:title": purpose.title,
            "dct:description": purpose.description,
            "skos:broader": {"@id": "dpv:Purpose"},
        },
        "dpv:hasLegalBasis": _legal_basis(facts),
        "dpv:hasPersonalData": [
            *({"@type": "dpv:PersonalData", "dct:title": name} for name in purpose.data_categories),
            *({"@type": "dpv:SpecialCategoryPersonalData", "dct:title": name} for name in purpose.special_categories),
        ],
        "dpv:hasRecipient": [_recipient(to) for to in facts.recipients],
    }
    if facts.bar:
        process["dpv:hasJustification"] = {"@type": "dpv:Justification", "dct:description": facts.bar_in_words}
    elif facts.consequences:
        process["dpv:hasConsequence"] = {"@type": "dpv:Consequence", "dct:description": facts.consequences}
    if purpose.retention:
        process["dpv:hasStorageCondition"] = [{"@type": "dpv:StorageDuration", "dct:description": purpose.retention}]
    return process


def _recipient(to: Recipient) -> dict[str, Any]:
    recipient: dict[str, Any] = {
        "@type": "dpv:Recipient",
        "dpv:hasName": to.name,
        "dct:description": to.role,
        "dpv:hasLocation": {"@id": f"loc:{to.country}"},
    }
    if to.safeguard in TRANSFER_MEASURES:
        safeguard = {"@type": "dpv:SafeguardForDataTransfer", "skos:prefLabel": to.safeguard_words}
        recipient["dpv:hasTechnicalOrganisationalMeasure"] = safeguard
    elif to.safeguard not in ("", Safeguard.NONE_NEEDED):
        ground = {"@type": "dpv:DataTransferLegalBasis", "skos:prefLabel": to.safeguard_words}
        recipient["dpv:hasLegalBasis"] = ground
    return recipient


def _legal_basis(facts: Facts) -> str:
    basis = LawfulBasis(facts.purpose.lawful_basis)
    if basis != LawfulBasis.CONSENT:
        return _BASIS[basis]
    return "dpv:ExpressedConsent" if facts.is_explicit else "dpv:ImpliedConsent"


def _notice(facts: Facts) -> dict[str, Any]:
    record = facts.record
    notice: dict[str, Any] = {"@type": "dpv:ConsentNotice", "schema:url": facts.notice_url}
    if facts.notice_version:
        notice["schema:version"] = facts.notice_version
    if record.wording is not None:
        notice["dct:description"] = {"@value": record.wording.text, "@language": record.wording.language.lower()}
        notice["dct:identifier"] = f"sha256:{record.wording.digest}"
    return notice


def _status(facts: Facts) -> dict[str, Any]:
    record = facts.record
    status: dict[str, Any] = {
        "@type": _STATUS[Decision(record.decision)],
        "dpv:isIndicatedBy": _indicated_by(record),
        "dpv:hasIndicationMethod": str(Method(record.method)),
        "dpv:isIndicatedAtTime": facts.recorded_at,
    }
    if facts.valid_until:
        status["dpv:hasDuration"] = {"@value": facts.validity, "@type": "xsd:duration"}
        status["dct:valid"] = facts.valid_until
    if facts.stated_at:
        status["dct:date"] = facts.stated_at
    return status


def _indicated_by(record: ConsentRecord) -> dict[str, Any]:
    """Who decided; a representative, be it a guardian, is told apart from the person, and not named.

    That it was a guardian is told by the evidence alone, which is not kept as long as the record.
    """
    person = {"@id": f"urn:uuid:{record.subject_id}"}
    if record.method != Method.REPRESENTATIVE:
        return person
    return {"@type": "dpv:Representative", "dpv:isRepresentativeFor": person}


def _end_before(facts: Facts) -> list[dict[str, Any]]:
    """That a consent was over before it was recorded; of others the end is a record of its own."""
    if not facts.over_at:
        return []
    return [{"@type": _STATUS[Decision.EXPIRED], "dpv:isIndicatedAtTime": facts.over_at}]
