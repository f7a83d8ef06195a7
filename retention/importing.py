"""Rules from a catalogue that somebody wrote by hand; the counterpart of `privacy.datamap.importing`.

A catalogue's rule has several targets, ours one dataset: each target becomes a rule (or a minimum) of its own, except
that rows which hang from deleted rows go along with them. The labels of what cannot be said with our rules are given
back, so that nobody believes it imported.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import transaction

from privacy.datamap.errors import CatalogueInvalid
from privacy.datamap.models import Action, Dataset, Source
from privacy.ledger.actors import Actor
from retention.enums import Protects, StartEvent, YearEnd
from retention.models import Minimum, Rule
from retention.services.rules import save_minimum, save_rule
from retention.trying import Trial, nobody


class RuleDescription(Protocol):
    """period: amount, unit, from_end_of_year. targets: table, action and path (hops), children first.

    event: what starts the period, a StartEvent. protects: rows or values, for a minimum.
    """

    @property
    def label(self) -> str: ...
    @property
    def basis(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def start_table(self) -> str: ...
    @property
    def start_column(self) -> str: ...
    @property
    def period(self) -> Any: ...
    @property
    def targets(self) -> Sequence[Any]: ...
    @property
    def conditions(self) -> Sequence[tuple[str, Any]]: ...
    @property
    def event(self) -> str: ...
    @property
    def protects(self) -> str | None: ...


@dataclass
class ImportedRules:
    """What became rules, and the labels of what our rules cannot say."""

    rules: list[Rule] = field(default_factory=list)
    minimums: list[Minimum] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@transaction.atomic
def import_rules(
    *,
    source: Source,
    schema: str,
    rules: Sequence[RuleDescription],
    actor: Actor,
    active: bool = False,
    tell_untried: Callable[[str], None] = nobody,
) -> ImportedRules:
    """Add the rules of a catalogue, or bring those of the same name to what it says.

    Args:
        source: with its catalogue imported before.
        schema: of the tables in the source.
        active: whether they are followed from now on.
        tell_untried: is told why the source could not be asked whether conditions fit their columns. Plans ask again.

    Raises:
        CatalogueInvalid: a rule names a table that the data map does not have, counts from what is no date, has a
            condition that does not fit its column, or is to be followed although nothing can be done under it.
    """
    trial = Trial(tell_untried)
    known = {each.table_name: each for each in source.datasets.filter(table_schema=schema)}
    done = ImportedRules()
    for rule in rules:
        if rule.kind == "minimum":
            done.minimums += [_import_minimum(rule, target, known, actor, active, trial) for target in rule.targets]
            continue
        if rule.kind != "maximum":
            done.left_out.append(rule.label)
            continue
        for target, along in own_targets(rule):
            done.rules.append(_import(rule, target, along, known, actor, active, trial))
    return done


def own_targets(rule: RuleDescription) -> list[tuple[Any, list[str]]]:
    """Each target that becomes a rule or a minimum of its own, with the tables whose rows go along with it."""
    if rule.kind == "minimum":
        return [(target, []) for target in rule.targets]
    along = _along(rule)
    taken = {table for tables in along.values() for table in tables}
    return [(target, along.get(target.table, [])) for target in rule.targets if target.table not in taken]


def _along(rule: RuleDescription) -> dict[str, list[str]]:
    """By deleted table, the deleted tables whose rows hang from it."""
    deleted = {target.table for target in rule.targets if target.action == Action.DELETE}
    found: dict[str, list[str]] = {}
    for target in rule.targets:
        if target.table in deleted and target.path and (parent := target.path[0].to_table) in deleted:
            found.setdefault(parent, []).append(target.table)
    return found


def _import(
    rule: RuleDescription,
    target: Any,
    along: list[str],
    known: dict[str, Dataset],
    actor: Actor,
    active: bool,
    trial: Trial,
) -> Rule:
    _check_tables(rule, {target.table, *along}, target, known)
    name = name_for(rule, known[target.table])
    stored = Rule.objects.filter(name=name).first() or Rule(name=name)
    fill_rule(stored, rule, target, known)
    stored.is_active = active
    taken = [known[table] for table in along]
    _check_fits(stored, trial.problems(stored, taken))
    return save_rule(rule=stored, actor=actor, along=taken)


def _import_minimum(
    rule: RuleDescription, target: Any, known: dict[str, Dataset], actor: Actor, active: bool, trial: Trial
) -> Minimum:
    _check_tables(rule, {target.table}, target, known)
    name = name_for(rule, known[target.table])
    stored = Minimum.objects.filter(name=name).first() or Minimum(name=name)
    fill_minimum(stored, rule, target, known)
    stored.is_active = active
    _check_fits(stored, trial.problems(stored))
    return save_minimum(minimum=stored, actor=actor)


def fill_rule(stored: Rule, rule: RuleDescription, target: Any, known: dict[str, Dataset]) -> None:
    """Have a rule say what the description says of one target. Name, what goes along and whether it is on stay.

    Args:
        known: the datasets by the names of their tables, with every table that the rule names.
    """
    _count_from(stored, rule, target, known)
    stored.action, stored.legal_reason = target.action, rule.basis[:200]


def fill_minimum(stored: Minimum, rule: RuleDescription, target: Any, known: dict[str, Dataset]) -> None:
    """The same for a statutory minimum."""
    _count_from(stored, rule, target, known)
    stored.legal_reason, stored.citation = rule.label[:200], rule.basis[:200]
    stored.protects = rule.protects or Protects.VALUES


def _check_tables(rule: RuleDescription, tables: set[str], target: Any, known: dict[str, Dataset]) -> None:
    named = {rule.start_table, *tables, *(hop.to_table for hop in target.path)}
    if missing := sorted(named - set(known)):
        raise CatalogueInvalid(f"The rule “{rule.label}” names {', '.join(missing)}, which the data map does not have.")


def _check_fits(stored: Rule | Minimum, problems: list[str]) -> None:
    if problems:
        raise CatalogueInvalid(f"The rule “{stored.name}” does not fit its source: {' '.join(problems)}")


def name_for(rule: RuleDescription, dataset: Dataset) -> str:
    """What the rule over one target is called."""
    return f"{rule.label}: {dataset.label}"[:150]


def _count_from(stored: Rule | Minimum, rule: RuleDescription, target: Any, known: dict[str, Dataset]) -> None:
    stored.dataset, stored.start_dataset, stored.start_column = (
        known[target.table], known[rule.start_table], rule.start_column,
    )  # fmt: skip
    stored.start_event = StartEvent(rule.event)
    stored.conditions = [{"column": column, "op": "=", "value": value} for column, value in rule.conditions]
    stored.path = [
        {"columns": list(hop.from_columns), "to": known[hop.to_table].key, "to_columns": list(hop.to_columns)}
        for hop in target.path
    ]
    stored.amount, stored.unit = rule.period.amount, rule.period.unit
    stored.year_end = YearEnd.DECEMBER if rule.period.from_end_of_year else None
