"""What the data are in law after a run.

Danger: data that lead back to a person are called anonymous. Rule: the class of a table is that of its weakest column,
a column replaced by a keyed token is pseudonymous as long as the key can be derived, which is as long as the
organisation is (GDPR article 4(5) and recital 26). Rows are never called anonymous of which columns are kept that are
about a person or that nobody has classified, nor rows that lead by a key to others in which the person is still named.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.datamap.engine.masks import LEGAL_CLASS, LegalClass, Strategy
from privacy.datamap.engine.plan import Action, Plan, Step
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


def results_of(plan: Plan) -> dict[str, Result]:
    """What the rows of each step that changes some are when the plan is carried out, by the key of the step."""
    changing = [step for step in plan.steps if step.action is not Action.KEEP]
    return {step.key: weakest([result_of_step(step), *_of_ways(plan, step, frozenset())]) for step in changing}


def result_of_step(step: Step) -> Result:
    """What a step makes of rows by themselves, wherever they lead: as weak as the weakest column."""
    if step.action is Action.DELETE:
        return Result.DELETED
    masked = [result_of_mask(each.strategy) for each in step.effective_masks]
    return weakest([*masked, Result.KEPT_IN_PART] if step.kept or not masked else masked)


def _of_ways(plan: Plan, step: Step, seen: frozenset[str]) -> Iterator[Result]:
    """What the rows are to which those of a step still lead, and which name people."""
    if step.action is Action.DELETE:
        return
    steps = {each.dataset: each for each in plan.steps}
    seen |= {step.dataset}
    for path in plan.dataset(step.dataset).paths:
        end = path[-1].to
        if end in seen:
            continue
        if (following := steps.get(end)) is None or following.action is Action.KEEP:
            yield Result.KEPT_IN_PART
        else:
            yield result_of_step(following)
            yield from _of_ways(plan, following, seen)


def weakest(results: Iterable[str]) -> Result:
    """The weakest of some results, at least one."""
    return max((Result(each) for each in results), key=_FROM_STRONGEST.index)


def masks_of(stored_step: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The masks of a step as the plan of a run keeps it, without those that keep their column."""
    return [each for each in stored_step.get("masks", ()) if each["strategy"] != Strategy.KEEP]
