"""A few rows as a masking step would leave them, for an officer who looks before it runs.

Danger: a preview that shows people's data to somebody who only wanted to see a rule.
Rule: of what a column holds now only its length leaves the source; of what it will hold, what the mask makes of it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, func
from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.counting import predicates_of
from privacy.datamap.engine.plan import Action, Plan, Step
from privacy.datamap.engine.selection import Held
from privacy.datamap.engine.source import Source


@dataclass(frozen=True)
class SampleValue:
    """One column of one row. length: characters it holds now, None when it is empty. after: its masked value."""

    column: str
    length: int | None
    after: str | None


def masked_sample(source: Source, plan: Plan, step: Step, held: Held, *, rows: int = 3) -> list[list[SampleValue]]:
    """The first rows in key order that the step would mask now; none for a step that does not mask.

    Raises EngineError when the source cannot be read.
    """
    if step.action is not Action.MASK:
        return []
    predicates = predicates_of(plan, source)
    table = predicates.table(step.dataset)
    masks = step.effective_masks
    values = predicates.masked_values(table, masks)
    what: list[ColumnElement[Any]] = []
    for mask in masks:
        what.append(func.char_length(cast(table.element(mask.column), Text)).label(f"length_{len(what)}"))
        what.append(cast(values[mask.column], Text).label(f"after_{len(what)}"))
    statement = table.select(*what, where=[predicates.matching(table, step, held)]).order_by(*table.key).limit(rows)
    with source.connect() as connection:
        found = connection.rows(statement)
    return [
        [SampleValue(mask.column, row[2 * place], row[2 * place + 1]) for place, mask in enumerate(masks)]
        for row in found
    ]
