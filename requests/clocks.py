"""The clocks of a case: every law in the organisation's profile, and what its own policy promises.

Where a law leaves open whose holidays count and the profile does not say, every calendar that the law offers is tried
and the earliest date taken: a date too early costs haste, a date too late breaks the law.

A case keeps the rules it was opened under, each with its calendars. What happens later is added as events, and the
dates are computed anew from rules and events alone; nothing else moves them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from privacy.law import display, words
from privacy.law.calendars import NO_OVERLAY
from privacy.law.catalogue import jurisdiction, rules_for
from privacy.law.clock import due_date
from privacy.law.deadline import Deadline, DueDates, earliest
from privacy.law.display import explain
from privacy.law.enums import Confidence, KindOfRequest, Origin, Unit
from privacy.law.events import ClockEvent, Extended
from privacy.law.sentences import Step
from privacy.law.shapes import Period, PolicyPromise, Rule, Span
from privacy.law.snapshots import from_snapshot, to_snapshot
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import overlays, profile

PROMISE_ID = "promise"
KEPT_IN = "en"
"""The language in which a case keeps the sentences of its clocks."""


@dataclass(frozen=True)
class CaseClocks:
    """What a case keeps of its clocks; `deadlines` is JSON, the binding one first, sentences in `KEPT_IN`.

    `stands_until`: None while the binding clock runs. While it stands, the last day under the next clock that runs, and
    the end of the calendar (`date.max`) where none does.
    """

    due_on: date
    target_on: date
    deadlines: list[dict[str, Any]]
    stands_until: date | None = None


@dataclass(frozen=True)
class Clock:
    """One rule or promise with the calendars that are tried."""

    rule: Rule | PolicyPromise
    calendars: tuple[str, ...]

    def deadline(
        self,
        received_on: date,
        events: Sequence[ClockEvent] = (),
        *,
        as_of: date | None = None,
        overlays: Mapping[str, Mapping[date, str]],
    ) -> Deadline:
        """The earliest date that any of the calendars gives.

        Args:
            overlays: the days that officers added, by calendar.

        Raises:
            LawError: the events contradict each other or the rule.
        """
        return earliest(
            due_date(
                _with_calendar(self.rule, name), received_on, events=events, calendar=name, as_of=as_of,
                overlay=overlays.get(name, NO_OVERLAY),
            )
            for name in self.calendars
        ).binding  # fmt: skip


def clocks_at_receipt(*, kind: str, received_on: date) -> CaseClocks:
    """Every clock of a case received on a local date.

    Raises:
        UnknownLaw: the profile names a law that does not exist.
        LawError: neither a law nor a promise gives a date.
    """
    return _computed(_clocks_of_profile(kind, received_on), received_on)


def clocks_after(
    *, deadlines: list[dict[str, Any]], received_on: date, events: Sequence[ClockEvent], as_of: date | None = None
) -> CaseClocks:
    """The clocks of a case after what happened since, under the rules it was opened under.

    Args:
        deadlines: what the case keeps.
        events: all events of the case, in order of date.
        as_of: the day to look at clocks that stand.

    Raises:
        LawError: the events contradict each other, or one is not what a rule allows; nothing is changed.
        SnapshotError: this release cannot read one of the rules.
    """
    return _computed([_kept_clock(kept) for kept in deadlines], received_on, events, as_of=as_of)


def sentences_after(
    *, deadlines: list[dict[str, Any]], received_on: date, events: Sequence[ClockEvent], as_of: date | None = None
) -> dict[str, list[str]]:
    """By rule, what `clocks_after` keeps as sentences, said in the active language."""
    clocks = [_kept_clock(kept) for kept in deadlines]
    rules = {clock.rule.id: clock.rule for clock in clocks}
    found = _ordered(clocks, received_on, events, as_of)
    return {each.rule_id: _sentences(each, rules[each.rule_id]) for each in found.deadlines}


def _clocks_of_profile(kind: str, received_on: date) -> list[Clock]:
    organisation = profile()
    rules = rules_in_force(kind=kind, on=received_on)
    clocks = [Clock(rule, tuple(_calendars(rule, organisation.country))) for rule in rules]
    if promise := _promise(organisation):
        of_the_laws = sorted({name for clock in clocks for name in clock.calendars})
        clocks.append(Clock(promise, tuple(of_the_laws or [organisation.country])))
    return clocks


def _kept_clock(kept: dict[str, Any]) -> Clock:
    """A clock out of what a case keeps; cases of earlier releases do not say which calendars were tried."""
    if kept["origin"] == Origin.PROMISE:
        promise = from_snapshot(PolicyPromise, kept["rule"])
        return Clock(promise, tuple(kept.get("calendars") or [profile().country]))
    rule = from_snapshot(Rule, kept["rule"])
    return Clock(rule, tuple(kept.get("calendars") or _calendars(rule, profile().country)))


def _computed(
    clocks: Sequence[Clock], received_on: date, events: Sequence[ClockEvent] = (), *, as_of: date | None = None
) -> CaseClocks:
    by_id = {clock.rule.id: clock for clock in clocks}
    ordered = _ordered(clocks, received_on, events, as_of)
    with translation.override(KEPT_IN):
        kept = [_as_json(deadline, by_id[deadline.rule_id]) for deadline in ordered.deadlines]
    return CaseClocks(ordered.due_on, ordered.target_on, kept, _stands_until(ordered))


def _stands_until(ordered: DueDates) -> date | None:
    if not ordered.binding.waiting_for:
        return None
    running = [each.due_on for each in ordered.deadlines if not each.waiting_for]
    first = min(running, default=date.max)
    return None if first == ordered.due_on else first


def _ordered(clocks: Sequence[Clock], received_on: date, events: Sequence[ClockEvent], as_of: date | None) -> DueDates:
    added = overlays()
    found = [clock.deadline(received_on, events, as_of=as_of, overlays=added) for clock in clocks]
    laws = {each.rule_id: each for each in found if each.origin is Origin.LAW}
    return earliest(each if each.origin is Origin.LAW else _after_notices(each, laws, events) for each in found)


def _after_notices(promise: Deadline, laws: Mapping[str, Deadline], events: Sequence[ClockEvent]) -> Deadline:
    """What an organisation promises is an answer in its time, or a written notice that names a later day.

    So a notice under a law moves the promise as well, to the day that the law now gives.
    """
    for event in events:
        law = laws.get(event.under) if isinstance(event, Extended) else None
        if law is None or law.due_on <= promise.due_on:
            continue
        moved = Step(
            words.REPLACED_BY_NOTICE,
            (("notice", event.on), ("citation", law.citation), ("day", law.due_on)),
            law.due_on,
        )
        promise = replace(
            promise, due_on=law.due_on, target_on=max(promise.target_on, law.target_on), waiting_for=law.waiting_for,
            explanation=(*promise.explanation[:-1], moved, Step(words.DUE, (("day", law.due_on),), law.due_on)),
        )  # fmt: skip
    return promise


def rules_in_force(*, kind: str, on: date) -> tuple[Rule, ...]:
    """The rules of the profile's laws for a kind of request; none when the laws do not know this kind.

    Raises:
        UnknownLaw: the profile names a law that does not exist.
    """
    known = [law for law in profile().laws if any(rule.kind == kind for rule in jurisdiction(law).rules)]
    return rules_for(laws=known, kind=KindOfRequest(kind), on=on) if known else ()


def rules_of(deadlines: list[dict[str, Any]]) -> list[Rule]:
    """The statutory rules that a case was opened under, as they were then.

    Raises:
        SnapshotError: this release cannot read one of them.
    """
    return [from_snapshot(Rule, kept["rule"]) for kept in deadlines if kept["origin"] == Origin.LAW]


def laws_of(deadlines: list[dict[str, Any]]) -> list[str]:
    """The codes of the laws that a case was opened under, each once; none where only a policy gives its dates.

    Every law that has grounds for a kind of request has a clock for it, so none is missing here.
    """
    return list(dict.fromkeys(str(kept["law"]) for kept in deadlines if kept["origin"] == Origin.LAW))


def calendars_of(deadlines: list[dict[str, Any]], law: str | None) -> list[str]:
    """Whose holidays count in a case under one of its laws, each once; under all of its clocks where it has none of it.

    Raises:
        SnapshotError: this release cannot read one of the rules.
    """
    of_the_law = [kept for kept in deadlines if kept["law"] == law] or deadlines
    return list(dict.fromkeys(name for kept in of_the_law for name in _kept_clock(kept).calendars))


def identity_may_be_asked(deadlines: Iterable[dict[str, Any]]) -> bool:
    """Whether the person of a case may be asked who they are: not where every law of the case forbids it."""
    rules = [kept["rule"] for kept in deadlines if kept["origin"] == Origin.LAW]
    return not rules or any(rule.get("identity_check_allowed", True) for rule in rules)


def citation_of(deadlines: list[dict[str, Any]], rule_id: str) -> str:
    """What people call a rule that a case was opened under; empty where it was not opened under it."""
    return next((str(kept["citation"]) for kept in deadlines if kept["rule_id"] == rule_id), "")


def running(deadlines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the clocks that a case keeps which do not stand: only they can run out."""
    return [kept for kept in deadlines if not kept.get("stands")]


def _as_json(clock: Deadline, source: Clock) -> dict[str, Any]:
    return {
        "law": clock.rule_id.partition(".")[0],
        "citation": clock.citation,
        "rule_id": clock.rule_id,
        "rule_version": clock.rule_version,
        "origin": clock.origin.value,
        "measures": clock.measures.value,
        "received_on": clock.received_on.isoformat(),
        "due_on": clock.due_on.isoformat(),
        "target_on": clock.target_on.isoformat(),
        "acknowledge_by": _iso(clock.acknowledge_by),
        "extension_notice_by": _iso(clock.extension_notice_by),
        "deemed_refused_on": _iso(clock.deemed_refused_on),
        "stands": bool(clock.waiting_for),
        "sentences": _sentences(clock, source.rule),
        "rule": to_snapshot(source.rule),
        "calendars": list(source.calendars),
    }


def _sentences(clock: Deadline, rule: Rule | PolicyPromise) -> list[str]:
    return [*_by_analogy(rule), *explain(clock)]


def _by_analogy(rule: Rule | PolicyPromise) -> list[str]:
    """Said before the arithmetic where the law gives no period, so that nobody takes the next sentence for law."""
    if not isinstance(rule, Rule) or rule.confidence is not Confidence.ANALOGY:
        return []
    said = _("No period for this kind of request is known in %(law)s; that of its nearest rule is used, by analogy.")
    return [said % {"law": rule.citation}]


def cited(kept: Mapping[str, Any]) -> str:
    """A clock that a case keeps, as people outside are told it, in the active language; a period by analogy says so."""
    if kept["rule"].get("confidence") == Confidence.ANALOGY:
        return _("by analogy with %(law)s") % {"law": display.cited(kept["citation"])}
    return display.cited(kept["citation"])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _with_calendar(rule: Rule | PolicyPromise, calendar: str) -> Rule | PolicyPromise:
    """A promise names no calendar, so it takes the one that is tried; a rule keeps its own."""
    if isinstance(rule, Rule):
        return rule
    return PolicyPromise(
        id=rule.id, version=rule.version, citation=rule.citation, period=Period(rule.period.span, calendar)
    )


def _calendars(rule: Rule, country: str) -> list[str]:
    if rule.period.calendar is not None:
        return [rule.period.calendar]
    return [country] if country in rule.period.calendar_may_be else list(rule.period.calendar_may_be)


def _promise(organisation: OrganisationProfile) -> PolicyPromise | None:
    if organisation.promise_days is None:
        return None
    unit = Unit(organisation.promise_unit)
    return PolicyPromise(
        id=PROMISE_ID,
        version=f"{organisation.promise_days} {unit.value}",
        citation=gettext_noop("The organisation's own policy"),
        period=Period(Span(organisation.promise_days, unit), None),
    )
