"""What the register keeps: who we are, why we use data, what we tell people, who gets data, and who got it."""

from privacy.register.models.disclosures import (
    Disclosure,
    DisclosureNote,
    DisclosureUpload,
    GroundWithoutConsent,
    Means,
    VoidedDisclosure,
    VoidReason,
    Way,
)
from privacy.register.models.organisation import (
    HolidayOverlay,
    LawfulBasis,
    Notice,
    NoticePurpose,
    OrganisationProfile,
    Purpose,
)
from privacy.register.models.recipients import Recipient, RecipientKind, Safeguard

__all__ = [
    "Disclosure",
    "DisclosureNote",
    "DisclosureUpload",
    "GroundWithoutConsent",
    "HolidayOverlay",
    "LawfulBasis",
    "Means",
    "Notice",
    "NoticePurpose",
    "OrganisationProfile",
    "Purpose",
    "Recipient",
    "RecipientKind",
    "Safeguard",
    "VoidReason",
    "VoidedDisclosure",
    "Way",
]
