"""Holds in tests that are about something else."""

from django.utils import timezone

from privacy.ledger.actors import SYSTEM
from retention.models import Hold
from retention.services.holds import end_hold
from retention.waking import wake_waiting_runs


def let_go(hold: Hold) -> Hold:
    """Release any hold as if the day after were over."""
    ended = end_hold(hold=hold, actor=SYSTEM)
    after_grace(ended)
    return ended


def after_grace(hold: Hold) -> None:
    """The day after the release of a hold is over."""
    Hold.objects.filter(pk=hold.pk).update(spared_until=timezone.now())
    wake_waiting_runs()
