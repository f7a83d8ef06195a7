"""The clocks of a case: every law in the organisation's profile, and what its own policy promises.

Where a law leaves open whose holidays count and the profile does not say, every calendar that the law offers is tried
and the earliest date taken: a date too early costs haste, a date too late breaks the law.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_noop

from privacy.law.catalogue import jurisdiction, rules_for
from privacy.law.clock import due_date
from privacy.law.deadline import Deadline, earliest
from privacy.law.display import explain
from privacy.law.enums import KindOfRequest, Origin, Unit
from privacy.law.shapes import Period, PolicyPromise, Rule, Span
from privacy.law.snapshots import from_snapshot, to_snapshot
from privacy.register.models import OrganisationProfile
from privacy.register.selectors import profile

PROMISE_ID = "promise"


@dataclass(frozen=True)
class CaseClocks:
    """What a case keeps of its clocks; `deadlines` is JSON, the binding one first, sentences in English."""

    due_on: date
    target_on: date
    deadlines: list[dict[str, Any]]


def clocks_at_receipt(*, kind: str, received_on: date) -> CaseClocks:
    """Every clock of a case received on a local date.

    Raises:
        UnknownLaw: the profile names a law that does not exist.
        LawError: neither a law nor a promise gives a date.
    """
    organisation = profile()
    rules: list[Rule | PolicyPromise] = list(rules_in_force(kind=kind, on=received_on))
    calendars = {rule.id: _calendars(rule, organisation.country) for rule in rules if isinstance(rule, Rule)}
    if promise := _promise(organisation):
        of_the_laws = sorted({name for names in calendars.values() for name in names})
        calendars[promise.id] = of_the_laws or [organisation.country]
        rules.append(promise)
    ordered = earliest(_cautious(rule, received_on, calendars[rule.id]) for rule in rules)
    by_id = {rule.id: rule for rule in rules}
    with translation.override("en"):
        kept = [_as_json(clock, by_id[clock.rule_id]) for clock in ordered.deadlines]
    return CaseClocks(ordered.due_on, ordered.target_on, kept)


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


def _as_json(clock: Deadline, rule: Rule | PolicyPromise) -> dict[str, Any]:
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
        "sentences": explain(clock),
        "rule": to_snapshot(rule),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _cautious(rule: Rule | PolicyPromise, received_on: date, calendars: Iterable[str]) -> Deadline:
    return earliest(due_date(_with_calendar(rule, name), received_on, calendar=name) for name in calendars).binding


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
