"""Whoever decided since they were told has not been silent.

Danger: somebody is told that they can object, says no by another way, and a system records after the period that they
did not; the no is gone.
Rule: an opt-out counts only of somebody who said nothing since the day on which the notice was sent, yes or no.
That silence was taken for consent before is nothing that they said.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from consent.errors import NotSilent
from consent.evidence import read_evidence
from consent.guards import Today
from consent.models import STATED, ConsentRecord, Decision, Method


def is_by_silence(decision: str, method: str) -> bool:
    """Whether it matters what was said since."""
    return decision == Decision.GIVEN and method == Method.OPT_OUT


def when_each_spoke(subject_ids: Collection[UUID]) -> dict[tuple[UUID, int], datetime]:
    """When people last decided for themselves, by person and purpose. Call it only while they are locked."""
    silent = Q(decision=Decision.GIVEN, method=Method.OPT_OUT)
    said = ConsentRecord.objects.filter(subject__in=subject_ids, decision__in=STATED).exclude(silent).order_by()
    each = said.values_list("subject_id", "purpose_id").annotate(at=Max(Least("recorded_at", "occurred_at")))
    return {(subject_id, purpose_id): at for subject_id, purpose_id, at in each}


def check_silence(*, evidence: dict[str, Any] | None, spoke_at: datetime | None, today: Today) -> None:
    """Let an opt-out through, or not.

    Args:
        evidence: of the opt-out, complete.
        spoke_at: when the person last decided for themselves.

    Raises:
        NotSilent: they did since the notice was sent.
    """
    told_on = read_evidence(Method.OPT_OUT, evidence).values["notice_sent_on"]
    if spoke_at is not None and today.day_of(spoke_at) >= told_on:
        raise NotSilent(
            _(
                "The person decided since the notice was sent, so they were not silent. This is not recorded. Leave "
                "their decision as it is, or ask them."
            )
        )
