"""Which tables and columns a described rule needs to be in the data map."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from retention.ready_made.described import RetentionRule, Target


def needs(rule: RetentionRule, target: Target, along: Sequence[str]) -> dict[str, set[str]]:
    """The tables that a rule over one target names, each with the columns it names of it."""
    needed: dict[str, set[str]] = {table: set() for table in (target.table, *along)}
    needed.setdefault(rule.start_table, set()).update({rule.start_column, *(column for column, _v in rule.conditions)})
    here = target.table
    for hop in target.path:
        needed[here].update(hop.from_columns)
        needed.setdefault(hop.to_table, set()).update(hop.to_columns)
        here = hop.to_table
    return needed


def together(needed: Iterable[Mapping[str, set[str]]]) -> dict[str, set[str]]:
    """What several rules need, as one."""
    found: dict[str, set[str]] = defaultdict(set)
    for each in needed:
        for table, columns in each.items():
            found[table] |= columns
    return found
