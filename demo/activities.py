"""The record of processing of the sample organisations, and what they do without consent. May be repeated.

Not everything is said and not everything is decided, so that there is something to check.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from demo.profiles import BACK_OFFICE, OFFIXPRO, SampleOrganisation
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer
from privacy.register.activities.models import ProcessingActivity, ProcessingWithoutConsent
from privacy.register.activities.without_consent import Statement, approve_processing, enter_processing
from privacy.register.models import Purpose, Recipient
from privacy.register.selectors import local_date

_SECURITY = (
    "Encrypted when stored and when sent; access by role, with a second factor; daily backups; a log of every access."
)


@dataclass(frozen=True, slots=True)
class SampleActivity:
    name: str
    description: str
    owner: str
    purposes: tuple[str, ...]
    categories: tuple[str, ...]
    recipients: tuple[str, ...]
    retention: str
    groups: tuple[str, ...] = ("customers",)
    sources: tuple[str, ...] = ("the person",)
    interests: str = ""
    security: str = _SECURITY
    review_in: int = 200  # days


@dataclass(frozen=True, slots=True)
class SampleWithoutConsent:
    """`approved`: whether the second officer of the sample said yes; else it waits."""

    ground: str
    authority: str
    what: str
    about_whom: str
    categories: tuple[str, ...]
    purpose: str = ""
    review_in: int = 90  # days
    approved: bool = True


@dataclass(frozen=True, slots=True)
class SampleRecord:
    activities: tuple[SampleActivity, ...]
    without_consent: tuple[SampleWithoutConsent, ...] = field(default=())


RECORDS = {
    OFFIXPRO.slug: SampleRecord(
        activities=(
            SampleActivity(
                "Running the CRM for subscribers",
                "Accounts and workspaces are opened, people sign in, and what subscribers enter is stored for them.",
                "Product",
                ("account-management", "service-delivery", "communication"),
                ("identity", "contact", "business", "technical"),
                ("Cloud hosting provider", "E-mail delivery provider"),
                "30 days after the subscription was cancelled, then anonymised; sign-ins are deleted.",
                groups=("subscribers", "their employees", "their business contacts"),
                sources=("the person", "the subscriber who employs them"),
            ),
            SampleActivity(
                "Payments and books",
                "Invoices are written, payments are booked, and the yearly return is made.",
                "Finance",
                ("billing", "legal-compliance"),
                ("financial", "contact"),
                ("Ghana Revenue Authority",),
                "Six years from the end of the tax year.",
            ),
            SampleActivity(
                "Newsletter and counting of use",
                "News goes out once a month; clicks and use of features are counted to find faults.",
                "Marketing",
                ("newsletter", "analytics"),
                ("contact", "technical"),
                ("E-mail delivery provider", "Analytics provider"),
                "Addresses when the consent is withdrawn; counts after thirteen months.",
                review_in=20,
            ),
        ),
        without_consent=(
            SampleWithoutConsent(
                "fraud",
                "Terms of service, section 9",
                "Sign-ins from many countries within an hour are compared, to find accounts that were taken over.",
                "users who sign in",
                ("technical", "identity"),
                purpose="service-delivery",
            ),
        ),
    ),
    BACK_OFFICE.slug: SampleRecord(
        activities=(
            SampleActivity(
                "Work for clients",
                "Books, letters and appointments of clients are kept as they engaged us to do.",
                "Client services",
                ("delivering-services", "service-standards"),
                ("identity", "contact", "business", "communication"),
                ("Document storage provider",),
                "Two years after the last work.",
                groups=("clients", "people named in clients' documents"),
                sources=("the client",),
                interests="Good work is in the interest of clients, too; surveys are short and nobody has to answer.",
            ),
            SampleActivity(
                "Books and legal advice",
                "Invoices and tax records are kept; disputes go to our law office.",
                "Finance",
                ("legal-requirements",),
                ("financial", "identity", "decision"),
                ("Canada Revenue Agency", "Law office"),
                "Six years from the end of the tax year; decisions about people at least a year.",
                groups=("clients",),
            ),
        ),
        without_consent=(
            SampleWithoutConsent(
                "debt",
                "Engagement terms, clause 7; PIPEDA s. 7(3)(b)",
                "Names and unpaid amounts are prepared for a collection agency.",
                "clients whose invoices are six months overdue",
                ("identity", "contact", "financial"),
                purpose="legal-requirements",
                approved=False,
            ),
        ),
    ),
}


def furnish_activities(sample: SampleOrganisation, actor: Actor) -> None:
    """The record of one sample organisation, unless it has one already."""
    today, kept = local_date(timezone.now()), RECORDS[sample.slug]
    if not ProcessingActivity.objects.exists():
        for activity in kept.activities:
            _activity(activity, today, actor)
    if not ProcessingWithoutConsent.objects.exists():
        for processing in kept.without_consent:
            _without_consent(processing, sample, today)


def _activity(sample: SampleActivity, today: date, actor: Actor) -> None:
    made = ProcessingActivity.objects.create(
        name=sample.name,
        description=sample.description,
        owner=sample.owner,
        subject_groups=list(sample.groups),
        data_categories=list(sample.categories),
        sources=list(sample.sources),
        retention=sample.retention,
        security=sample.security,
        interests=sample.interests,
        review_on=today + timedelta(days=sample.review_in),
    )
    made.purposes.set(Purpose.objects.filter(code__in=sample.purposes))
    made.recipients.set(Recipient.objects.filter(name__in=sample.recipients))
    record(action="processingactivity.added", actor=actor, target=made)


def _without_consent(sample: SampleWithoutConsent, organisation: SampleOrganisation, today: date) -> None:
    first, second = (
        Officer.objects.get(email=each.email) for each in organisation.officers if each.role == "privacy_officer"
    )
    statement = Statement(
        ground=sample.ground,
        authority=sample.authority,
        what=sample.what,
        about_whom=sample.about_whom,
        categories=sample.categories,
        begins_on=today,
        review_on=today + timedelta(days=sample.review_in),
        purpose=Purpose.objects.get(code=sample.purpose) if sample.purpose else None,
    )
    entered = enter_processing(statement=statement, officer=first)
    if sample.approved:
        approve_processing(processing=entered, officer=second)
