"""Tables that the portal has learned of since a rule over its own tables was made: they go along with it.

Danger: a later version of the portal keeps something in a new table that hangs from rows of a rule, and organisations
that were made before keep it for ever, or their rule fails on the key between the two.
Rule: such a table joins the rule in every organisation, by a new version of it, whose first run waits for a second
officer like any other. Officers may take a table out again: one that ever went along does not join by itself.
"""

from privacy.datamap.models import Action, Dataset, Source
from privacy.ledger.actors import Actor
from requests.own_data.templates import TEMPLATES
from retention.models import Rule
from retention.services import save_rule


def join_newer_tables(*, source: Source, actor: Actor) -> list[Rule]:
    """Have the tables of the templates go along with the rules that never knew them. May be repeated.

    Returns:
        The rules that were changed.
    """
    datasets = {dataset.table_name: dataset for dataset in source.datasets.all()}
    wanted = {each.model._meta.db_table: [datasets[model._meta.db_table] for model in each.along] for each in TEMPLATES}
    rules = Rule.objects.filter(dataset__source=source, dataset__table_name__in=wanted, action=Action.DELETE)
    changed = []
    for rule in rules.select_related("dataset").prefetch_related("along", "versions").order_by("pk"):
        if newer := [each for each in wanted[rule.dataset.table_name] if each.key not in _ever_along(rule)]:
            along: list[Dataset] = [*rule.along.all(), *newer]
            changed.append(save_rule(rule=rule, actor=actor, along=along))
    return changed


def _ever_along(rule: Rule) -> set[str]:
    """The tables that go along, or did by a version of before."""
    now = {each.key for each in rule.along.all()}
    return now.union(*(version.definition.get("along", ()) for version in rule.versions.all()))
