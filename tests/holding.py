"""Holds in tests that are about something else."""

from datetime import timedelta

from privacy.ledger.actors import SYSTEM
from retention.models import Hold
from retention.services.holds import end_hold


def let_go(hold: Hold) -> Hold:
    """Release any hold at once, as it is when two officers have released it and the day after is over."""
    return end_hold(hold=hold, actor=SYSTEM, grace=timedelta())
