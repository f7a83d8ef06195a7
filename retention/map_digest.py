"""What a rule's run goes by in the data map, as a digest.

Danger: a run that waited for days touches other rows, or masks them otherwise, than the map says by now.
Rule: the digest is part of what the run was started for, and is compared before every chunk.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from privacy.datamap.engine.spec import Path
from privacy.datamap.engine.values import json_digest
from privacy.datamap.models import Dataset, Strategy
from retention.errors import RuleInvalid
from retention.models import Rule
from retention.paths import way_to_event
from retention.rule_scope import way_along


def datasets_of_rule(rule: Rule, along: Iterable[Dataset], everything: list[Dataset]) -> list[Dataset]:
    """The datasets that a rule changes, the ways to its event, and the ways to the people whom a hold may spare.

    Args:
        everything: all datasets of the source.
    """
    by_key = {each.key: each for each in everything}
    names = {rule.dataset.key, rule.start_dataset.key, *(each.key for each in along)}
    names |= _stops(partial(_way_to_event, rule, everything))
    for each in along:
        names |= _stops(partial(way_along, each, rule, everything))
    found: dict[str, Dataset] = {}
    waiting = [by_key[name] for name in sorted(names) if name in by_key]
    while waiting:
        dataset = waiting.pop()
        if dataset.key not in found:
            found[dataset.key] = dataset
            waiting += [each for each in everything if each.pk == dataset.parent_id]
    return [found[key] for key in sorted(found)]


def map_digest(datasets: Iterable[Dataset]) -> str:
    """SHA-256 (hex) over everything in these datasets that decides which rows are meant and what happens to them."""
    return json_digest([_said(dataset) for dataset in datasets])


def _way_to_event(rule: Rule, everything: list[Dataset]) -> Path:
    return way_to_event(rule.dataset, rule.start_dataset, rule.path, everything, newest=rule.newest_counts)


def _stops(way: Callable[[], Path]) -> set[str]:
    try:
        return {hop.to for hop in way()}
    except RuleInvalid:
        return set()  # there is no way now, so whoever plans the rule is told why


def _said(dataset: Dataset) -> dict[str, Any]:
    return {
        "key": dataset.key,
        "primary_key": dataset.primary_key,
        "scope": dataset.scope,
        "parent": dataset.parent.key if dataset.parent else None,
        "link_columns": dataset.link_columns,
        "confirmed_at": dataset.confirmed_at.isoformat() if dataset.confirmed_at else None,
        "fields": [
            [each.column, each.identifier_kind, each.category, each.on_retention, each.mask_params]
            for each in dataset.fields.all()
            if each.identifier_kind or each.on_retention != Strategy.KEEP  # others decide nothing: a new column, say
        ],
        "quasi_identifiers": [[each.column, each.coarser] for each in dataset.fields.all() if each.is_quasi_identifier],
    }
