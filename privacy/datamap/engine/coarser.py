"""Further steps of generalisation for rows that are masked and still single somebody out.

Danger: a step that is not coarser than the one before gives back what was taken, or is taken back by the next run.
Rule: of each column every step is a projection of the step before, so that whatever is masked at a coarser level passes
for masked at every finer one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from privacy.datamap.engine.errors import InvalidSpec
from privacy.datamap.engine.masks import ColumnMask, Strategy, address_parts
from privacy.datamap.engine.values import portable

_DATES = ("month", "year", "decade")
GENERALISING = frozenset({
    Strategy.GENERALISE_DATE, Strategy.GENERALISE_IP, Strategy.GENERALISE_NUMBER, Strategy.GENERALISE_POSTCODE,
})  # fmt: skip


@portable
@dataclass(frozen=True)
class Coarser:
    """columns: the quasi-identifiers. smallest: rows that a group should have at least, two or more.

    levels: the masks of each further pass, every level at once for all columns that have such a step; a column whose
    steps are exhausted keeps its last one.
    """

    columns: tuple[str, ...]
    smallest: int
    levels: tuple[tuple[ColumnMask, ...], ...]


def coarser(
    columns: Sequence[str], smallest: int, masks: Sequence[ColumnMask], steps: Mapping[str, Sequence[ColumnMask]]
) -> Coarser | None:
    """What is done about small groups, from the further steps of each column. None: there are none.

    masks: of the step itself. Raises InvalidSpec when a step is not coarser than the one before it.
    """
    own = {mask.column: mask for mask in masks}
    chosen = {column: tuple(each) for column, each in steps.items() if each}
    for column, each in chosen.items():
        check_steps(own.get(column, ColumnMask(column, Strategy.KEEP)), each)
    most = max(map(len, chosen.values()), default=0)
    levels = tuple(tuple(each[min(level, len(each) - 1)] for each in chosen.values()) for level in range(most))
    return Coarser(tuple(columns), smallest, levels) if levels else None


def check_steps(first: ColumnMask, steps: Sequence[ColumnMask]) -> None:
    """Whether each step of a column is coarser than the one before. Raises InvalidSpec.

    first: what the rule itself makes of the column.
    """
    before = first
    for step in steps:
        if not _is_coarser(before, step):
            raise InvalidSpec(
                f"The further step {step.strategy} of column {step.column!r} is not coarser than the one before it: "
                "date month, year, decade; a bucket by a multiple; fewer characters; fewer parts of an address; "
                "empty at the end."
            )
        before = step


def _is_coarser(before: ColumnMask, then: ColumnMask) -> bool:
    if then.strategy is Strategy.NULL:
        return before.strategy is not Strategy.NULL
    if before.strategy is Strategy.KEEP:
        return then.strategy in GENERALISING or then.strategy is Strategy.CONSTANT
    if before.strategy is not then.strategy or then.strategy not in GENERALISING:
        return False
    match then.strategy:
        case Strategy.GENERALISE_DATE:
            return _DATES.index(then.params["to"]) > _DATES.index(before.params["to"])
        case Strategy.GENERALISE_NUMBER:
            size, multiple = before.params["size"], then.params["size"]
            return bool(multiple > size and multiple % size == 0)
        case Strategy.GENERALISE_POSTCODE:
            return bool(then.params["keep"] < before.params["keep"])
        case _:
            return address_parts(then.params) < address_parts(before.params)
