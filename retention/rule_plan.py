"""From a rule to a plan: which rows are due today, and what happens to them. Reads the source, changes nothing."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from privacy.datamap.engine.counting import predicates_of, sizes
from privacy.datamap.engine.plan import Action as EngineAction
from privacy.datamap.engine.plan import Plan
from privacy.datamap.engine.planner import Instruction, draft_plan, make_plan
from privacy.datamap.engine.selection import OlderThan
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.engine.spec import Path
from privacy.datamap.errors import DatamapIncomplete
from privacy.datamap.minimums import minimums_of, protections
from privacy.datamap.models import Action, Dataset
from privacy.datamap.opening import open_for_engine
from privacy.datamap.own_tables import is_kept_while_referred_to
from privacy.datamap.specs import coarser_of, conditions, datasets_of, retention_instruction, specs_of
from privacy.register.selectors import profile
from retention.errors import RuleInvalid
from retention.holding import held_people
from retention.map_digest import datasets_of_rule, map_digest
from retention.minimums import names_for_rule
from retention.models import Rule
from retention.paths import path_between, way_to_event
from retention.periods import Cutoff, cutoff


@dataclass(frozen=True)
class RulePlan:
    """What a rule asks for today. `definition` is the rule as it was planned; `sizes` are the tables' rows in all."""

    plan: Plan
    cutoff: Cutoff
    definition: dict[str, Any]
    sizes: dict[str, int]

    @property
    def rows(self) -> int:
        """Rows that are due and free."""
        return sum(step.expected_count for step in self.plan.steps)

    @property
    def held(self) -> int:
        """Rows that are due but under a hold."""
        return sum(step.held_count for step in self.plan.steps)

    @property
    def protected(self) -> int:
        """Rows that are due but kept by a statutory minimum."""
        return sum(step.protected_count for step in self.plan.steps)


def plan_rule(rule: Rule, *, now: dt.datetime) -> RulePlan:
    """Find what is due under a rule.

    Raises:
        RuleInvalid: the rule does not fit the data map.
        EngineError: the source cannot be reached (`retryable`), or refuses the plan.
    """
    definition = definition_of(rule)  # before the map is read, so that no later change of the map can hide in it
    everything, until, instructions = _demands(rule, now)
    with open_for_engine(rule.dataset.source) as source:
        plan = make_plan(source, specs_of(everything), instructions, held=held_people())
        with source.connect() as connection:
            rows_in_all = sizes(connection, predicates_of(plan, source), plan)
    return RulePlan(plan, until, definition, rows_in_all)


def draft_rule(rule: Rule, engine: EngineSource, *, now: dt.datetime) -> Plan:
    """The plan of a rule with every condition of it and without a count: for questions about single rows.

    Raises:
        RuleInvalid, EngineError: as `plan_rule`.
    """
    everything, _until, instructions = _demands(rule, now)
    return draft_plan(engine, specs_of(everything), instructions)


def _demands(rule: Rule, now: dt.datetime) -> tuple[list[Dataset], Cutoff, list[Instruction]]:
    """All datasets of the source, the cutoff, and what the rule wants done, less what the law wants kept."""
    everything = datasets_of(rule.dataset.source)
    by_id = {dataset.pk: dataset for dataset in everything}
    _check(rule, by_id)
    try:
        minimums = minimums_of(rule.dataset.source, everything)
    except DatamapIncomplete as error:
        raise RuleInvalid(str(error)) from None
    until = cutoff(rule.period, now=now)
    instructions = _instructions(rule, by_id, everything, until)
    return (
        everything,
        until,
        [replace(each, unless=protections(minimums, each.dataset, each.action)) for each in instructions],
    )


def definition_of(rule: Rule) -> dict[str, Any]:
    """Everything that makes the rule what it is, as plain data; `map` is the digest of the data map it goes by."""
    everything = datasets_of(rule.dataset.source)
    along = list(rule.along.all())
    unreferred = {"unreferred": True} if is_kept_while_referred_to(rule.dataset) else {}
    return (
        rule.counting()
        | unreferred
        | {
            "along": sorted(each.key for each in along),
            "action": rule.action,
            "minimums": names_for_rule(rule, along),
            "map": map_digest(datasets_of_rule(rule, along, everything)),
        }
    )


def _check(rule: Rule, by_id: dict[int, Dataset]) -> None:
    concerned = [rule.dataset, rule.start_dataset, *rule.along.all()]
    if any(dataset.pk not in by_id for dataset in concerned):
        raise RuleInvalid(_("All datasets of a rule must be in one source."))
    if unconfirmed := [dataset.label for dataset in concerned if dataset.confirmed_at is None]:
        names = ", ".join(unconfirmed)
        raise RuleInvalid(_("Confirm first what these datasets hold: %(names)s.") % {"names": names})
    if rule.action != Action.DELETE and rule.along.exists():
        raise RuleInvalid(_("Only rows of a rule that deletes can take others along."))


def _check_evidence_stays(rule: Rule, way: Path) -> None:
    """Rows that tell when the last activity was cannot go first: nobody would know any more that the others are due."""
    stops = {join.to for join in way}
    if gone := [each.label for each in rule.along.all() if each.key in stops]:
        raise RuleInvalid(
            _("“%(names)s” says when the last activity was, so it cannot be deleted along with it. Anonymise instead.")
            % {"names": ", ".join(gone)}
        )


def _with_groups(instruction: Instruction, dataset: Dataset) -> Instruction:
    """What becomes of small groups is part of the plan, so that it is shown and approved with it."""
    if instruction.action is not EngineAction.MASK or not any(each.coarser for each in dataset.fields.all()):
        return instruction
    return replace(instruction, coarser=coarser_of(dataset, smallest=profile().smallest_group))


def _instructions(rule: Rule, by_id: dict[int, Dataset], everything: list[Dataset], until: Cutoff) -> list[Instruction]:
    start = by_id[rule.start_dataset_id]
    dataset = by_id[rule.dataset_id]
    field = next((each for each in start.fields.all() if each.column == rule.start_column), None)
    if field is None:
        raise RuleInvalid(
            _("“%(dataset)s” has no column %(column)s.") % {"dataset": start.label, "column": rule.start_column}
        )
    way = way_to_event(dataset, start, rule.path, everything, newest=rule.newest_counts)

    def due(path: Path) -> OlderThan:
        day = until.for_column(field.data_type)
        return OlderThan(rule.start_column, day, path, conditions(rule.conditions), newest=rule.newest_counts)

    instructions = [_with_groups(retention_instruction(dataset, rule.action, due(way)), dataset)]
    _check_evidence_stays(rule, way)
    for other in rule.along.all():
        hop = path_between(by_id[other.pk], dataset, (), everything)
        instructions.append(retention_instruction(by_id[other.pk], Action.DELETE, due((*hop, *way))))
    if is_kept_while_referred_to(dataset):
        instructions = [replace(each, unreferred=True) for each in instructions]
    return instructions
