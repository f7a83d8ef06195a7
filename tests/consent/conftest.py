"""A small register: two purposes that take consent, one by contract, one prohibited; words and a notice in force."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.services import publish_wording
from privacy.ledger.actors import SYSTEM
from privacy.register.models import LawfulBasis, Notice, Purpose, Recipient
from privacy.subjects.services import find_or_add_subject

WORDS = "Yes, send me the monthly newsletter by e-mail."
ORAL = {"script_version": "S-3", "officer": "Kofi Addo", "call_reference": "C-77", "spoken_on": "2026-01-05"}
WRITTEN = {"document_sha256": "a" * 64, "kept_at": "Archive, box 12"}


def make_register() -> dict[str, Purpose]:
    """Purposes by code, with words in English for those that take consent, and a notice in force."""
    purposes = {
        "newsletter": _purpose("newsletter", LawfulBasis.CONSENT, "You will no longer hear about new products."),
        "surveys": _purpose("surveys", LawfulBasis.CONSENT, "We will not ask for your opinion."),
        "billing": _purpose("billing", LawfulBasis.CONTRACT),
        "selling": _purpose("selling", LawfulBasis.CONSENT, is_prohibited=True),
    }
    publish_wording(purpose=purposes["newsletter"], language="en", text=WORDS, actor=SYSTEM)
    publish_wording(purpose=purposes["surveys"], language="en", text="Yes, ask for my opinion.", actor=SYSTEM)
    Notice.objects.create(
        version="2026-01", title="Privacy notice", body="Text.", published_at=timezone.now() - timedelta(days=9)
    )
    mailer = Recipient.objects.create(name="Mailer Ltd", role="sends our mail", country="IE")
    mailer.purposes.add(purposes["newsletter"])
    return purposes


def _purpose(code, basis, consequences="", **fields):
    return Purpose.objects.create(
        code=code,
        title=code.title(),
        description=f"We use your data for {code}.",
        lawful_basis=basis,
        withdrawal_consequences=consequences,
        data_categories=["contact"],
        **fields,
    )


@pytest.fixture
def purposes(alpha):
    return make_register()


@pytest.fixture
def ama(alpha):
    """A data subject known by her e-mail address."""
    return find_or_add_subject(kind="email", value="ama@example.com")
