"""Organisations that are cancelled, for tests."""

from datetime import timedelta

from django.utils import timezone

from privacy.tenants.context import public_context
from privacy.tenants.models import Operator, Organisation


def set_state(organisation: Organisation, state: str) -> None:
    """Put an organisation into a state, with the dates that it demands and nothing else."""
    now = timezone.now()
    dates = {"cancelled_at": now, "destroy_at": now + timedelta(days=30)}
    if state == Organisation.State.ACTIVE:
        dates = dict.fromkeys(dates)
    with public_context():
        Organisation.objects.filter(pk=organisation.pk).update(state=state, **dates)


def make_operator() -> Operator:
    with public_context():
        return Operator.objects.create(email="closing@example.com", full_name="Operator", password="!")
