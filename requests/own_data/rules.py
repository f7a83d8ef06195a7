"""The retention rules with which every organisation starts for the portal's own tables. Officers may change them."""

from django.db import transaction

from privacy.datamap.models import Action, Dataset, Source
from privacy.datamap.services import map_own_tables
from privacy.ledger.actors import Actor
from requests.own_data.joining import join_newer_tables
from requests.own_data.minimums import add_record_minimums
from requests.own_data.templates import TEMPLATES, Template
from retention.models import Rule
from retention.services import save_rule


@transaction.atomic
def set_up_own_data(*, actor: Actor) -> Source:
    """Have the portal's own tables in the data map, the rules and minimums that are missing, and what came later.

    May be repeated.
    """
    source = map_own_tables(actor=actor)
    add_own_rules(source=source, actor=actor)
    add_record_minimums(source=source, actor=actor)
    join_newer_tables(source=source, actor=actor)
    return source


def add_own_rules(*, source: Source, actor: Actor) -> list[Rule]:
    """Add the rules that the source of the portal's own tables does not have yet, and have them followed.

    A table over which there is a rule has been thought about: it gets no second one, whatever the rule is called.
    """
    datasets = {dataset.table_name: dataset for dataset in source.datasets.all()}
    ruled = set(Rule.objects.filter(dataset__source=source).values_list("dataset__table_name", flat=True))
    return [_add(each, datasets, actor) for each in TEMPLATES if each.model._meta.db_table not in ruled]


def _add(template: Template, datasets: dict[str, Dataset], actor: Actor) -> Rule:
    dataset = datasets[template.model._meta.db_table]
    way = [(ours, datasets[to._meta.db_table], theirs) for ours, to, theirs in template.way]
    rule = Rule(
        name=str(template.name)[:150],
        dataset=dataset,
        start_event=template.start_event,
        start_dataset=way[-1][1] if way else dataset,
        start_column=template.start_column,
        path=[{"columns": ours, "to": to.key, "to_columns": theirs} for ours, to, theirs in way],
        conditions=[{"column": column, "op": op, "value": value} for column, op, value in template.where],
        amount=template.amount,
        unit=template.unit,
        action=Action.DELETE,
        legal_reason=str(template.reason)[:200],
        is_active=True,
    )
    along = [datasets[model._meta.db_table] for model in template.along]
    return save_rule(rule=rule, actor=actor, along=along)
