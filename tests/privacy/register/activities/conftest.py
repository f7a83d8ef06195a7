import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from privacy.register.activities.models import ProcessingActivity
from privacy.register.models import LawfulBasis, Purpose, Recipient
from privacy.register.selectors import local_date

DAY = dt.timedelta(days=1)


def today() -> dt.date:
    return local_date(timezone.now())


def make_purpose(code: str, basis: str = LawfulBasis.CONTRACT, **fields) -> Purpose:
    return Purpose.objects.create(
        code=code, title=code.title(), description=f"We use data for {code}.", lawful_basis=basis,
        withdrawal_consequences="We stop.",
        **{"data_categories": ["contact"], "retention": "A month"} | fields,
    )  # fmt: skip


def make_recipient(name: str, country: str = "GH", safeguard: str = "none_needed", **fields) -> Recipient:
    return Recipient.objects.create(
        name=name, role="Hosting", contract_reference="C-1", country=country, safeguard=safeguard, **fields
    )


@pytest.fixture
def make_activity(alpha) -> Callable[..., ProcessingActivity]:
    """An activity of which everything is said that the law wants."""

    def make(name: str = "Newsletter", *, purposes=None, recipients=(), **fields) -> ProcessingActivity:
        activity = ProcessingActivity.objects.create(
            name=name,
            **{
                "description": "Mails to customers.", "subject_groups": ["customers"], "owner": "Marketing",
                "data_categories": ["contact"], "retention": "A month after the end", "security": "Encrypted",
                "review_on": today() + 30 * DAY,
            }
            | fields,
        )  # fmt: skip
        activity.purposes.set([make_purpose(f"for-{name.lower()}")] if purposes is None else purposes)
        activity.recipients.set(recipients)
        return activity

    return make
