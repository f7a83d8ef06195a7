"""Our codes in terms of the W3C Data Privacy Vocabulary (DPV 2) and its extensions for the GDPR and kinds of data.

Source: https://w3id.org/dpv, https://w3id.org/dpv/legal/eu/gdpr, https://w3id.org/dpv/pd. The vocabulary has no
extension for Canada or Ghana, so articles are named only where the GDPR applies.
"""

from privacy.register.categories import DataCategory
from privacy.register.models import LawfulBasis, RecipientKind, Safeguard

PREFIXES = {
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "pd": "https://w3id.org/dpv/pd#",
    "loc": "https://w3id.org/dpv/loc#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

BASES = {
    LawfulBasis.CONSENT: ("dpv:Consent", "eu-gdpr:A6-1-a"),
    LawfulBasis.CONTRACT: ("dpv:Contract", "eu-gdpr:A6-1-b"),
    LawfulBasis.LEGAL_OBLIGATION: ("dpv:LegalObligation", "eu-gdpr:A6-1-c"),
    LawfulBasis.VITAL_INTERESTS: ("dpv:VitalInterest", "eu-gdpr:A6-1-d"),
    LawfulBasis.PUBLIC_TASK: ("dpv:PublicInterest", "eu-gdpr:A6-1-e"),
    LawfulBasis.LEGITIMATE_INTERESTS: ("dpv:LegitimateInterest", "eu-gdpr:A6-1-f"),
}
"""A basis, and the article that says it."""

SAFEGUARDS = {
    Safeguard.ADEQUACY: "eu-gdpr:A45-3",
    Safeguard.BINDING_RULES: "eu-gdpr:A46-2-b",
    Safeguard.STANDARD_CLAUSES: "eu-gdpr:A46-2-c",
    Safeguard.CONTRACT: "eu-gdpr:A46-3-a",
    Safeguard.CONSENT: "eu-gdpr:A49-1-a",
}
"""Articles of safeguards; the others have none of their own."""

RECIPIENTS = {
    RecipientKind.PROVIDER: "dpv:DataProcessor",
    RecipientKind.AUTHORITY: "dpv:Authority",
    RecipientKind.SUCCESSOR: "dpv:ThirdParty",
    RecipientKind.OTHER: "dpv:ThirdParty",
}

DATA = {
    DataCategory.IDENTITY: "pd:Identifying",
    DataCategory.CONTACT: "pd:Contact",
    DataCategory.FINANCIAL: "pd:Financial",
    DataCategory.COMMUNICATION: "pd:Communication",
    DataCategory.TECHNICAL: "pd:DeviceBased",
    DataCategory.EMPLOYMENT: "pd:Professional",
}
"""Kinds of data that the vocabulary knows; the others are personal data with a label."""
