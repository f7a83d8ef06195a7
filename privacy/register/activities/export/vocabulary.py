"""Our codes in terms of the W3C Data Privacy Vocabulary (DPV 2) and its extensions for the GDPR and kinds of data.

Source: https://w3id.org/dpv, https://w3id.org/dpv/legal/eu/gdpr, https://w3id.org/dpv/pd, https://w3id.org/dpv/loc, all
of them version 2.3 of 25 February 2026. The vocabulary has no extension for Canada or Ghana, so articles are named only
where the GDPR applies.
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

TRANSFER_BASES = {
    Safeguard.ADEQUACY: "eu-gdpr:A45-3",
    Safeguard.BINDING_RULES: "eu-gdpr:A46-2-b",
    Safeguard.STANDARD_CLAUSES: "eu-gdpr:A46-2-c",
    Safeguard.CONSENT: "eu-gdpr:A49-1-a",
}
"""Articles on which a transfer rests. A contract of one's own rests on none by itself: Art. 46(3)(a) wants an authority
to have authorised it, which nobody has said."""

TRANSFER_MEASURES = {
    Safeguard.BINDING_RULES: "eu-gdpr:BindingCorporateRules",
    Safeguard.STANDARD_CLAUSES: "eu-gdpr:StandardContractualClauses",
    Safeguard.CONTRACT: "eu-gdpr:AdHocContractualClauses",
}
"""What is a measure, and not only a ground, with the tool of the GDPR that it is."""

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
