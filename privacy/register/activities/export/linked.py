"""The record as JSON-LD in terms of the Data Privacy Vocabulary. The context is in the file: nothing has to be fetched.

Everything is also readable as plain JSON: what an activity is about stands inside of it.
"""

import json
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from privacy.register.activities.export.shape import Line, Record
from privacy.register.activities.export.vocabulary import (
    BASES,
    DATA,
    PREFIXES,
    RECIPIENTS,
    TRANSFER_BASES,
    TRANSFER_MEASURES,
)
from privacy.register.activities.transfers import Transfer
from privacy.register.categories import DataCategory
from privacy.register.models import LawfulBasis, OrganisationProfile, Purpose, Recipient, RecipientKind, Safeguard

Node = dict[str, Any]

_CONTROLLER = "_:controller"


def as_jsonld(record: Record) -> bytes:
    """The file, UTF-8. Strings about people's words have the language that they are shown in."""
    language = get_language() or "en"
    context: Node = {
        "@version": 1.1,
        **PREFIXES,
        **{term: {"@language": language} for term in ("dct:title", "dct:description", "skos:prefLabel")},
        "dct:created": {"@type": "xsd:dateTime"},
        "dct:modified": {"@type": "xsd:dateTime"},
    }
    body: Node = {
        "@context": context,
        "@type": "dpv:ROPA",
        "dct:title": _("Record of processing activities"),
        "dct:created": record.as_at.isoformat(timespec="seconds"),
        "dct:language": language,
        "dpv:hasDataController": _controller(record.controller),
        "dpv:hasProcess": [_activity(line, record) for line in record.lines],
    }
    return json.dumps(body, ensure_ascii=False, indent=2).encode() + b"\n"


def _controller(ours: OrganisationProfile) -> Node:
    return _said(
        {
            "@id": _CONTROLLER,
            "@type": "dpv:DataController",
            "dpv:hasName": ours.legal_name,
            "dpv:hasAddress": ours.address,
            "dpv:hasCountry": {"@id": f"loc:{ours.country}"},
            "dpv:hasRepresentative": _said({"@type": "dpv:Representative", "dpv:hasContact": ours.representative}),
            "dpv:hasDataProtectionOfficer": {
                "@type": "dpv:DataProtectionOfficer",
                "dpv:hasName": ours.officer_name,
                "dpv:hasContact": [each for each in (ours.officer_email, ours.officer_phone) if each],
            },
        }
    )


def _activity(line: Line, record: Record) -> Node:
    activity = line.activity
    return _said(
        {
            "@id": f"urn:uuid:{activity.pk}",
            "@type": "dpv:PersonalDataProcess",
            "dct:title": activity.name,
            "dct:description": activity.description,
            "dct:modified": activity.changed_at.isoformat(timespec="seconds"),
            "dpv:hasDataController": {"@id": _CONTROLLER},
            "dpv:hasJointDataControllers": _named("dpv:JointDataControllers", activity.joint_controllers),
            "dpv:hasOrganisationalUnit": _named("dpv:OrganisationalUnit", activity.owner),
            "dpv:hasPurpose": [_purpose(each) for each in line.purposes],
            "dpv:hasLegalBasis": _bases(line, record),
            "dpv:hasDataSubject": [_labelled("dpv:DataSubject", each) for each in activity.subject_groups],
            "dpv:hasPersonalData": _data(line),
            "dpv:hasRecipient": [_recipient(each) for each in line.recipients],
            "dpv:hasProcessing": [_transfer(each, record) for each in line.transfers],
            "dpv:hasStorageCondition": _described("dpv:StorageDuration", activity.retention),
            "dpv:hasTechnicalOrganisationalMeasure": _described(
                "dpv:TechnicalOrganisationalMeasure", activity.security
            ),
            "dpv:hasDataSource": [_labelled("dpv:DataSource", each) for each in activity.sources],
            "dpv:hasContext": _automated(line),
            "dpv:hasImpactAssessment": _labelled("dpv:DPIA", activity.impact_assessment),
        }
    )


def _purpose(purpose: Purpose) -> Node:
    return {
        "@id": f"_:purpose-{purpose.pk}",
        "@type": "dpv:Purpose",
        "dct:identifier": purpose.code,
        "dct:title": purpose.title,
        "dct:description": purpose.description,
    }


def _bases(line: Line, record: Record) -> list[Node]:
    """One for each basis, however many purposes rest on it."""
    found = []
    for basis in dict.fromkeys(LawfulBasis(each.lawful_basis) for each in line.purposes if each.lawful_basis):
        term, article = BASES[basis]
        node: Node = {"@type": [term, article] if record.is_european else term, "skos:prefLabel": str(basis.label)}
        if basis == LawfulBasis.LEGITIMATE_INTERESTS and line.activity.interests:
            node["dct:description"] = line.activity.interests
        found.append(node)
    return found


def _data(line: Line) -> list[Node]:
    found = []
    for code in line.activity.data_categories:
        category = DataCategory(code)
        types = _types("dpv:PersonalData", DATA.get(category))
        found.append({"@type": types, "skos:prefLabel": str(category.label)})
    allowed = {"dct:description": line.activity.special_condition} if line.activity.special_condition else {}
    special = [
        _labelled("dpv:SpecialCategoryPersonalData", each) | allowed for each in line.activity.special_categories
    ]
    return [*found, *special]


def _recipient(recipient: Recipient) -> Node:
    return _said(
        {
            "@id": f"_:recipient-{recipient.pk}",
            "@type": ["dpv:Recipient", RECIPIENTS[RecipientKind(recipient.kind)]],
            "dpv:hasName": recipient.name,
            "dct:description": recipient.role,
            "dpv:hasCountry": {"@id": f"loc:{recipient.country}"},
        }
    )


def _transfer(transfer: Transfer, record: Record) -> Node:
    return _said(
        {
            "@type": "dpv:Transfer",
            "dpv:hasDataExporter": {"@id": _CONTROLLER},
            "dpv:hasDataImporter": {"@id": f"_:recipient-{transfer.recipient_id}"},
            "dpv:hasThirdCountry": {"@id": f"loc:{transfer.country}"},
            "dpv:hasLegalBasis": _transfer_basis(transfer, record),
            "dpv:hasTechnicalOrganisationalMeasure": _safeguard(transfer, record),
        }
    )


def _transfer_basis(transfer: Transfer, record: Record) -> Node:
    """What allows the transfer; nothing where none is needed, or nobody said."""
    if transfer.safeguard in ("", Safeguard.NONE_NEEDED):
        return {}
    article = TRANSFER_BASES.get(Safeguard(transfer.safeguard)) if record.is_european else None
    return {"@type": _types("dpv:DataTransferLegalBasis", article), "skos:prefLabel": transfer.safeguard_words}


def _safeguard(transfer: Transfer, record: Record) -> Node:
    """What protects the data there, where that is something that was done."""
    if transfer.safeguard not in TRANSFER_MEASURES:
        return {}
    tool = TRANSFER_MEASURES[Safeguard(transfer.safeguard)] if record.is_european else None
    return {"@type": _types("dpv:SafeguardForDataTransfer", tool), "skos:prefLabel": transfer.safeguard_words}


def _types(*terms: str | None) -> list[str]:
    return [term for term in terms if term is not None]


def _automated(line: Line) -> Node:
    if not line.activity.is_automated:
        return {}
    logic = _described("dpv:AlgorithmicLogic", line.activity.decision_logic)
    return {"@type": "dpv:AutomatedDecisionMaking", "dpv:hasAlgorithmicLogic": logic}


def _named(term: str, name: str) -> Node:
    return {"@type": term, "dpv:hasName": name} if name else {}


def _labelled(term: str, label: str) -> Node:
    return {"@type": term, "skos:prefLabel": label} if label else {}


def _described(term: str, text: str) -> Node:
    return {"@type": term, "dct:description": text} if text else {}


def _said(node: Node) -> Node:
    """Without what nobody said; a node of which only the type is left says nothing."""
    kept = {term: value for term, value in node.items() if value not in ("", [], {}, None)}
    return kept if kept.keys() - {"@type"} else {}
