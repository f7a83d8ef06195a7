"""Entries of the disclosure log for tests of what follows from them."""

import datetime as dt

from django.utils import timezone

from privacy.register.models import Disclosure, LawfulBasis, Purpose, Recipient


def disclosed(
    subject,
    *,
    name="Sahara Couriers",
    email="privacy@sahara.example.com",
    days=30,
    of=("identity", "contact"),
    language="",
    **more,
) -> Recipient:
    """Somebody who got data of these kinds so many days ago."""
    recipient = Recipient.objects.create(
        name=name, role="delivers", country="GH", notice_email=email, language=language
    )
    purpose, _new = Purpose.objects.get_or_create(
        code="delivery", defaults={"title": "Delivery", "description": "x", "lawful_basis": LawfulBasis.CONTRACT}
    )
    Disclosure.objects.create(
        recipient=recipient, subject=subject, disclosed_on=timezone.now().date() - dt.timedelta(days=days),
        categories=list(of), purpose=purpose, lawful_basis="contract", means="email", way="hand",
        actor_kind="officer", entered_at=timezone.now(), **more,
    )  # fmt: skip
    return recipient
