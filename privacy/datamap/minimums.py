"""How long the law wants rows kept, whatever a person asks for. Higher rooms register who knows.

Danger: an erasure that destroys what the law orders to keep, because whoever planned it forgot to ask.
Rule: every plan asks here, and a minimum that cannot be applied to the data map stops the plan.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from privacy.datamap.engine.moments import Moment
from privacy.datamap.engine.plan import Action as EngineAction
from privacy.datamap.engine.plan import Plan
from privacy.datamap.engine.selection import Protection
from privacy.datamap.models import Action, Dataset, Source


@dataclass(frozen=True)
class LegalMinimum:
    """A period over rows of one dataset. reason: for people, with the section of the law.

    protects_values: the rows may not even be anonymised. last_day: of the period of an event; ask
    `ends_on`.
    """

    dataset: str
    protects_values: bool
    protection: Protection
    reason: str
    last_day: Callable[[dt.date | dt.datetime], dt.date]

    def ends_on(self, event: Moment) -> dt.date | None:
        """The last day of the period of an event; None when nobody can say, as with a date beyond the calendar."""
        if not isinstance(event, dt.date):
            return None
        try:
            return self.last_day(event)
        except (OverflowError, ValueError):  # as of 9999-12-31
            return None

    def forbids(self, dataset: str, action: str) -> bool:
        """Whether rows of a dataset are kept from an action by it."""
        return self.dataset == dataset and (action == Action.DELETE or (action == Action.MASK and self.protects_values))


Provider = Callable[[Source, list[Dataset], dt.datetime], list[LegalMinimum]]

_providers: list[Provider] = []


def register_minimums(function: Provider) -> None:
    """Have a function asked for the minimums of a source as they are at a moment.

    It raises DatamapIncomplete for one that does not fit.
    """
    if function not in _providers:
        _providers.append(function)


def minimums_of(source: Source, datasets: list[Dataset], *, at: dt.datetime | None = None) -> list[LegalMinimum]:
    """Every minimum over rows of a source.

    Args:
        at: the moment from which periods count back; now when absent.

    Raises:
        DatamapIncomplete: one does not fit the data map, so nobody can say what it protects.
    """
    return [each for provider in _providers for each in provider(source, datasets, at or timezone.now())]


def protections(minimums: Iterable[LegalMinimum], dataset: str, action: str) -> tuple[Protection, ...]:
    """What keeps rows of a dataset from an action."""
    return tuple(each.protection for each in minimums if each.forbids(dataset, action))


def are_respected(plan: Plan, minimums: list[LegalMinimum]) -> bool:
    """Whether a plan was made by exactly these minimums, whenever it was."""
    planned = {each.name for step in plan.steps for each in step.unless if not each.newer}
    steps = [step for step in plan.steps if step.action is not EngineAction.KEEP]
    return planned == {each.name for step in steps for each in protections(minimums, step.dataset, step.action)}
