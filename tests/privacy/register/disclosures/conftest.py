"""A register with a notice in force, recipients of every kind, and a person."""

import datetime as dt

import pytest
from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from privacy.register.disclosures.recording import record_disclosure
from privacy.register.disclosures.statement import DisclosureStatement
from privacy.register.models import Disclosure, Notice, Purpose, Recipient, Way
from privacy.register.publishing import publish_notice
from privacy.subjects.services import find_or_add_subject

AMA = "ama.mensah@example.com"
DAY = dt.timedelta(days=1)
PUBLISHED = dt.datetime(2025, 1, 10, 12, tzinfo=dt.UTC)
TOLD_ON = PUBLISHED.date()


def today() -> dt.date:
    return timezone.now().date()  # the organisation of the tests is in UTC


def make_purpose(code: str, basis: str = "contract", **fields) -> Purpose:
    return Purpose.objects.create(
        code=code, title=code.title(), description=f"For {code}.", lawful_basis=basis, **fields
    )


def make_recipient(name: str, **fields) -> Recipient:
    stated = {"role": "stores files", "country": "IE", "contract_reference": "C-1", "safeguard": "adequacy"}
    return Recipient.objects.create(name=name, **stated | fields)


def publish(version: str, since: dt.datetime = PUBLISHED) -> Notice:
    notice = Notice.objects.create(version=version, title="Notice", body="Words.")
    return publish_notice(notice=notice, actor=SYSTEM, now=since)


def make_register() -> None:
    """`hosting` and `newsletter` were told on the day of the notice; `audit` came later; `sale` is prohibited."""
    make_purpose("hosting")
    make_purpose("newsletter", "consent", withdrawal_consequences="No more mails.")
    make_purpose("sale", "consent", is_prohibited=True)
    publish("2025-01")
    make_purpose("audit", "legitimate_interests")
    make_recipient("Cloud Ltd", policy_url="https://cloud.example.com/privacy")
    make_recipient("Police", kind="authority", contract_reference="", country="GH", safeguard="legal_obligation")


@pytest.fixture
def register(alpha) -> None:
    make_register()


@pytest.fixture
def ama(alpha):
    return find_or_add_subject(kind="email", value=AMA)


def stated(subject=None, **fields) -> DisclosureStatement:
    """A disclosure of Ama's contact details to the host, which stands."""
    said = {
        "recipient": "Cloud Ltd",
        "purpose": "hosting",
        "disclosed_on": dt.date(2025, 6, 1),
        "categories": ["contact"],
        "means": "system",
        "subject_id": subject.pk if subject is not None else None,
    }
    return DisclosureStatement(**said | fields)


def enter(subject, **fields) -> Disclosure:
    return record_disclosure(statement=stated(subject, **fields), way=Way.HAND, actor=SYSTEM)
