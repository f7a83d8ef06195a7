"""What the data are in law after a run.

Danger: data that lead back to a person are called anonymous. Rule: the class of a table is that of its weakest column,
a column replaced by a keyed token is pseudonymous as long as the key can be derived, which is as long as the
organisation is (GDPR article 4(5) and recital 26). Rows are never called anonymous of which columns are kept that are
about a person or that nobody has classified, nor rows that a key ties to others in which the person is still named,
whichever of the two has the key: a customer without a name is somebody as long as her invoices name her.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.datamap.engine.masks import LEGAL_CLASS, LegalClass, Strategy
from privacy.datamap.engine.plan import Action, Plan, Step
from privacy.datamap.engine.spec import DatasetSpec
from retention.enums import Result

WORDS: Mapping[str, Promise] = {
    Result.DELETED: _("The rows are gone."),
    Result.ANONYMOUS: _("What was in the changed columns cannot be found again from them."),
    Result.GENERALISED: _("Made coarser, not anonymous: together with other data they may still single somebody out."),
    Result.PSEUDONYMOUS: _(
        "Still personal data: whoever has the key of the tokens can tie them to the values they replaced."
    ),
    Result.KEPT_IN_PART: _(
        "What was deleted or replaced cannot be found again. Other data are kept, so the rows are not called anonymous."
    ),
}
_OF_CLASS = {
    LegalClass.ANONYMOUS: Result.ANONYMOUS,
    LegalClass.GENERALISED: Result.GENERALISED,
    LegalClass.PSEUDONYMOUS: Result.PSEUDONYMOUS,
    LegalClass.KEPT: Result.KEPT_IN_PART,
}
_FROM_STRONGEST = [
    Result.DELETED, Result.ANONYMOUS, Result.KEPT_IN_PART, Result.GENERALISED, Result.PSEUDONYMOUS,
]  # fmt: skip


def result_of_mask(strategy: str) -> Result:
    """What a column is after a mask of this strategy."""
    return _OF_CLASS[LEGAL_CLASS[Strategy(strategy)]]


def results_of(
    plan: Plan, *, personal: Collection[str] = (), impersonal: Mapping[str, Collection[str]] = MappingProxyType({})
) -> dict[str, Result]:
    """What the rows of each step that changes some are when the plan is carried out, by the key of the step.

    Args:
        personal: keys of the datasets that hold personal data, whether or not they name the person.
        impersonal: by dataset, columns about nobody. Kept, for whatever reason, they say nothing of the person.
    """
    plan = replace(plan, steps=tuple(_without(step, impersonal.get(step.dataset, ())) for step in plan.steps))
    changing = [step for step in plan.steps if step.action is not Action.KEEP]
    return {
        step.key: weakest([result_of_step(step), *_of_tied(plan, step, personal, {step.dataset})]) for step in changing
    }


def _without(step: Step, impersonal: Collection[str]) -> Step:
    return replace(step, kept=tuple(each for each in step.kept if each.column not in impersonal))


def result_of_step(step: Step) -> Result:
    """What a step makes of rows by themselves, wherever they lead: as weak as the weakest column."""
    if step.action is Action.DELETE:
        return Result.DELETED
    masked = [result_of_mask(each.strategy) for each in step.effective_masks]
    return weakest([*masked, Result.KEPT_IN_PART] if step.kept or not masked else masked)


def _of_tied(plan: Plan, step: Step, personal: Collection[str], seen: set[str]) -> Iterator[Result]:
    """What the rows are that a key ties to those of a step, and the rows tied to these. Deleted rows tie nothing."""
    if step.action is Action.DELETE:
        return
    steps = {each.dataset: each for each in plan.steps}
    leads_to = _on_the_ways_of(plan.dataset(step.dataset))
    for other in plan.datasets:
        if other.key in seen or not (other.key in leads_to or step.dataset in _on_the_ways_of(other)):
            continue
        seen.add(other.key)
        tied = steps.get(other.key)
        if tied is None:
            if other.identities or other.key in personal:
                yield Result.KEPT_IN_PART
        elif tied.action is not Action.KEEP:
            yield result_of_step(tied)
            if tied.newer_count:  # left as they are, with whatever they say of the person
                yield Result.KEPT_IN_PART
            yield from _of_tied(plan, tied, personal, seen)
        elif other.key in leads_to or tied.expected_count or tied.newer_count:
            yield Result.KEPT_IN_PART


def _on_the_ways_of(dataset: DatasetSpec) -> set[str]:
    """The datasets to which its rows lead, on their ways to people."""
    return {join.to for path in dataset.paths for join in path}


def weakest(results: Iterable[str]) -> Result:
    """The weakest of some results, at least one."""
    return max((Result(each) for each in results), key=_FROM_STRONGEST.index)


def masks_of(stored_step: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The masks of a step as the plan of a run keeps it, without those that keep their column."""
    return [each for each in stored_step.get("masks", ()) if each["strategy"] != Strategy.KEEP]
