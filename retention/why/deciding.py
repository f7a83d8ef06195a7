"""Which of the things that concern a row decides over it, in the order that holds for every plan."""

import datetime as dt
from dataclasses import dataclass

from retention.enums import HoldKind, RunKind, RunState
from retention.transitions import GOING_ON
from retention.why.answers import Cause, Explanation, RuleAnswer, RuleStand, RunAnswer


@dataclass(frozen=True)
class Verdict:
    """Why the row is still here, and when it will go.

    goes_on: the first day on which a run changes it, EVER for one before the calendar; None when nobody can say.
    action: what happens then. after_hold: that day only counts once the holds are released. spared_until: the holds
    are released, and until then the data is left alone all the same. run: the one that has the row. rule: the one that
    takes it.
    """

    cause: Cause
    goes_on: dt.date | None = None
    action: str = ""
    after_hold: bool = False
    spared_until: dt.datetime | None = None
    run: RunAnswer | None = None
    rule: RuleAnswer | None = None


_HELD = {
    HoldKind.LEGAL: Cause.LEGAL_HOLD,
    HoldKind.RESTRICTION: Cause.RESTRICTION,
    HoldKind.OPEN_REQUEST: Cause.REQUEST,
}


def decide(said: Explanation) -> Verdict:
    """Legal hold, restriction, open request, statutory minimum, erasure, the rule's own maximum; the first that speaks
    decides. A row that an erasure left because it is newer than the request stays for that, until a rule wants it. Only
    the person's own erasure goes before what they had restricted. A hold that is released and still
    spares its data decides only where no other is in force.
    """
    if not said.found:
        return Verdict(Cause.NOT_FOUND)
    if not said.dataset.source.is_active:
        return Verdict(Cause.SOURCE_OFF)
    first = _first(said.rules)
    day, action = (first.free_on, first.rule.action) if first else (None, "")
    holds = [each for each in said.held_by if each.released_at is None] or said.held_by
    kinds = {each.kind for each in holds}
    erasing = None if HoldKind.LEGAL in kinds else _erasure(said)
    if erasing is not None:
        return Verdict(Cause.ERASURE, action=erasing.action, run=erasing)
    if cause := next((cause for kind, cause in _HELD.items() if kind in kinds), None):
        released = [each.spared_until for each in holds if each.spared_until is not None]
        spared_until = max(released, default=None)
        return Verdict(cause, day, action, after_hold=not released, spared_until=spared_until, rule=first)
    if said.problem:
        return Verdict(Cause.UNKNOWN)
    if taking := next((each for each in said.rules if each.takes_now), None):
        return _due(said, taking)
    if said.laws or any(each.kept_by_law for each in said.rules):
        return Verdict(Cause.MINIMUM, day, action, rule=first)
    if late := next((each for each in said.rules if each.waits_for_notice), None):
        return Verdict(Cause.NOTICE, late.free_on, late.rule.action, rule=late)
    cause = _without_law(said.rules)
    if said.newer_than is not None and cause not in (Cause.UNKNOWN, Cause.DONE):
        return Verdict(Cause.NEWER, day, action, rule=first)
    return Verdict(cause, day, action, rule=first)


def _first(rules: tuple[RuleAnswer, ...]) -> RuleAnswer | None:
    """The rule that will take the row before any other does."""
    known = [each for each in rules if each.free_on is not None]
    return min(known, key=lambda each: (each.free_on, each.rule.pk)) if known else None


def _erasure(said: Explanation) -> RunAnswer | None:
    """An erasure that changes the row as soon as it goes on; the hold of its own case does not keep it from that."""
    runs = [each for each in said.runs if each.run.kind != RunKind.RETENTION and each.action != "keep"]
    free = [each for each in runs if each.matching and each.blocked not in ("held", "dataset_held")]
    whole_table = any(each.subject_id is None for each in said.held_by)
    return free[0] if free and not whole_table else None


def _due(said: Explanation, taking: RuleAnswer) -> Verdict:
    """A row that is due and free: which run has it, and what that run waits for."""
    day, action = taking.free_on, taking.rule.action
    run = next((each for each in said.runs if each.matching and each.run.rule_id == taking.rule.pk), None)
    if run is not None and run.run.state == RunState.AWAITING:
        return Verdict(Cause.AWAITING, day, action, run=run, rule=taking)
    if run is not None and run.blocked and run.blocked != "outside_hours":
        return Verdict(Cause.RUN_WAITS, day, action, run=run, rule=taking)
    if run is not None and run.run.state not in GOING_ON:
        return Verdict(Cause.RUN_WAITS, day, action, run=run, rule=taking)
    if said.out_of_hours is not None:
        return Verdict(Cause.HOURS, day, action, run=run, rule=taking)
    return Verdict(Cause.DUE if run is None else Cause.RUN_WORKS, day, action, run=run, rule=taking)


def _without_law(rules: tuple[RuleAnswer, ...]) -> Cause:
    stands = {each.stand for each in rules}
    causes = (
        (RuleStand.WAITS, Cause.NOT_DUE),
        (RuleStand.NO_DATE, Cause.NO_DATE),
        (RuleStand.BEYOND, Cause.BEYOND),
        (RuleStand.UNSURE, Cause.UNKNOWN),
        (RuleStand.PROBLEM, Cause.UNKNOWN),
        (RuleStand.DONE, Cause.DONE),
        (RuleStand.NOT_MEANT, Cause.NOT_MEANT),
    )
    return next((cause for stand, cause in causes if stand in stands), Cause.NO_RULE)
