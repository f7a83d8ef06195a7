"""Cancelling an organisation in a test that goes on inside it."""

from datetime import datetime

from privacy.offboarding.cancelling import cancel_organisation
from privacy.tenants.models import Operator, Organisation

FIELDS = ("state", "cancelled_at", "destroy_at", "cancel_reason")


def close_now(organisation: Organisation, operator: Operator, now: datetime | None = None) -> None:
    """Cancel it, and bring the object that the test is inside of up to date."""
    done = cancel_organisation(organisation=organisation, reason="contract ended", operator=operator, now=now)
    for name in FIELDS:
        setattr(organisation, name, getattr(done, name))
