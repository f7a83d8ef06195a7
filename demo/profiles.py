"""The two sample organisations: who they are, what they use data for, whom they tell, how long they keep it.

The facts are those of two published privacy policies; the words are ours.
"""

from dataclasses import dataclass

from demo.crm.catalogue import BACK_OFFICE_CATALOGUE, OFFIXPRO_CATALOGUE
from demo.crm.classification import Catalogue
from demo.crm.offixpro.known import (
    AMA_MENSAH,
    EFUA_SARPONG_WITHIN_THE_PERIOD,
    KOJO_ANTWI_A_MINOR,
    KWAME_ASANTE_AWAITING_EXPORT,
    SEAMUS_OBRIEN,
    YAW_DARKO_ON_THE_DAY,
)
from demo.notices import BACK_OFFICE_NOTICE, OFFIXPRO_NEXT, OFFIXPRO_NOTICE, NextNotice, SampleNotice


@dataclass(frozen=True, slots=True)
class SamplePurpose:
    code: str
    title: str
    description: str
    lawful_basis: str
    retention: str
    categories: tuple[str, ...] = ()
    consequences: str = ""
    words: str = ""  # asked when the basis is consent
    prohibited: bool = False


@dataclass(frozen=True, slots=True)
class SampleRecipient:
    name: str
    role: str
    country: str
    safeguard: str
    purposes: tuple[str, ...]
    kind: str = "provider"
    contract: str = ""
    note: str = ""
    policy: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class SampleDisclosure:
    """What a recipient got about a customer `days_ago` before the demo was loaded."""

    reference: str
    email: str
    recipient: str
    purpose: str
    categories: tuple[str, ...]
    days_ago: int
    means: str = "system"
    ground: str = ""
    authority: str = ""
    approver: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SampleOfficer:
    email: str
    full_name: str
    role: str


@dataclass(frozen=True, slots=True)
class SampleRule:
    """A retention rule; `path` is followed by the data map itself. Letters before it go to `address_column`."""

    name: str
    table: str
    start_table: str
    start_column: str
    conditions: tuple[tuple[str, str, object], ...]
    days: int
    action: str
    reason: str
    event: str
    notice_days: int | None = None
    address_column: str = ""


@dataclass(frozen=True, slots=True)
class SampleCase:
    """A request that somebody made `days_ago` before the demo was loaded, for themselves or another."""

    kind: str
    full_name: str
    email: str
    days_ago: int
    details: str
    confirmed: bool = True
    particulars: dict[str, object] | None = None
    residence: str = ""
    is_minor: bool = False
    representative: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SampleCampaign:
    """An opt-out campaign: the purpose, and who is told."""

    purpose: str
    emails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleWithdrawal:
    """Somebody who agreed and then withdrew."""

    purpose: str
    email: str


@dataclass(frozen=True, slots=True)
class SampleOrganisation:
    name: str
    slug: str
    profile: dict[str, object]
    laws: tuple[str, ...]
    country: str
    officers: tuple[SampleOfficer, ...]
    purposes: tuple[SamplePurpose, ...]
    recipients: tuple[SampleRecipient, ...]
    notice: SampleNotice
    catalogue: Catalogue
    database: str
    rules: tuple[SampleRule, ...]
    cases: tuple[SampleCase, ...]
    consenting: tuple[tuple[str, str], ...]
    disclosures: tuple[SampleDisclosure, ...]
    next_notice: NextNotice | None = None
    campaign: SampleCampaign | None = None
    withdrawing: SampleWithdrawal | None = None


_NEWSLETTER_CONSEQUENCES = (
    "You will no longer hear from us about new features and offers. Mails about your account, your invoices and the "
    "safety of your data still reach you, because we must be able to send them."
)

OFFIXPRO = SampleOrganisation(
    name="OffixPro CRM",
    slug="offixpro",
    country="GH",
    laws=("GH",),
    profile={
        "legal_name": "BulkOffice Solutions",
        "trading_name": "OffixPro CRM",
        "address": "ROVIS Arcade, opposite Zenith Bank\nSpintex Road, Accra, Ghana",
        "website": "https://offixprocrm.com",
        "officer_name": "Data Protection Officer",
        "officer_title": "Data Protection Officer",
        "officer_email": "privacy@offixprocrm.com",
        "officer_phone": "+233 560 320 128",
        "time_zone": "Africa/Accra",
        "cooling_off_hours": 0,  # whoever tries the demo sees an approved erasure carried out; the other sample waits
    },
    officers=(
        SampleOfficer("efe.owusu@offixpro.example", "Efe Owusu", "privacy_officer"),
        SampleOfficer("nana.adjei@offixpro.example", "Nana Adjei", "privacy_officer"),
        SampleOfficer("akosua.lamptey@offixpro.example", "Akosua Lamptey", "case_handler"),
        SampleOfficer("auditor@offixpro.example", "Yaw Auditor", "auditor"),
    ),
    purposes=(
        SamplePurpose(
            "account-management",
            "Your account",
            "Opening your account, signing you in, and giving colleagues their roles.",
            "contract",
            "While the subscription runs and 30 days after it was cancelled",
            ("identity", "contact"),
        ),
        SamplePurpose(
            "service-delivery",
            "The service itself",
            "Running the CRM, HR, project and finance features you subscribed to.",
            "contract",
            "While the subscription runs and 30 days after it was cancelled",
            ("identity", "contact", "business"),
        ),
        SamplePurpose(
            "billing",
            "Payments and invoices",
            "Taking payments and writing invoices.",
            "contract",
            "Six years from the end of the tax year",
            ("financial", "contact"),
        ),
        SamplePurpose(
            "communication",
            "Messages about the service",
            "Service mails, system updates and usage alerts.",
            "contract",
            "While the subscription runs",
            ("contact", "communication"),
        ),
        SamplePurpose(
            "newsletter",
            "Newsletter",
            "News about features and offers, once a month at most.",
            "consent",
            "Until you withdraw your consent",
            ("contact",),
            consequences=_NEWSLETTER_CONSEQUENCES,
            words="Yes, send me the OffixPro newsletter by e-mail. I can stop it at any time.",
        ),
        SamplePurpose(
            "analytics",
            "Improving the service",
            "Counting how features are used, finding faults and misuse.",
            "legitimate_interests",
            "Thirteen months",
            ("technical",),
        ),
        SamplePurpose(
            "legal-compliance",
            "Legal duties",
            "Keeping tax and accounting records; answering authorities.",
            "legal_obligation",
            "Six years from the end of the tax year",
            ("financial", "identity"),
        ),
        SamplePurpose(
            "advertising-to-customers",
            "Advertising to your customers",
            "We never advertise to your customers.",
            "consent",
            "",
            prohibited=True,
        ),
        SamplePurpose("sale-of-data", "Selling data", "We never sell personal data.", "consent", "", prohibited=True),
    ),
    recipients=(
        SampleRecipient(
            "Cloud hosting provider",
            "hosts the service",
            "IE",
            "standard_clauses",
            ("service-delivery",),
            contract="DPA 2024-03",
            note="version of 2021, module two",
            policy="https://hosting.example.com/privacy",
            email="privacy@hosting.example.com",
        ),
        SampleRecipient(
            "E-mail delivery provider",
            "delivers our mails",
            "GH",
            "contract",
            ("communication", "newsletter"),
            contract="NDA 2025-01",
            policy="https://mail-delivery.example.com/privacy",
            email="privacy@mail-delivery.example.com",
        ),
        SampleRecipient(
            "Analytics provider", "counts use of features", "GH", "contract", ("analytics",), contract="NDA 2025-02"
        ),
        SampleRecipient(
            "Ghana Revenue Authority",
            "receives tax records",
            "GH",
            "legal_obligation",
            ("legal-compliance",),
            kind="authority",
        ),
    ),
    notice=OFFIXPRO_NOTICE,
    catalogue=OFFIXPRO_CATALOGUE,
    database="crm_offixpro",
    rules=(
        SampleRule(
            "Contacts of cancelled subscriptions, 30 days after cancellation",
            "contact",
            "workspace",
            "cancelled_on",
            (("subscription_status", "=", "cancelled"), ("export_pending", "=", False)),
            30,
            "mask",
            "Privacy policy, section 6: 30 days to ask for a backup, then anonymised",
            "cancellation",
        ),
        SampleRule(
            "Sign-ins of cancelled subscriptions, 30 days after cancellation",
            "login_event",
            "workspace",
            "cancelled_on",
            (("subscription_status", "=", "cancelled"), ("export_pending", "=", False)),
            30,
            "delete",
            "Privacy policy, section 6: 30 days to ask for a backup, then deleted",
            "cancellation",
        ),
        SampleRule(
            "Accounts that nobody has used for two years",
            "crm_user",
            "crm_user",
            "last_login_at",
            (),
            730,
            "mask",
            "Privacy policy, section 6: kept while the account is in use",
            "last_activity",
            notice_days=30,
            address_column="email",
        ),
    ),
    cases=(
        SampleCase(
            "access",
            YAW_DARKO_ON_THE_DAY.full_name,
            YAW_DARKO_ON_THE_DAY.email,
            38,
            "Everything you have about me, please.",
        ),
        SampleCase("erasure", SEAMUS_OBRIEN.full_name, SEAMUS_OBRIEN.email, 20, "I have left the company."),
        SampleCase("access", EFUA_SARPONG_WITHIN_THE_PERIOD.full_name, EFUA_SARPONG_WITHIN_THE_PERIOD.email, 2, ""),
        SampleCase("erasure", "Somebody Unknown", "nobody.here@example.org", 45, "Delete my account."),
        SampleCase("access", "Not Yet Confirmed", "not.confirmed@example.org", 1, "", confirmed=False),
        SampleCase(
            "rectification",
            EFUA_SARPONG_WITHIN_THE_PERIOD.full_name,
            EFUA_SARPONG_WITHIN_THE_PERIOD.email,
            6,
            "My old number belongs to somebody else now.",
            particulars={
                "changes": [
                    {
                        "what": "Telephone number",
                        "old": EFUA_SARPONG_WITHIN_THE_PERIOD.phone,
                        "new": "+233240555111",
                    }
                ],
            },
        ),
        SampleCase(
            "objection",
            YAW_DARKO_ON_THE_DAY.full_name,
            YAW_DARKO_ON_THE_DAY.email,
            4,
            "Please do not count how I use the service.",
            particulars={"purposes": ["analytics"]},
            residence="GH",
        ),
        SampleCase(
            "restriction",
            EFUA_SARPONG_WITHIN_THE_PERIOD.full_name,
            EFUA_SARPONG_WITHIN_THE_PERIOD.email,
            3,
            "Until it is clear which number is right.",
            particulars={"purposes": []},
            residence="EU",
        ),
        SampleCase(
            "portability",
            KWAME_ASANTE_AWAITING_EXPORT.full_name,
            KWAME_ASANTE_AWAITING_EXPORT.email,
            1,
            "",
            particulars={"scope": "Since March"},
        ),
        SampleCase(
            "reconsideration",
            EFUA_SARPONG_WITHIN_THE_PERIOD.full_name,
            EFUA_SARPONG_WITHIN_THE_PERIOD.email,
            9,
            "",
            particulars={"decision": "My change to the larger plan was refused by the program on the spot."},
        ),
        SampleCase(
            "question", YAW_DARKO_ON_THE_DAY.full_name, YAW_DARKO_ON_THE_DAY.email, 2, "Who receives my invoices?"
        ),
        SampleCase(
            "complaint",
            YAW_DARKO_ON_THE_DAY.full_name,
            YAW_DARKO_ON_THE_DAY.email,
            5,
            "I asked in October and nobody wrote back.",
        ),
        SampleCase(
            "erasure",
            KOJO_ANTWI_A_MINOR.full_name,
            KOJO_ANTWI_A_MINOR.email,
            1,
            "He is fifteen and opened it himself.",
            is_minor=True,
            representative={"name": "Abena Antwi", "email": "abena.antwi@example.com", "authority": "guardian"},
        ),
    ),
    consenting=((AMA_MENSAH.full_name, AMA_MENSAH.email), (SEAMUS_OBRIEN.full_name, SEAMUS_OBRIEN.email)),
    disclosures=(
        SampleDisclosure(
            "OFX-1001", AMA_MENSAH.email, "Cloud hosting provider", "service-delivery", ("identity", "contact"), 320
        ),
        SampleDisclosure(
            "OFX-1002",
            AMA_MENSAH.email,
            "Ghana Revenue Authority",
            "legal-compliance",
            ("identity", "financial"),
            120,
            "file",
            note="Yearly return, sheet 4.",
        ),
        SampleDisclosure("OFX-1003", AMA_MENSAH.email, "E-mail delivery provider", "newsletter", ("contact",), 0),
        SampleDisclosure(
            "OFX-1004", SEAMUS_OBRIEN.email, "Cloud hosting provider", "service-delivery", ("identity", "contact"), 45
        ),
        SampleDisclosure("OFX-1005", YAW_DARKO_ON_THE_DAY.email, "Analytics provider", "analytics", ("technical",), 12),
    ),
    next_notice=OFFIXPRO_NEXT,
    withdrawing=SampleWithdrawal("newsletter", "adjoa.boateng@example.com"),
)

BACK_OFFICE = SampleOrganisation(
    name="Back Office Admins",
    slug="back-office",
    country="CA",
    laws=("CA-FED", "CA-BC"),
    profile={
        "legal_name": "Back Office Admins",
        "trading_name": "Back Office Admins",
        "address": "Vancouver, British Columbia, Canada",
        "website": "",
        "officer_name": "Privacy Officer",
        "officer_title": "Privacy Officer",
        "officer_email": "privacy.officer@backofficeadmins.example",
        "officer_phone": "+1 604 555 0100",
        "time_zone": "America/Vancouver",
        "promise_days": 30,
        "promise_unit": "business_day",
    },
    officers=(
        SampleOfficer("morgan.lee@backofficeadmins.example", "Morgan Lee", "privacy_officer"),
        SampleOfficer("sam.okafor@backofficeadmins.example", "Sam Okafor", "privacy_officer"),
        SampleOfficer("auditor@backofficeadmins.example", "Robin Auditor", "auditor"),
    ),
    purposes=(
        SamplePurpose(
            "delivering-services",
            "The services you asked for",
            "Doing the work you engaged us for.",
            "contract",
            "Two years after the last work",
            ("identity", "contact", "business"),
        ),
        SamplePurpose(
            "service-standards",
            "Good service",
            "Checking and improving the quality of our work, also by surveys.",
            "legitimate_interests",
            "Two years after the last work",
            ("communication",),
        ),
        SamplePurpose(
            "legal-requirements",
            "Legal duties",
            "Books and records; decisions about you are kept for at least a year.",
            "legal_obligation",
            "Six years from the end of the tax year",
            ("financial", "decision"),
        ),
        SamplePurpose(
            "marketing-of-own-services",
            "News about our services",
            "Telling you about services that may interest you.",
            "consent",
            "Until you withdraw your consent",
            ("contact",),
            consequences="We will stop sending you news and offers within ten business days. Work that you engaged "
            "us for goes on as before.",
            words="You may write to me about services of Back Office Admins that may interest me. I can opt out.",
        ),
        SamplePurpose(
            "sale-of-data",
            "Selling data",
            "We never sell personal information or lists of clients.",
            "consent",
            "",
            prohibited=True,
        ),
    ),
    recipients=(
        SampleRecipient(
            "Document storage provider",
            "stores documents",
            "US",
            "contract",
            ("delivering-services",),
            contract="SA-118",
            note="comparable protection, audited yearly",
            policy="https://documents.example.com/privacy",
            email="privacy@documents.example.com",
        ),
        SampleRecipient(
            "Canada Revenue Agency",
            "receives tax records",
            "CA",
            "legal_obligation",
            ("legal-requirements",),
            kind="authority",
        ),
        SampleRecipient(
            "Law office",
            "advises us",
            "CA",
            "none_needed",
            ("legal-requirements",),
            kind="other",
            email="office@law.example.com",
        ),
    ),
    notice=BACK_OFFICE_NOTICE,
    catalogue=BACK_OFFICE_CATALOGUE,
    database="crm_back_office",
    rules=(
        SampleRule(
            "Addresses 30 days after leaving the mailing list",
            "mailing_list_member",
            "mailing_list_member",
            "unsubscribed_on",
            (),
            30,
            "delete",
            "Privacy policy 3.4 and 6.2: the purpose ends with the consent",
            "withdrawal",
        ),
    ),
    cases=(
        SampleCase("access", "Claire Tremblay", "claire.tremblay@example.org", 12, "My file and to whom it went."),
        SampleCase("access", "Somebody Unknown", "nobody.here@example.org", 33, ""),
        SampleCase(
            "question",
            "Claire Tremblay",
            "claire.tremblay@example.org",
            3,
            "How long do you keep my survey answers?",
            residence="CA-QC",
        ),
    ),
    consenting=(("Claire Tremblay", "claire.tremblay@example.org"),),
    disclosures=(
        SampleDisclosure(
            "BO-201",
            "claire.tremblay@example.org",
            "Document storage provider",
            "delivering-services",
            ("identity", "contact", "business"),
            90,
        ),
        SampleDisclosure(
            "BO-202",
            "claire.tremblay@example.org",
            "Canada Revenue Agency",
            "legal-requirements",
            ("identity", "financial"),
            30,
            "file",
        ),
        SampleDisclosure(
            "BO-203",
            "claire.tremblay@example.org",
            "Law office",
            "legal-requirements",
            ("identity", "decision"),
            8,
            "email",
            "lawyer",
            "Engagement letter 2026-04",
            "Morgan Lee",
            "Advice on a disputed invoice.",
        ),
    ),
    campaign=SampleCampaign(
        "marketing-of-own-services",
        ("olivia.roy@example.org", "liam.chen@example.org", "aisha.khan@example.org"),
    ),
)

SAMPLES = (OFFIXPRO, BACK_OFFICE)
