"""What stored decisions leave out of a copy, and spare from an erasure.

Danger: a column that nobody has decided on goes out, because it was moved, or came, after the decision.
Rule: whatever no line speaks of stops the work, as soon as a row of it is met; the case is then decided anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from privacy.datamap.asking import databases
from privacy.datamap.models import Action, DataCategory, Dataset, Field, Strategy
from privacy.datamap.specs import datasets_of
from requests.deciding.found import FoundTable, lines_of_plan, place_of, rows_of_plan
from requests.enums import LEFT_OUT_WHOLE, Verdict
from requests.models import CategoryDecision, SubjectRequest


@dataclass(frozen=True)
class Cut:
    """The lines of a decision. Without any that leaves something out, everything is given."""

    lines: tuple[CategoryDecision, ...]

    def __bool__(self) -> bool:
        return any(line.decision != Verdict.GRANT for line in self.lines)

    @property
    def not_asked(self) -> frozenset[int]:
        """Sources that are no database in which nobody is asked."""
        return frozenset(line.source_id for line in self.lines if not line.category and line.decision in LEFT_OUT_WHOLE)

    def line_of(self, source_id: int, dataset_key: str, category: str) -> CategoryDecision | None:
        """The line that speaks of a category in a table: of this table if there is one, else of all."""
        of_category = [line for line in self.lines if line.category == category]
        for line in of_category:
            if (line.source_id, line.dataset_key) == (source_id, dataset_key):
                return line
        return next((line for line in of_category if not line.dataset_key), None)

    def leaves_out(self, dataset: Dataset, field: Field) -> bool:
        """Whether a column was refused, or was not asked for."""
        line = (
            self.line_of(dataset.source_id, dataset.key, field.category)
            if self and field.category != DataCategory.KEY
            else None
        )
        if line is None or line.decision == Verdict.GRANT:
            return False
        place = place_of(dataset.source_id, dataset.key)
        return line.decision in LEFT_OUT_WHOLE or field.column in line.left_out.get(place, ())

    def says_nothing_of(self, dataset: Dataset, field: Field) -> bool:
        """Whether nobody has decided on a column. A partial grant is about the columns that were seen alone."""
        if not self or field.category == DataCategory.KEY:
            return False
        line = self.line_of(dataset.source_id, dataset.key, field.category)
        if line is None or line.decision != Verdict.PARTIAL:
            return line is None
        return field.column not in line.seen.get(place_of(dataset.source_id, dataset.key), ())


def cut_of(case: SubjectRequest) -> Cut:
    """What was decided about a case; nothing while it is not decided."""
    if case.decided_at is None:
        return Cut(())
    return Cut(tuple(CategoryDecision.objects.filter(case=case)))


def rows_given(cut: Cut, plan: Mapping[str, Any], *, kind: str) -> int:
    """How many rows of databases go into a copy, as the plan counted them; of some only a part does."""
    if not cut:
        return rows_of_plan(plan)
    tables = [(line.category, table) for line in lines_of_plan(plan, kind=kind) for table in line.tables]
    given = {table.place: table.rows for category, table in tables if _is_given_of(cut, category, table)}
    return sum(given.values())


def _is_given_of(cut: Cut, category: str, table: FoundTable) -> bool:
    line = cut.line_of(table.source_id, table.dataset_key, category)
    if line is None or line.decision in LEFT_OUT_WHOLE:
        return False
    left_out = line.left_out.get(table.place, ()) if line.decision == Verdict.PARTIAL else ()
    return any(column not in left_out for column, _label in table.columns)


def spared_columns(cut: Cut) -> dict[int, dict[str, dict[str, str]]]:
    """What an erasure leaves as it is, by source and table: columns with the code of the ground."""
    if not cut:
        return {}
    return {source.pk: _spared_of_source(cut, datasets_of(source)) for source in databases()}


def _spared_of_source(cut: Cut, datasets: Iterable[Dataset]) -> dict[str, dict[str, str]]:
    found = {}
    for dataset in datasets:
        columns = [field for field in dataset.fields.all() if _would_change(dataset, field)]
        spared = [field for field in columns if cut.leaves_out(dataset, field)]
        found[dataset.key] = {field.column: _ground(cut, dataset, field) for field in spared}
    return {key: columns for key, columns in found.items() if columns}


def _ground(cut: Cut, dataset: Dataset, field: Field) -> str:
    line = cut.line_of(dataset.source_id, dataset.key, field.category)
    return line.ground if line is not None else ""


def _would_change(dataset: Dataset, field: Field) -> bool:
    if dataset.on_erasure == Action.DELETE:
        return True
    return dataset.on_erasure == Action.MASK and field.on_erasure != Strategy.KEEP


def covers(cut: Cut, plan: Mapping[str, Any], *, kind: str) -> bool:
    """Whether everything that a narrowed plan would change was granted."""
    lines = lines_of_plan(plan, kind=kind)
    granted = {line.source_id for line in cut.lines if not line.category and line.decision == Verdict.GRANT}
    asked = {line.source_id for line in lines if not line.category}
    if not asked <= granted:
        return False
    return all(_is_granted(cut, line.category, table) for line in lines for table in line.tables)


def _is_granted(cut: Cut, category: str, table: FoundTable) -> bool:
    line = cut.line_of(table.source_id, table.dataset_key, category)
    if line is None or line.decision != Verdict.PARTIAL:
        return line is not None and line.decision == Verdict.GRANT
    given = set(line.seen.get(table.place, ())) - set(line.left_out.get(table.place, ()))
    return {column for column, _label in table.columns} <= given
