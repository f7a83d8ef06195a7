"""From a rule to a plan: which rows are due today, and what happens to them. Reads the source, changes nothing."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.cutoffs import Cutoff
from privacy.datamap.engine.counting import predicates_of, sizes
from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.plan import Action as EngineAction
from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.engine.planner import Instruction, draft_plan, make_plan
from privacy.datamap.engine.selection import OlderThan
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.engine.spec import Path
from privacy.datamap.errors import DatamapIncomplete
from privacy.datamap.minimums import minimums_of, protections
from privacy.datamap.models import Action, Dataset
from privacy.datamap.opening import open_for_engine
from privacy.datamap.own_tables import is_kept_while_referred_to
from privacy.datamap.specs import coarser_of, conditions, datasets_of, retention_instruction
from privacy.register.selectors import local_date, profile
from retention.dates import no_date
from retention.errors import RuleInvalid
from retention.holding import held_people
from retention.map_digest import datasets_of_rule, map_digest
from retention.minimums import names_for_rule
from retention.models import Rule
from retention.notices.counting import NoticeCounts, count_notices
from retention.notices.terms import NoticeTerms, terms_of
from retention.paths import way_to_event
from retention.periods import cutoff
from retention.precedence import check_notice
from retention.rule_scope import changes_itself, datasets_along, specs_for_rule, way_along


@dataclass(frozen=True)
class RulePlan:
    """What a rule asks for on a day. `definition` is the rule as it was planned; `sizes` are the tables' rows in all.

    notices: who would be told and which rows wait for it; None when the rule tells nobody.
    """

    plan: Plan
    cutoff: Cutoff
    definition: dict[str, Any]
    sizes: dict[str, int]
    day: dt.date
    notices: NoticeCounts | None = None

    def rows_of(self, step: Step) -> int:
        """Rows of a step that are due and free, and wait for no notice."""
        return max(0, step.expected_count - self.waiting_of(step))

    def waiting_of(self, step: Step) -> int:
        """Rows of a step that are due and wait for their notice."""
        return self.notices.waiting.get(step.dataset, 0) if self.notices else 0

    @property
    def rows(self) -> int:
        """Rows that are due and free, and wait for no notice."""
        return sum(map(self.rows_of, self.plan.steps))

    @property
    def to_tell(self) -> int:
        """People to whom a letter is written first."""
        return self.notices.to_tell if self.notices else 0

    @property
    def waiting(self) -> int:
        """Rows that are due and wait for their notice."""
        return sum(map(self.waiting_of, self.plan.steps))

    @property
    def is_something_to_do(self) -> bool:
        """Whether a run is worth its record: rows are due, even if all are held, or somebody is to be told."""
        return bool(self.rows or self.held or (self.notices and self.notices.to_write))

    @property
    def held(self) -> int:
        """Rows that are due but under a hold."""
        return sum(step.held_count for step in self.plan.steps)

    @property
    def protected(self) -> int:
        """Rows that are due but kept by a statutory minimum."""
        return sum(step.protected_count for step in self.plan.steps)


def plan_rule(rule: Rule, *, now: dt.datetime) -> RulePlan:
    """Find what is due under a rule, less what the law wants kept, both at this moment.

    Raises:
        RuleInvalid: the rule does not fit the data map.
        EngineError: the source cannot be reached (`retryable`), or refuses the plan.
    """
    definition = definition_of(rule)  # before the map is read, so that no later change of the map can hide in it
    everything, until, instructions = _demands(rule, now, law_at=now)
    terms, held, day = _terms(rule, everything), held_people(), local_date(now)
    with open_for_engine(rule.dataset.source) as source:
        plan = make_plan(source, specs_for_rule(rule, everything), instructions, held=held)
        with source.connect() as connection:
            rows_in_all = sizes(connection, predicates_of(plan, source), plan)
        if terms is None:
            return RulePlan(plan, until, definition, rows_in_all, day)
        later = draft_rule(rule, source, now=noon(day + dt.timedelta(days=terms.days)))
        notices = count_notices(rule=rule, terms=terms, source=source, plan=plan, later=later, held=held, day=day)
    return RulePlan(plan, until, definition, rows_in_all, day, notices)


def noon(day: dt.date) -> dt.datetime:
    """A moment in the middle of a day where the organisation is."""
    return dt.datetime.combine(day, dt.time(12), tzinfo=ZoneInfo(profile().time_zone))


def _terms(rule: Rule, everything: list[Dataset]) -> NoticeTerms | None:
    return terms_of(rule, next(each for each in everything if each.pk == rule.dataset_id))


def draft_rule(rule: Rule, engine: EngineSource, *, now: dt.datetime) -> Plan:
    """The plan of a rule with every condition of it and without a count: for questions about single rows.

    What the law wants kept today is left out, whatever the moment: only once that is over is anybody told.

    Raises:
        RuleInvalid, EngineError: as `plan_rule`.
    """
    everything, _until, instructions = _demands(rule, now)
    return draft_plan(engine, specs_for_rule(rule, everything), instructions)


def _demands(
    rule: Rule, now: dt.datetime, *, law_at: dt.datetime | None = None
) -> tuple[list[Dataset], Cutoff, list[Instruction]]:
    """All datasets of the source, the cutoff, and what the rule wants done, less what the law wants kept."""
    everything = datasets_of(rule.dataset.source)
    by_id = {dataset.pk: dataset for dataset in everything}
    _check(rule, by_id)
    try:
        minimums = minimums_of(rule.dataset.source, everything, at=law_at)
    except DatamapIncomplete as error:
        raise RuleInvalid(str(error)) from None
    until = cutoff(rule.period, now=now)
    instructions = _instructions(rule, by_id, everything, until)
    return (
        everything,
        until,
        [replace(each, unless=protections(minimums, each.dataset, each.action)) for each in instructions],
    )


def misfit(rule: Rule, everything: list[Dataset], along: Collection[Dataset] | None = None) -> str:
    """Why nothing can be done under a rule by what the data map says; empty when it can. No source is asked.

    Args:
        everything: all datasets of the source, with their fields.
        along: datasets whose rows go together with those of the rule; None: those that are stored with it.
    """
    by_id, now = {dataset.pk: dataset for dataset in everything}, timezone.now()
    try:
        if {rule.dataset_id, rule.start_dataset_id} - set(by_id):
            raise RuleInvalid(_("All datasets of a rule must be in one source."))
        _instructions(rule, by_id, everything, Cutoff(now.date(), now), along)  # which day it is decides nothing here
    except (RuleInvalid, InvalidSpec) as error:
        return str(error)
    return ""


def definition_of(rule: Rule) -> dict[str, Any]:
    """Everything that makes the rule what it is, as plain data; `map` is the digest of the data map it goes by."""
    everything = datasets_of(rule.dataset.source)
    along = datasets_along(rule, everything)
    definition = rule.counting() | {
        "along": sorted(each.key for each in along),
        "action": rule.action,
        "category": rule.category,
        "minimums": names_for_rule(rule, along),
        "map": map_digest(datasets_of_rule(rule, along, everything)),
    }
    if is_kept_while_referred_to(rule.dataset):
        definition["unreferred"] = True
    if terms := _terms(rule, everything):
        definition["notice"] = terms.to_data()
    return definition


def _check(rule: Rule, by_id: dict[int, Dataset]) -> None:
    concerned = [rule.dataset, rule.start_dataset, *rule.along.all()]
    if any(dataset.pk not in by_id for dataset in concerned):
        raise RuleInvalid(_("All datasets of a rule must be in one source."))
    if unconfirmed := [dataset.label for dataset in concerned if dataset.confirmed_at is None]:
        names = ", ".join(dict.fromkeys(unconfirmed))
        raise RuleInvalid(_("Confirm first what these datasets hold: %(names)s.") % {"names": names})
    _check_notice(rule)
    if rule.action != Action.DELETE and rule.along.exists():
        raise RuleInvalid(_("Only rows of a rule that deletes can take others along."))
    if rule.category and rule.action != Action.MASK:
        raise RuleInvalid(_("A rule over one kind of data can only anonymise: the rest of the row stays."))


def _check_notice(rule: Rule) -> None:
    """A rule may be older than what is asked of it, or its data map newer."""
    if not rule.notice_days:
        return
    if problem := rule.notice_problem():
        raise RuleInvalid(problem)
    try:
        check_notice(notice_days=rule.notice_days, period=rule.period)
    except ValidationError as error:
        raise RuleInvalid(" ".join(error.messages)) from None


def _check_evidence_stays(way: Path, along: Collection[Dataset]) -> None:
    """Rows that tell when the last activity was cannot go first: nobody would know any more that the others are due."""
    stops = {join.to for join in way}
    if gone := [each.label for each in along if each.key in stops]:
        raise RuleInvalid(
            _("“%(names)s” says when the last activity was, so it cannot be deleted along with it. Anonymise instead.")
            % {"names": ", ".join(gone)}
        )


def _check_something_is_meant(rule: Rule, dataset: Dataset, instructions: list[Instruction]) -> None:
    where = {"dataset": dataset.label, "category": str(rule.get_category_display()).lower()}
    if not instructions:
        words = _("Neither “%(dataset)s” nor anything that belongs to it holds %(category)s that is to be anonymised.")
        raise RuleInvalid(words % where)
    if rule.notice_days and not changes_itself(rule, dataset):
        words = _("People can only be told of data in “%(dataset)s” itself; it holds no %(category)s to be anonymised.")
        raise RuleInvalid(words % where)
    if any(each.action is EngineAction.MASK and not each.masks for each in instructions):
        words = _(
            "Every column of “%(dataset)s” is kept at the end of its period, so there is nothing to anonymise. Open "
            "the dataset, choose what becomes of its columns, and confirm it; or have the rows deleted."
        )
        raise RuleInvalid(words % where)


def _own(rule: Rule, dataset: Dataset, selection: OlderThan) -> Instruction:
    """What a rule does to its own dataset.

    What becomes of small groups is part of the plan, so that it is shown and approved with it; a rule over one kind of
    data leaves the rest of the row, so it makes no group of people that could be too small.
    """
    instruction = retention_instruction(dataset, rule.action, selection, category=rule.category)
    further = any(each.coarser for each in dataset.fields.all())
    if rule.category or instruction.action is not EngineAction.MASK or not further:
        return instruction
    return replace(instruction, coarser=coarser_of(dataset, smallest=profile().smallest_group))


def _instructions(
    rule: Rule,
    by_id: dict[int, Dataset],
    everything: list[Dataset],
    until: Cutoff,
    along: Collection[Dataset] | None = None,
) -> list[Instruction]:
    taken = datasets_along(rule, everything, along)
    start = by_id[rule.start_dataset_id]
    dataset = by_id[rule.dataset_id]
    field = next((each for each in start.fields.all() if each.column == rule.start_column), None)
    if field is None:
        raise RuleInvalid(
            _("“%(dataset)s” has no column %(column)s.") % {"dataset": start.label, "column": rule.start_column}
        )
    if problem := no_date(start, field.column):
        raise RuleInvalid(problem)
    way = way_to_event(dataset, start, rule.path, everything, newest=rule.newest_counts)

    def due(path: Path) -> OlderThan:
        day = until.for_column(field.data_type)
        return OlderThan(rule.start_column, day, path, conditions(rule.conditions), newest=rule.newest_counts)

    _check_evidence_stays(way, [] if rule.category else taken)
    instructions = [_own(rule, dataset, due(way))] if changes_itself(rule, dataset) else []
    for other in taken:
        path = (*way_along(other, rule, everything), *way)
        instructions.append(retention_instruction(other, rule.action, due(path), category=rule.category))
    if is_kept_while_referred_to(dataset):
        instructions = [replace(each, unreferred=True) for each in instructions]
    _check_something_is_meant(rule, dataset, instructions)
    return instructions
