"""Whoever decided since they were told has not been silent, and nothing that is unsaid takes an earlier no back.

Danger: somebody is told that they can object, says no by another way, and a system records after the period that they
did not; the no is gone. Or they said no long before, get the notice, and leave it at that. Or they said no and go on
buying, and somebody concludes from it that they agree.
Rule: an opt-out counts only of somebody who said nothing since the day on which the notice was sent, yes or no. Neither
an opt-out nor an implied consent counts of somebody whose last word was a refusal or a withdrawal. That they were taken
to agree before is nothing that they said.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Max, Q
from django.db.models.functions import Least, TruncDate
from django.utils.translation import gettext as _

from consent.errors import NotSilent
from consent.evidence import read_evidence
from consent.guards import Today
from consent.models import STATED, ConsentRecord, Decision, Method
from consent.silence import SILENT
from privacy.register.selectors import zone


def is_unsaid(decision: str, method: str) -> bool:
    """Whether somebody is taken to agree who did not say so; then it matters what they did say."""
    return decision == Decision.GIVEN and method in SILENT


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a person decided for themselves about a purpose.

    Args:
        at: the latest moment at which they did.
        decision: the latest, a `Decision`; of one day the one that was recorded last.
    """

    at: datetime
    decision: str

    @property
    def is_no(self) -> bool:
        return self.decision != Decision.GIVEN


def what_each_said(subject_ids: Collection[UUID]) -> dict[tuple[UUID, int], Spoken]:
    """How people last decided for themselves, by person and purpose. Call it only while they are locked."""
    unsaid = Q(decision=Decision.GIVEN, method__in=SILENT)
    said = ConsentRecord.objects.filter(subject__in=subject_ids, decision__in=STATED).exclude(unsaid).order_by()
    moment = Least("recorded_at", "occurred_at")
    day = TruncDate(moment, tzinfo=zone())
    each = said.values_list("subject_id", "purpose_id").annotate(
        at=Max(moment), decisions=ArrayAgg("decision", order_by=[day.desc(), "-recorded_at", "-id"])
    )
    return {(subject_id, purpose_id): Spoken(at, said[0]) for subject_id, purpose_id, at, said in each}


def check_unsaid(*, method: str, evidence: dict[str, Any] | None, spoken: Spoken | None, today: Today) -> None:
    """Let an opt-out or an implied consent through, or not.

    Args:
        method: one of `SILENT`.
        evidence: of an opt-out, complete.
        spoken: how the person last decided for themselves; None where they never did.

    Raises:
        NotSilent: they did since the notice of an opt-out was sent, or their last word was a no.
    """
    if spoken is None:
        return
    if method == Method.OPT_OUT:
        told_on = read_evidence(Method.OPT_OUT, evidence).values["notice_sent_on"]
        if today.day_of(spoken.at) >= told_on:
            raise NotSilent(
                _(
                    "The person decided since the notice was sent, so they were not silent. This is not recorded. "
                    "Leave their decision as it is, or ask them."
                )
            )
    if spoken.is_no:
        raise NotSilent(_no_stands(method))


def _no_stands(method: str) -> str:
    if method == Method.OPT_OUT:
        return _(
            "The person had said no before the notice was sent, and silence does not take a no back. This is not "
            "recorded. Leave their decision as it is, or ask them."
        )
    return _(
        "The person said no, and what they do does not take that back as long as they do not say so. This is not "
        "recorded. Leave their decision as it is, or ask them."
    )
