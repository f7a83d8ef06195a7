"""Columns that an erasure leaves as they are, because it was decided so for one person.

Danger: a plan that spares something looks, to whoever compares it with the data map later, like a plan that was
tampered with; or the other way round, more is spared than was decided and nobody sees it.
Rule: the plan itself says which columns are spared and by which decision, so its hash covers them, the second officer
reads them, and the same plan can be made again from the data map and what it says of itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from privacy.datamap.engine.plan import Action as EngineAction
from privacy.datamap.engine.plan import KeptField, Plan
from privacy.datamap.engine.planner import Instruction
from privacy.law.catalogue import ground as ground_by_code
from privacy.law.errors import UnknownLaw

BY_DECISION = "decision:"
"""Begins the reason of a column that is spared; the code of the ground follows."""

Spared = Mapping[str, str]
"""Columns of one dataset, each with the code of the ground on which it is kept."""

SparedOfSource = Mapping[str, Spared]
"""By the key of the dataset."""


def ground_of(reason: str) -> str | None:
    """The ground by which a kept column was spared; None when the data map keeps it for everybody."""
    return reason.removeprefix(BY_DECISION) if reason.startswith(BY_DECISION) else None


def reason_words(reason: str) -> str:
    """Why a column is kept, for people. Of a secret ground nothing is said but that it was decided."""
    code = ground_of(reason)
    if code is None:
        return reason
    try:
        ground = ground_by_code(code)
    except UnknownLaw:
        return _("kept by a decision about this case")
    if not ground.disclosable:
        return _("kept by a decision about this case")
    return f"{ground.section} – {gettext(ground.words)}"


def sparing(instruction: Instruction, spared: Spared) -> Instruction:
    """The same instruction, less what is spared.

    Of a row that would be deleted nothing can be spared but the whole: such rows stay as they are. Where nothing is
    left to be masked the rows stay as well.
    """
    if not spared or instruction.action is EngineAction.KEEP:
        return instruction
    by_decision = tuple(KeptField(column, BY_DECISION + spared[column]) for column in sorted(spared))
    kept = (*(each for each in instruction.kept if each.column not in spared), *by_decision)
    masks = tuple(each for each in instruction.masks if each.column not in spared)
    if instruction.action is EngineAction.DELETE or not masks:
        newer = tuple(each for each in instruction.unless if each.newer)
        return replace(instruction, action=EngineAction.KEEP, masks=(), kept=kept, unless=newer)
    return replace(instruction, masks=masks, kept=kept)


def spared_by(plan: Plan) -> dict[str, dict[str, str]]:
    """What a plan says that it spares, by dataset."""
    found = {step.dataset: _of_step(step.kept) for step in plan.steps}
    return {dataset: columns for dataset, columns in found.items() if columns}


def spared_by_shown(shown: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The same of a plan as runs keep it: without keys of rows (`Plan.public_data`)."""
    found = {step["dataset"]: _of_step(KeptField(**_field(each)) for each in step["kept"]) for step in shown["steps"]}
    return {dataset: columns for dataset, columns in found.items() if columns}


def _field(stored: Mapping[str, str]) -> dict[str, str]:
    return {"column": stored["column"], "reason": stored["reason"]}


def _of_step(kept: Iterable[KeptField]) -> dict[str, str]:
    grounds = {each.column: ground_of(each.reason) for each in kept}
    return {column: ground for column, ground in grounds.items() if ground is not None}
