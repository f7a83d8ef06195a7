"""What the data are in law after a run.

Danger: data that lead back to a person are called anonymous. Rule: the class of a table is that of its weakest column,
a column replaced by a keyed token is pseudonymous as long as the key can be derived, which is as long as the
organisation is (GDPR article 4(5) and recital 26), and rows of which columns are kept are never called anonymous.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.datamap.engine.masks import LEGAL_CLASS, LegalClass, Strategy
from privacy.datamap.engine.plan import Action, Step
from retention.enums import Result

WORDS: Mapping[str, Promise] = {
    Result.DELETED: _("The rows are gone."),
    Result.ANONYMOUS: _("What was in the changed columns cannot be found again from them."),
    Result.GENERALISED: _("Made coarser, not anonymous: together with other data they may still single somebody out."),
    Result.PSEUDONYMOUS: _(
        "Still personal data: whoever has the key of the tokens can tie them to the values they replaced."
    ),
    Result.KEPT_IN_PART: _(
        "What was in the changed columns cannot be found again. Others are kept, so the rows are not called anonymous."
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


def result_of_step(step: Step) -> Result | None:
    """What the rows of a step are when it is done: as weak as the weakest column. None: it changes nothing."""
    if step.action is Action.KEEP:
        return None
    if step.action is Action.DELETE:
        return Result.DELETED
    masked = [result_of_mask(each.strategy) for each in step.effective_masks]
    return weakest([*masked, Result.KEPT_IN_PART] if step.kept else masked)


def weakest(results: Iterable[str]) -> Result:
    """The weakest of some results, at least one."""
    return max((Result(each) for each in results), key=_FROM_STRONGEST.index)


def masks_of(stored_step: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The masks of a step as the plan of a run keeps it, without those that keep their column."""
    return [each for each in stored_step.get("masks", ()) if each["strategy"] != Strategy.KEEP]
