"""Keeping findings true: raised when their cause is seen, resolved by themselves when it is gone, dismissed by people.

Danger: a page of old warnings that nobody believes any more, or a warning that was waved away and never heard again.
Rule: whoever looks says everything that was seen of the kinds looked for, and what was not seen is resolved. Dismissing
takes a reason and an officer, and ends when the cause grows.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.errors import FindingNotOpen, ReasonMissing
from privacy.datamap.models import Dataset, Finding, Source
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.officers.models import Officer

Dismissal = Callable[[Finding, str, Officer], None]

LONGEST_REASON = 200
_dismissals: dict[str, Dismissal] = {}


@dataclass(frozen=True)
class Observation:
    """One thing that was seen in a source. Names of schema objects and numbers only, never a value of a row."""

    code: str
    place: str = ""
    dataset: Dataset | None = None
    names: tuple[str, ...] = ()
    count: int | None = None
    remedy: str = ""


@dataclass
class Changes:
    """How many findings were raised anew, and how many have lost their cause."""

    raised: int = 0
    resolved: int = 0


def register_dismissal(code: str, function: Dismissal) -> None:
    """Have a function called, in the same transaction, when a finding of this code is dismissed."""
    _dismissals[code] = function


@transaction.atomic
def reconcile(
    *,
    source: Source,
    codes: Collection[str],
    seen: Iterable[Observation],
    dataset: Dataset | None = None,
    now: datetime | None = None,
) -> Changes:
    """Bring the findings of some kinds in line with what was just seen.

    Args:
        codes: everything that was looked for: findings of these codes that are not among `seen` are resolved.
        dataset: when only this dataset was looked at; None for the whole source.
    """
    now, changes = now or timezone.now(), Changes()
    Source.objects.select_for_update().get(pk=source.pk)  # two looks at once would raise the same thing twice
    known = Finding.objects.filter(source=source, code__in=codes, resolved_at__isnull=True)
    if dataset is not None:
        known = known.filter(dataset=dataset)
    open_ones = {(each.code, each.place): each for each in known}
    for observation in seen:
        found = open_ones.pop((observation.code, observation.place), None)
        if found is None:
            _raise(source, observation, now)
            changes.raised += 1
        else:
            changes.raised += _see_again(found, observation, now)
    for gone in open_ones.values():
        gone.resolved_at = now
        gone.save(update_fields=["resolved_at"])
    changes.resolved = len(open_ones)
    if changes.raised or changes.resolved:
        data = {"raised": changes.raised, "resolved": changes.resolved, "codes": sorted(map(str, codes))}
        record(action="findings.changed", actor=SYSTEM, target=source, data=data)
    return changes


@transaction.atomic
def dismiss_finding(*, finding: Finding, reason: str, officer: Officer) -> Finding:
    """Say that a finding is all right as it is, and why.

    Raises:
        ReasonMissing: nobody could tell later why.
        FindingNotOpen: it is resolved or dismissed already.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise ReasonMissing(_("Give the reason in %(n)d characters at most.") % {"n": LONGEST_REASON})
    locked = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if locked.resolved_at is not None or locked.dismissed_at is not None:
        raise FindingNotOpen
    locked.dismissed_at, locked.dismissed_by, locked.dismissed_reason = timezone.now(), officer, reason
    locked.save(update_fields=["dismissed_at", "dismissed_by", "dismissed_reason"])
    data = {"code": locked.code, "place": locked.place, "count": locked.count}
    record(action="finding.dismissed", actor=Actor.officer(officer), target=locked, data=data)
    if (function := _dismissals.get(locked.code)) is not None:
        function(locked, reason, officer)
    return locked


@transaction.atomic
def reopen_finding(*, finding: Finding, officer: Officer) -> Finding:
    """Take a dismissal back.

    Raises:
        FindingNotOpen: it is resolved, or nobody had dismissed it.
    """
    locked = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if locked.resolved_at is not None or locked.dismissed_at is None:
        raise FindingNotOpen
    _undismiss(locked)
    locked.save(update_fields=["dismissed_at", "dismissed_by", "dismissed_reason"])
    record(action="finding.reopened", actor=Actor.officer(officer), target=locked, data={"code": locked.code})
    return locked


def _raise(source: Source, seen: Observation, now: datetime) -> None:
    Finding.objects.create(
        code=seen.code, source=source, dataset=seen.dataset, place=seen.place, names=list(seen.names), count=seen.count,
        remedy=seen.remedy, first_seen_at=now, last_seen_at=now,
    )  # fmt: skip


def _see_again(found: Finding, seen: Observation, now: datetime) -> bool:
    """Whether a dismissed finding is open again, because it grew."""
    more_names = not set(seen.names) <= set(found.names)
    more_rows = (seen.count or 0) > (found.count or 0)
    again = found.dismissed_at is not None and (more_names or more_rows)
    if again:
        _undismiss(found)
    found.names, found.count, found.remedy, found.last_seen_at = list(seen.names), seen.count, seen.remedy, now
    found.save()
    return again


def _undismiss(finding: Finding) -> None:
    finding.dismissed_at, finding.dismissed_by, finding.dismissed_reason = None, None, ""
