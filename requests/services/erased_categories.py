"""Which kinds of data an erasure really took away: what recipients are told of, and nothing else (GDPR art. 19).

Danger: a recipient destroys what we decided to keep, because our notice speaks of everything that was asked for.
Rule: a kind of data counts as erased where a run changed or deleted a row of it. Where a part of it was refused to this
person, or not asked for, the notice says that it is about a part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from privacy.datamap.models import Action, Dataset, Strategy
from privacy.errands.models import Errand, ErrandState, ErrandWork
from privacy.register.categories import DISCLOSABLE
from requests.deciding.cut import cut_of
from requests.enums import Verdict
from requests.models import SubjectRequest
from retention.models import Run, RunStep


@dataclass(frozen=True)
class Erased:
    """Codes of kinds of data. in_part: those of them of which something was left by decision."""

    categories: frozenset[str]
    in_part: frozenset[str] = frozenset()


def erased_categories(case: SubjectRequest) -> Erased:
    """What the runs of a case erased, also those of an earlier plan, and what was deleted where no database is."""
    runs = list(Run.objects.filter(case_id=case.pk).prefetch_related("steps"))
    kinds = _kinds_by_table(runs)
    erased = {code for run in runs for step in run.steps.all() if _acted(step) for code in _changed(run, step, kinds)}
    if Errand.objects.filter(case_id=case.pk, work=ErrandWork.ERASURE, state=ErrandState.DONE).exists():
        erased |= _every_kind() - (_found(runs, kinds) - erased)
    parted = {line.category for line in cut_of(case).lines if line.decision != Verdict.GRANT}
    return Erased(frozenset(erased), frozenset(erased & parted))


Kinds = Mapping[tuple[int, str], Mapping[str, str]]
"""By source and table, the kind of data of each column."""


def _kinds_by_table(runs: Iterable[Run]) -> Kinds:
    datasets = Dataset.objects.filter(source__in={run.source_id for run in runs}).prefetch_related("fields")
    return {(each.source_id, each.key): {one.column: one.category for one in each.fields.all()} for each in datasets}


def _acted(step: RunStep) -> bool:
    return step.rows > 0 and step.action != Action.KEEP


def _changed(run: Run, step: RunStep, kinds: Kinds) -> set[str]:
    """The kinds of data of the columns that a step emptied or replaced; of deleted rows, all of them."""
    by_column = kinds.get((run.source_id, step.table), {})
    if step.action == Action.DELETE:
        return set(by_column.values())
    planned = [each for each in run.plan["engine"]["steps"] if each["dataset"] == step.table]
    masked = {mask["column"] for each in planned for mask in each["masks"] if mask["strategy"] != Strategy.KEEP}
    return {code for column, code in by_column.items() if column in masked}


def _every_kind() -> set[str]:
    """Nobody has mapped what lies in a place that is no database."""
    return {each.value for each in DISCLOSABLE}


def _found(runs: Iterable[Run], kinds: Kinds) -> set[str]:
    """The kinds of data of every table in which something of the person was found, whatever became of it."""
    steps = [(run, step) for run in runs for step in run.steps.all()]
    tables = {(run.source_id, step.table) for run, step in steps if _found_something(step)}
    return {code for table in tables for code in kinds.get(table, {}).values()}


def _found_something(step: RunStep) -> bool:
    return bool(step.expected or step.held or step.protected or step.newer)
