"""Rows that came about after a request was received: they are not what it is about, so its erasure leaves them.

Danger: somebody asks to be erased and orders again before it is carried out; the new order, which they want and for
which there is another reason, is lost with the rest.
Rule: of every table with a date of coming about, rows from after the day of receipt are left out inside the statements,
whenever they come. A row without a date is not known to be newer and is touched; so is every row of a table that has no
such date and hangs from none that has one. The plan names the day with each protection, so its hash covers it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privacy.datamap.cutoffs import Cutoff, cutoff_at, holds_date
from privacy.datamap.engine.plan import Action as EngineAction
from privacy.datamap.engine.plan import Plan, Step
from privacy.datamap.engine.selection import OlderThan, Protection
from privacy.datamap.engine.spec import Path
from privacy.datamap.errors import DatamapIncomplete
from privacy.datamap.models import Dataset
from privacy.datamap.specs import link

ONE_DAY = dt.timedelta(days=1)
_AFTER = "after_request"


def newer_rows(datasets: Iterable[Dataset], received_on: dt.date | None) -> dict[str, Protection]:
    """What keeps the rows of each dataset that came about after the day on which a request was received.

    Args:
        datasets: all of a source. A row of one without a date came about no earlier than the row from which it hangs.
        received_on: where the organisation is; None protects nothing.

    Returns:
        Nothing for datasets of which nobody knows when a row came about.

    Raises:
        DatamapIncomplete: a dataset names a column for it that holds no date, or that is not there any more.
    """
    if received_on is None:
        return {}
    by_id, cutoff = {each.pk: each for each in datasets}, cutoff_at(received_on + ONE_DAY)
    found = {each.key: _newer(each, by_id, cutoff, received_on) for each in by_id.values()}
    return {key: protection for key, protection in found.items() if protection is not None}


def tells_newer(plan: Plan, expected: Mapping[str, Protection]) -> bool:
    """Whether a plan leaves newer rows exactly as it would if it were made now.

    Args:
        expected: what `newer_rows` says of the datasets and of the day of the plan.
    """
    planned = {each.name for step in plan.steps if step.action is not EngineAction.KEEP for each in step.newer}
    changing = {step.dataset for step in plan.steps if step.action is not EngineAction.KEEP}
    return planned == {each.name for dataset, each in expected.items() if dataset in changing}


def days_named(shown: Mapping[str, Any]) -> set[dt.date]:
    """The days that the protections of a plan name, as runs keep it: without keys of rows (`Plan.public_data`)."""
    names = {each["name"] for step in shown["steps"] for each in step.get("unless", ()) if each.get("newer")}
    return {dt.date.fromisoformat(name.split(":", 2)[1]) for name in names}


def only_through_erased(plan: Plan) -> frozenset[str]:
    """Datasets whose newer rows name nobody by themselves, and hang only from rows that a plan makes nameless.

    They are left, and nothing finds them afterwards by what the person is known by.
    """
    steps = {step.dataset: step for step in plan.steps}
    return frozenset(step.dataset for step in plan.steps if step.newer and _hangs_from_erased(plan, step, steps))


def lost_words(n: int) -> str:
    """What an officer has to know of newer rows that nothing finds after an erasure, and what to do; "" of none."""
    words = ngettext(
        "%(n)d newer row of this table is reached only through rows that are erased here: nothing finds it by this"
        " person’s name afterwards. Note its key, have it looked at by hand, or give this table a column of its own"
        " that names the person (under “Datasets”).",
        "%(n)d newer rows of this table are reached only through rows that are erased here: nothing finds them by this"
        " person’s name afterwards. Note their keys, have them looked at by hand, or give this table a column of its"
        " own that names the person (under “Datasets”).",
        n,
    )
    return words % {"n": n} if n else ""


def has_date(dataset: Dataset, datasets: Iterable[Dataset]) -> bool:
    """Whether it can be told when a row came about."""
    return _way(dataset, {each.pk: each for each in datasets}) is not None


def _hangs_from_erased(plan: Plan, step: Step, steps: Mapping[str, Step]) -> bool:
    dataset = plan.dataset(step.dataset)
    if dataset.identities:
        return False
    ends = {path[-1].to for path in dataset.paths}
    as_new = {join.to for each in step.newer for join in each.since.path}  # as new as the rows themselves, so left
    return bool(ends) and not any(end in as_new or _stays_named(plan, end, step.dataset, steps) for end in ends)


def _stays_named(plan: Plan, dataset: str, below: str, steps: Mapping[str, Step]) -> bool:
    """Whether rows of a dataset still name the person when a plan is carried out, as far as others lead to them."""
    step = steps.get(dataset)
    if step is None or step.action is EngineAction.KEEP or not step.expected_count:
        return True
    if step.action is EngineAction.DELETE:  # what a newer row needs is left with it
        return any(join.to == below for each in step.newer for join in each.since.path)
    masked = {mask.column for mask in step.effective_masks}
    return not {each.column for each in plan.dataset(dataset).identities} <= masked


def _newer(dataset: Dataset, by_id: Mapping[int, Dataset], cutoff: Cutoff, received_on: dt.date) -> Protection | None:
    found = _way(dataset, by_id)
    if found is None:
        return None
    dated, path = found
    since = OlderThan(dated.created_column, cutoff.for_column(_type_of(dated)), path)
    name = f"{_AFTER}:{received_on.isoformat()}:{dataset.key}:{dated.key}.{dated.created_column}"
    return Protection(name, since, newer=True)


def _way(dataset: Dataset, by_id: Mapping[int, Dataset]) -> tuple[Dataset, Path] | None:
    """The dataset with the date, its own or the nearest on its way to the person, and the way there."""
    path: Path = ()
    seen: set[int] = set()
    while not dataset.created_column:
        seen.add(dataset.pk)
        parent = by_id.get(dataset.parent_id) if dataset.parent_id else None
        if parent is None or parent.pk in seen or not dataset.link_columns:
            return None
        dataset, path = parent, (*path, link(dataset, parent))
    return dataset, path


def _type_of(dataset: Dataset) -> str:
    here = (each for each in dataset.fields.all() if each.vanished_at is None)
    column = next((each for each in here if each.column == dataset.created_column), None)
    if column is None or not holds_date(column.data_type):
        words = _("%(table)s: “%(column)s” does not say when a row came about; choose another column.")
        raise DatamapIncomplete(
            words % {"table": dataset.key, "column": dataset.created_column}, datasets=[dataset.key]
        )
    return column.data_type
