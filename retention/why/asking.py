"""Asking the source about one row, with the conditions of the plans that there are and of those there would be today.

Danger: an officer tells a person "it goes on 3 March", and it does not. Rule: every answer is the source's own to the
conditions of the run; a date is only said when the source confirms that the row is due on it and not the day before.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db.models import Q
from django.utils import timezone

from privacy.datamap.engine.errors import EngineError
from privacy.datamap.engine.moments import BeyondCalendar, Moment
from privacy.datamap.engine.one_row import OneRow, StepOnRow
from privacy.datamap.engine.plan import Action as EngineAction
from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.engine.planner import draft_plan
from privacy.datamap.engine.selection import OlderThan, Protection
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.errors import DatamapIncomplete
from privacy.datamap.minimums import LegalMinimum, minimums_of
from privacy.datamap.models import Dataset
from privacy.datamap.opening import open_for_engine
from privacy.datamap.specs import datasets_of, specs_of
from privacy.register.selectors import local_date, profile
from retention.enums import RunState
from retention.errors import RetentionError
from retention.holding import exempt_cases, held_people, holds_on_dataset, in_force, known_by
from retention.hours import may_work, opens_in
from retention.models import Hold, Rule, Run
from retention.periods import ONE_DAY, cutoff_on, due_on
from retention.plans import plan_of
from retention.rule_plan import draft_rule
from retention.rule_scope import changes_itself, datasets_along
from retention.transitions import UNDER_WAY
from retention.why.answers import (
    EVER,
    NEVER,
    Explanation,
    LawAnswer,
    RuleAnswer,
    RuleStand,
    RunAnswer,
)
from retention.why.leaving import left_as_newer
from retention.why.noticing import NoticeAnswer, notice_of
from retention.world import PortalWorld

NOT_ENDED = (*UNDER_WAY, RunState.ATTENTION)


def explain_row(*, dataset: Dataset, key: tuple[str, ...], now: dt.datetime | None = None) -> Explanation:
    """Everything that keeps a row, and everything that will take it.

    Args:
        key: its primary key as the source writes it, one text for each column of the key. Stored nowhere.
        now: the moment from which periods count back.

    Raises:
        EngineError: the source cannot be reached, or the data map does not fit it.
        HoldNamesNobody: nobody can say who is held.
    """
    now = now or timezone.now()
    everything = datasets_of(dataset.source)
    with open_for_engine(dataset.source) as engine:
        bare = draft_plan(engine, specs_of(everything), [])
        with engine.connect() as connection:
            row = OneRow(engine, connection, bare, dataset.key, key)
            if not row.exists():
                return Explanation(dataset, found=False)
            minimums, problem = _minimums(dataset, everything)
            runs = tuple(_runs(dataset, row))
            return Explanation(
                dataset,
                found=True,
                rules=tuple(
                    _rule(each, dataset, row, engine, minimums, now) for each in _rules_over(dataset, everything)
                ),
                laws=tuple(_laws(row, bare, dataset, minimums)),
                held_by=tuple(_holds(dataset, row)),
                runs=runs,
                out_of_hours=_closed_until(now),
                newer_than=left_as_newer(dataset, everything, row, bare, runs),
                problem=problem,
            )


def _rules_over(dataset: Dataset, everything: list[Dataset]) -> list[Rule]:
    over = Q(dataset=dataset) | Q(along=dataset) | (~Q(category="") & Q(dataset__source=dataset.source))
    rules = Rule.objects.filter(over).distinct().select_related("dataset__source", "start_dataset")
    return [rule for rule in rules.prefetch_related("along").order_by("name") if _changes(rule, dataset, everything)]


def _changes(rule: Rule, dataset: Dataset, everything: list[Dataset]) -> bool:
    if rule.dataset_id == dataset.pk:
        return changes_itself(rule, next(each for each in everything if each.pk == dataset.pk))
    return any(each.pk == dataset.pk for each in datasets_along(rule, everything))


def _minimums(dataset: Dataset, everything: list[Dataset]) -> tuple[dict[str, LegalMinimum], str]:
    try:
        return {each.protection.name: each for each in minimums_of(dataset.source, everything)}, ""
    except DatamapIncomplete as error:
        return {}, str(error)


def _rule(
    rule: Rule, dataset: Dataset, row: OneRow, engine: EngineSource, minimums: dict[str, LegalMinimum], now: dt.datetime
) -> RuleAnswer:
    if not rule.is_active or (rule.in_force_until is not None and rule.in_force_until < local_date(now)):
        return RuleAnswer(rule, RuleStand.OFF)
    try:
        plan = draft_rule(rule, engine, now=now)
    except (EngineError, RetentionError) as error:
        if isinstance(error, EngineError) and error.retryable:
            raise
        return RuleAnswer(rule, RuleStand.PROBLEM, problem=str(error))
    step = next(each for each in plan.steps if each.dataset == dataset.key)
    said = row.of_step(plan, step, held_people())
    if not said.meant:
        return RuleAnswer(rule, RuleStand.NOT_MEANT)
    if said.done:
        return RuleAnswer(rule, RuleStand.DONE, said.event)
    return _counted(rule, row, plan, step, said, minimums, local_date(now))


def _counted(
    rule: Rule, row: OneRow, plan: Plan, step: Step, said: StepOnRow, minimums: dict[str, LegalMinimum], today: dt.date
) -> RuleAnswer:
    """A rule that is about the row: from when on it counts, and which day it and the law let the row go."""
    if said.event is None:
        return RuleAnswer(rule, RuleStand.NO_DATE)
    assert isinstance(step.selection, OlderThan)
    day = _due_day(rule, row, plan, step.selection, said.event, today)
    if day == NEVER and not said.selected:
        return RuleAnswer(rule, RuleStand.BEYOND, said.event)
    if day is None or said.selected != (day <= today):
        newest_unknown = step.selection.newest and not said.selected
        return RuleAnswer(rule, RuleStand.NO_DATE if newest_unknown else RuleStand.UNSURE, said.event)
    ends = [_last_day(each, minimums) for each in _protecting(row, plan, step.unless)]
    known = [each + ONE_DAY for each in ends if each is not None]
    begins = rule.in_force_from or day
    free = max([day, begins, *known]) if len(known) == len(ends) else None
    stand = RuleStand.DUE if said.selected and begins <= today else RuleStand.WAITS
    answer = RuleAnswer(rule, stand, said.event, day, free, kept_by_law=bool(ends), free_by_law=free)
    notice = notice_of(rule, row, plan, step, event=said.event, due_on=day, today=today)
    return _in_time(_after_notice(answer, notice, today))


def _in_time(answer: RuleAnswer) -> RuleAnswer:
    """A rule that is over before it takes the row takes it never."""
    last, goes = answer.rule.in_force_until, answer.free_on
    if goes is None or last is None or goes <= last:
        return answer
    return RuleAnswer(answer.rule, RuleStand.OFF, answer.counted_from)


def _after_notice(answer: RuleAnswer, notice: NoticeAnswer | None, today: dt.date) -> RuleAnswer:
    if notice is None:
        return answer
    days = (answer.free_on, notice.free_on)
    free = max(day for day in days if day is not None) if None not in days else None
    waits = answer.stand is RuleStand.DUE and (notice.free_on is None or notice.free_on > today)
    return replace(answer, free_on=free, notice=notice, waits_for_notice=waits)


def _due_day(
    rule: Rule, row: OneRow, plan: Plan, selection: OlderThan, event: dt.date | BeyondCalendar, today: dt.date
) -> dt.date | None:
    """The first day on which the row is due, or EVER or NEVER; None when the source does not confirm it."""
    if isinstance(event, BeyondCalendar):
        return EVER if event.is_past else NEVER
    column = rule.start_dataset.fields.get(column=rule.start_column).data_type
    try:
        day = due_on(rule.period, event, column)
        then, before = (cutoff_on(rule.period, each).for_column(column) for each in (day, day - ONE_DAY))
    except (OverflowError, ValueError):
        return EVER if event.year < today.year else NEVER
    is_right = row.is_due(plan, selection, then) and not row.is_due(plan, selection, before)
    return day if is_right else None


def _protecting(row: OneRow, plan: Plan, protections: Iterable[Protection]) -> list[tuple[str, Moment]]:
    """The names of those that keep the row now, each with the newest date that does."""
    return [(each.protection.name, each.event) for each in row.of_protections(plan, list(protections)) if each.protects]


def _last_day(protecting: tuple[str, Moment], minimums: dict[str, LegalMinimum]) -> dt.date | None:
    name, event = protecting
    return minimums[name].ends_on(event) if name in minimums else None


def _laws(row: OneRow, bare: Plan, dataset: Dataset, minimums: dict[str, LegalMinimum]) -> Iterator[LawAnswer]:
    """Minimums over the rows of the table itself that keep this one."""
    over = [each for each in minimums.values() if each.dataset == dataset.key]
    for protecting in _protecting(row, bare, [each.protection for each in over]):
        law = minimums[protecting[0]]
        yield LawAnswer(law.reason, _last_day(protecting, minimums), law.protects_values)


def _holds(dataset: Dataset, row: OneRow) -> list[Hold]:
    """Holds on the table as a whole, then those on the person; all of the latter are asked at once before each is."""
    found = list(holds_on_dataset(dataset).select_related("dataset").order_by("kind", "placed_at"))
    if not row.held_by([held_people()])[0]:
        return found
    people = list(
        in_force().filter(subject__isnull=False).prefetch_related("subject__identifiers").order_by("kind", "placed_at")
    )
    theirs = row.held_by(known_by(people))
    return [*found, *(hold for hold, is_theirs in zip(people, theirs, strict=True) if is_theirs)]


def _runs(dataset: Dataset, row: OneRow) -> Iterator[RunAnswer]:
    """Runs that have not ended and whose plan has the row: by its date, or by the keys that were frozen."""
    runs = Run.objects.filter(source=dataset.source, state__in=NOT_ENDED, steps__dataset_key=dataset.key)
    for run in runs.select_related("rule", "subject").order_by("created_at").distinct():
        plan = plan_of(run)
        step = next(each for each in plan.steps if each.dataset == dataset.key)
        said = row.of_step(plan, step, held_people(except_cases=exempt_cases(run)))
        if said.selected:
            newer = step.action is not EngineAction.KEEP and any(
                each.protects for each in row.of_protections(plan, step.newer)
            )
            yield RunAnswer(run, str(step.action), said.matching, _blocked(run, step), leaves_newer=newer)


def _blocked(run: Run, step: Step) -> str:
    """What a run that is at work is told before its next chunk; of another, what it waits for."""
    if run.state != RunState.RUNNING:
        return run.problem
    world = PortalWorld(run, keep_lease=lambda: None)
    world.ask(step)
    return world.blocked


def _closed_until(now: dt.datetime) -> dt.datetime | None:
    ours = profile()
    return None if may_work(ours, now) else now + opens_in(ours, now)
