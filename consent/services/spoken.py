"""Whoever decided since they were told has not been silent, and silence takes no earlier no back.

Danger: somebody is told that they can object, says no by another way, and a system records after the period that they
did not; the no is gone. Or they said no long before, get the notice, and leave it at that.
Rule: an opt-out counts only of somebody who said nothing since the day on which the notice was sent, yes or no, and
whose last word before it was no refusal and no withdrawal. That silence was taken for consent before is nothing that
they said.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
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


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a person decided for themselves about a purpose.

    Args:
        at: the latest moment at which they did.
        decision: the one that was recorded last, a `Decision`.
    """

    at: datetime
    decision: str

    @property
    def is_no(self) -> bool:
        return self.decision != Decision.GIVEN


def what_each_said(subject_ids: Collection[UUID]) -> dict[tuple[UUID, int], Spoken]:
    """How people last decided for themselves, by person and purpose. Call it only while they are locked."""
    silent = Q(decision=Decision.GIVEN, method=Method.OPT_OUT)
    said = ConsentRecord.objects.filter(subject__in=subject_ids, decision__in=STATED).exclude(silent).order_by()
    each = said.values_list("subject_id", "purpose_id").annotate(
        at=Max(Least("recorded_at", "occurred_at")), decisions=ArrayAgg("decision", order_by=["-recorded_at", "-id"])
    )
    return {(subject_id, purpose_id): Spoken(at, said[0]) for subject_id, purpose_id, at, said in each}


def check_silence(*, evidence: dict[str, Any] | None, spoken: Spoken | None, today: Today) -> None:
    """Let an opt-out through, or not.

    Args:
        evidence: of the opt-out, complete.
        spoken: how the person last decided for themselves; None where they never did.

    Raises:
        NotSilent: they did since the notice was sent, or they had said no before.
    """
    if spoken is None:
        return
    told_on = read_evidence(Method.OPT_OUT, evidence).values["notice_sent_on"]
    if today.day_of(spoken.at) >= told_on:
        raise NotSilent(
            _(
                "The person decided since the notice was sent, so they were not silent. This is not recorded. Leave "
                "their decision as it is, or ask them."
            )
        )
    if spoken.is_no:
        raise NotSilent(
            _(
                "The person had said no before the notice was sent, and silence does not take a no back. This is not "
                "recorded. Leave their decision as it is, or ask them."
            )
        )
