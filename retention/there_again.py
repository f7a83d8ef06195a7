"""Rows that a rule had done and that are there again: a restored backup or an import brought them back.

Danger: a rule leaves no fingerprint of anybody, so what it did comes back unnoticed once it is no longer in force.
Rule: the frozen predicate of a completed run, with its cutoff and with what the law kept then, counted zero when the
run ended. It is counted again. Whoever is held now, or was during that run, is left out, and so are as many rows as
waited for their notice: the run had not done those. What cannot be counted is not known, never zero.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from privacy.datamap.engine.counting import changes_rows, predicates_of, remaining
from privacy.datamap.engine.errors import EngineError
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.enums import FindingCode
from privacy.datamap.models import Action, Source
from privacy.datamap.opening import open_for_engine
from privacy.datamap.services.findings import Observation, reconcile
from privacy.ledger.actors import SYSTEM, Actor
from privacy.ledger.services import record
from privacy.register.selectors import local_date
from retention.enums import RunKind, RunState
from retention.errors import HoldNamesNobody, PeriodInvalid, RuleInvalid
from retention.holding import held_datasets, held_during
from retention.models import Rule, Run
from retention.periods import cutoff
from retention.plans import plan_of
from retention.rule_plan import definition_of

_WHOSE = ("dataset", "start_event", "start_dataset", "start_column", "conditions", "path")


@dataclass(frozen=True)
class Demand:
    """What a rule wanted, or wants, of the rows whose event is before a moment."""

    definition: dict[str, Any]
    before: dt.datetime

    def covers(self, other: "Demand") -> bool:
        """Whether every row that the other means, this one means as well, and does at least as much to it."""
        ours, theirs = self.definition, other.definition
        if self.before < other.before or any(ours.get(each) != theirs.get(each) for each in _WHOSE):
            return False
        if not set(theirs["along"]) <= set(ours["along"]):
            return False
        if ours["action"] == Action.DELETE and theirs["action"] == Action.MASK:
            return not theirs["category"]
        return ours["action"] == theirs["action"] and ours["category"] in ("", theirs["category"])


@dataclass(frozen=True)
class ThereAgain:
    """Rows of one table that a run had done. is_taken_again: a rule in force does them at its next run."""

    run: Run
    dataset: str
    rows: int
    is_taken_again: bool


@dataclass(frozen=True)
class NotCounted:
    """A run of which nobody knows whether its rows are there again, and why, in words that hold no values."""

    run: Run
    words: str
    is_passing: bool


@dataclass(frozen=True)
class LookedAgain:
    found: list[ThereAgain]
    unknown: list[NotCounted]


def look_for_rows_again(*, source: Source, actor: Actor = SYSTEM) -> LookedAgain:
    """Count again what the rules of a source had done, and raise or resolve the findings about it.

    Raises:
        EngineError: the source cannot be opened.
    """
    looked, in_force = LookedAgain([], []), _in_force(source)
    runs = [Run.objects.select_related("rule", "source").get(pk=pk) for pk in last_runs(source)]
    if not runs:
        return looked
    with open_for_engine(source) as engine:
        for run in runs:
            try:
                found = count_again(run, engine)
            except EngineError as error:
                looked.unknown.append(NotCounted(run, str(error), error.retryable))
            except (HoldNamesNobody, ValueError) as error:
                looked.unknown.append(NotCounted(run, str(error), is_passing=False))
            else:
                taken = any(each.covers(_demand_of(run)) for each in in_force)
                looked.found.extend(ThereAgain(run, key, rows, taken) for key, rows in found.items())
    _tell(source, looked, actor)
    return looked


def last_runs(source: Source) -> list[Any]:
    """Numbers of the completed runs to count again: of each rule the last, unless another's meant the same and more.

    Where the period was made longer, or shorter, that is the run with the latest cutoff.
    """
    completed = Run.objects.filter(kind=RunKind.RETENTION, state=RunState.COMPLETED, source=source)
    of_version = completed.order_by("rule_id", "rule_version", "-cutoff", "-completed_at")
    last = of_version.distinct("rule_id", "rule_version")
    known = last.values_list("pk", "completed_at", "cutoff", F("plan__rule"))
    chosen: list[tuple[Any, Demand]] = []
    for pk, _ended, before, definition in sorted(known, key=lambda run: (run[2], run[1]), reverse=True):
        demand = Demand(definition, before)
        if not any(other.covers(demand) for _pk, other in chosen):
            chosen.append((pk, demand))
    return [pk for pk, _demand in chosen]


def count_again(run: Run, engine: EngineSource) -> dict[str, int]:
    """Rows that a completed run had done and that are there again, by dataset; those without any are not in it.

    Raises:
        EngineError: the source cannot tell; not known is not zero.
        HoldNamesNobody: nobody can say who is spared.
        ValueError: the stored plan is not the one that was carried out.
    """
    plan, spared, left_alone = plan_of(run), held_during(run), held_datasets(run)
    waited = {step.dataset_key: step.waiting or 0 for step in run.steps.filter(level=0)}
    predicates, found = predicates_of(plan, engine), {}
    with engine.connect() as connection:
        for step in filter(changes_rows, plan.steps):
            if step.dataset not in left_alone:
                found[step.dataset] = remaining(connection, predicates, step, spared) - waited.get(step.dataset, 0)
    return {dataset: rows for dataset, rows in found.items() if rows > 0}


def _demand_of(run: Run) -> Demand:
    assert run.cutoff is not None
    return Demand(run.plan["rule"], run.cutoff)


def _in_force(source: Source) -> list[Demand]:
    now = timezone.now()
    rules = Rule.objects.filter(is_active=True, dataset__source=source).select_related("dataset", "start_dataset")
    return list(_demands_of((rule for rule in rules if rule.is_followed(local_date(now))), now))


def _demands_of(rules: Iterable[Rule], now: dt.datetime) -> Iterator[Demand]:
    for rule in rules:
        try:
            yield Demand(definition_of(rule), cutoff(rule.period, now=now).moment)
        except (RuleInvalid, PeriodInvalid):
            continue  # it cannot be planned, so it takes nothing


@transaction.atomic
def _tell(source: Source, looked: LookedAgain, actor: Actor) -> None:
    """A finding for each table whose rows no rule in force takes. Of tables that nobody could count nothing changes."""
    rows: dict[str, int] = {}
    names: dict[str, set[str]] = {}
    for each in looked.found:
        if not each.is_taken_again:
            rows[each.dataset] = max(each.rows, rows.get(each.dataset, 0))  # two rules may have done the same rows
            names.setdefault(each.dataset, set()).add(str(each.run.rule))
    unknown = {step["dataset"] for each in looked.unknown for step in each.run.plan["engine"]["steps"]}
    code = FindingCode.DONE_CAME_BACK
    for dataset in source.datasets.all():
        if dataset.key in unknown and dataset.key not in rows:
            continue
        again = rows.get(dataset.key)
        who = tuple(sorted(names.get(dataset.key, ())))
        seen = [Observation(code, dataset.key, dataset, who, again)] if again else []
        reconcile(source=source, dataset=dataset, codes=[code], seen=seen)
    data = {"rows": sum(each.rows for each in looked.found), "complete": not looked.unknown}
    record(action="rules.verified", actor=actor, target=source, data=data)
