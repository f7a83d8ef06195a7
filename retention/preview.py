"""What a rule would do now, as a page shows it before anything is done. Reads the source, changes nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.engine.counting import predicates_of, remaining
from privacy.datamap.engine.sample import SampleValue, masked_sample
from privacy.datamap.engine.source import Source as EngineSource
from privacy.datamap.minimums import minimums_of
from privacy.datamap.models import Action, Dataset
from privacy.datamap.opening import open_for_engine
from retention.further_steps import FurtherSteps, further_steps
from retention.holding import held_people, holds_on_dataset, in_force, known_by
from retention.minimums import active_minimums, name_of
from retention.models import Hold, Rule
from retention.rule_plan import RulePlan, plan_rule
from retention.wording import minimum_in_words

A_MONTH = dt.timedelta(days=31)
MOST_HOLDS = 20


@dataclass(frozen=True)
class StepPreview:
    """One table: rows that are due and free, that wait for their notice, that are held, kept by law, and due within a

    month from now.
    """

    label: str
    table: str
    action: str
    rows: int
    waiting: int
    held: int
    protected: int
    in_a_month: int
    sample: list[list[SampleValue]]
    labels: list[str]


@dataclass(frozen=True)
class HeldBack:
    """A hold and how many rows it spares; `rows` is None for a hold on a whole dataset, which stops the run."""

    hold: Hold
    rows: int | None


@dataclass(frozen=True)
class Preview:
    """more_holds: of how many holds on people it was not asked what they spare; the plan counts all of them."""

    planned: RulePlan
    steps: list[StepPreview]
    holds: list[HeldBack]
    more_holds: int
    minimums: list[str]
    further_steps: list[FurtherSteps]


def preview_rule(rule: Rule) -> Preview:
    """Plan a rule for now and for a month from now, with a sample and with what is held back by what.

    Raises:
        RuleInvalid: the rule does not fit the data map.
        EngineError: the source cannot be reached, or refuses the plan.
    """
    now = timezone.now()
    planned, later = plan_rule(rule, now=now), plan_rule(rule, now=now + A_MONTH)
    due_later = {step.dataset: step.expected_count for step in later.plan.steps}
    datasets = {each.key: each for each in rule.dataset.source.datasets.prefetch_related("fields")}
    holds = _on_whole_tables([datasets[step.dataset] for step in planned.plan.steps])
    with open_for_engine(rule.dataset.source) as source:
        steps = [_step(source, planned, place, datasets, due_later) for place in range(len(planned.plan.steps))]
        if planned.held:
            holds += _people(source, planned)
    keeping = {each.name for step in planned.plan.steps if step.protected_count for each in step.unless}
    in_words = {name_of(each): minimum_in_words(each) for each in active_minimums()}
    known = minimums_of(rule.dataset.source, list(datasets.values()))
    minimums = [in_words.get(name, each.reason) for each in known if (name := each.protection.name) in keeping]
    more = max(0, in_force().filter(subject__isnull=False).count() - MOST_HOLDS) if planned.held else 0
    further = further_steps(planned.plan.public_data(), source_id=rule.dataset.source_id)
    return Preview(planned, steps, holds, more, minimums, further)


def _step(
    source: EngineSource, planned: RulePlan, place: int, datasets: dict[str, Dataset], due_later: dict[str, int]
) -> StepPreview:
    step = planned.plan.steps[place]
    dataset = datasets[step.dataset]
    named = {each.column: each.label or each.column for each in dataset.fields.all()}
    return StepPreview(
        label=dataset.label,
        table=step.dataset,
        action=str(Action(step.action).label),
        rows=planned.rows_of(step),
        waiting=planned.waiting_of(step),
        held=step.held_count,
        protected=step.protected_count,
        in_a_month=max(0, due_later.get(step.dataset, 0) - step.expected_count),
        sample=masked_sample(source, planned.plan, step, held_people()),
        labels=[named.get(mask.column, mask.column) for mask in step.effective_masks],
    )


def _on_whole_tables(datasets: Iterable[Dataset]) -> list[HeldBack]:
    """Holds on the tables themselves and on a category of their fields, each once."""
    found = {hold.pk: hold for dataset in datasets for hold in holds_on_dataset(dataset).order_by("placed_at")}
    return [HeldBack(hold, None) for hold in found.values()]


def _people(source: EngineSource, planned: RulePlan) -> list[HeldBack]:
    """Holds on people that spare rows of this plan. The person is not named, here or on the page."""
    predicates = predicates_of(planned.plan, source)
    found = []
    holds = in_force().filter(subject__isnull=False).prefetch_related("subject__identifiers")
    with source.connect() as connection:
        shown = list(holds[:MOST_HOLDS])
        for hold, held in zip(shown, known_by(shown), strict=True):
            rows = 0
            for step in planned.plan.steps:
                everything = step.expected_count + step.held_count
                rows += everything - remaining(connection, predicates, step, held)
            if rows:
                found.append(HeldBack(hold, rows))
    return found


def shape(value: SampleValue) -> str:
    """What a column holds now, without saying it."""
    if value.length is None:
        return _("empty")
    return _("%(n)d characters") % {"n": value.length}
