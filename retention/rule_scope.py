"""Which datasets a rule changes: its own, those deleted along with it, or all with the kind of data that it is about.

Danger: a rule over a category reaches tables that nobody named. Rule: only datasets that an officer confirmed, of the
same source, whose rows belong to a row of the rule's own dataset; and the list is part of what a run was started for,
so that a table confirmed meanwhile stops the run.
Danger: rows taken along with a row belong to somebody by that alone, of which the data map need not know. Rule: the
way by which they are taken along is a way to the person for whoever asks who is held.
"""

from collections.abc import Iterable
from dataclasses import replace

from privacy.datamap.engine.spec import DatasetSpec, Join, Path
from privacy.datamap.models import Dataset, Strategy
from privacy.datamap.specs import link, specs_of
from retention.models import Rule
from retention.paths import leads_to, path_between


def datasets_along(rule: Rule, everything: Iterable[Dataset], named: Iterable[Dataset] | None = None) -> list[Dataset]:
    """The datasets that a rule changes besides its own, in the order of `everything`.

    Args:
        everything: all datasets of the source, with their fields.
        named: those of which the rule says that they go along; None: as it is stored.
    """
    known = list(everything)
    if not rule.category:
        along = {each.pk for each in (rule.along.all() if named is None else named)}
        return [each for each in known if each.pk in along]
    return [
        each for each in known if each.pk != rule.dataset_id and _is_taken(each, rule) and belongs_to(each, rule, known)
    ]


def changes_itself(rule: Rule, dataset: Dataset) -> bool:
    """Whether anything is done to the rule's own dataset: one without the category only says whose data is meant."""
    return not rule.category or _is_taken(dataset, rule)


def belongs_to(dataset: Dataset, rule: Rule, everything: list[Dataset]) -> bool:
    """Whether the rows of a dataset lead to rows of the rule's own."""
    return _by_parents(dataset, rule.dataset_id, everything) is not None or leads_to(dataset, rule.dataset, everything)


def way_along(dataset: Dataset, rule: Rule, everything: list[Dataset]) -> Path:
    """The way from a dataset to the rule's own: for a category the one an officer confirmed, if it leads there.

    Raises:
        RuleInvalid: there is no such way, or several.
    """
    confirmed = _by_parents(dataset, rule.dataset_id, everything) if rule.category else None
    return confirmed if confirmed is not None else path_between(dataset, rule.dataset, (), everything)


def specs_for_rule(rule: Rule, everything: list[Dataset]) -> list[DatasetSpec]:
    """All datasets of the source for the engine; those taken along lead to the people to whom the rule's own lead.

    Raises:
        RuleInvalid: there is no way to the rule's own dataset, or several.
        InvalidSpec: as `specs_of`.
    """
    specs = {each.key: each for each in specs_of(everything)}
    own = specs[rule.dataset.key]
    for dataset in datasets_along(rule, everything):
        way = way_along(dataset, rule, everything)
        ways = [way] if own.identities else []
        ways += [(*way, *further) for further in own.paths]
        spec = specs[dataset.key]
        specs[dataset.key] = replace(spec, paths=tuple(dict.fromkeys([*spec.paths, *ways])))
    return list(specs.values())


def _is_taken(dataset: Dataset, rule: Rule) -> bool:
    if dataset.confirmed_at is None or dataset.vanished_at is not None:
        return False
    return any(each.category == rule.category and each.on_retention != Strategy.KEEP for each in dataset.fields.all())


def _by_parents(dataset: Dataset, end: int, everything: list[Dataset]) -> Path | None:
    by_id = {each.pk: each for each in everything}
    way: list[Join] = []
    seen: set[int] = set()
    while dataset.pk != end:
        parent = by_id.get(dataset.parent_id) if dataset.parent_id else None
        if parent is None or parent.pk in seen or not dataset.link_columns:
            return None
        way.append(link(dataset, parent))
        seen.add(dataset.pk)
        dataset = parent
    return tuple(way)
