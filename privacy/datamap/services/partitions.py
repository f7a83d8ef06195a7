"""Partitions that a data map from before lists as tables of their own: their rows belong to the partitioned table.

Danger: what an officer decided about a partition goes before anybody decided about the whole, and an erasure passes
over the rows. Rule: a partition leaves the data map by itself only once the whole is confirmed and nothing names the
partition any more; until then it is told, and erasures in the source stop as for any table that is missing.
"""

from django.db.models import ManyToOneRel

from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.models import Dataset, Field, Finding, Source
from privacy.ledger.actors import Actor
from privacy.ledger.services import record

_GOES_ALONG = (Field, Finding)


def retire_partitions(source: Source, catalog: Catalog, *, actor: Actor) -> None:
    """Take partitions out of the data map, or note of what they are a part. In the caller's transaction."""
    whole_of = dict(catalog.partitions)
    datasets = {each.key: each for each in source.datasets.all()}
    for key, dataset in datasets.items():
        if dataset.vanished_at is None:
            continue
        whole = datasets.get(whole_of.get(key, ""))
        if whole is not None and whole.confirmed_at is not None and not _is_named(dataset):
            forget(dataset, actor=actor)
        else:
            Dataset.objects.filter(pk=dataset.pk).update(part_of=whole.key if whole is not None else "")


def forget(dataset: Dataset, *, actor: Actor) -> None:
    """Take a table out of the data map.

    Raises:
        ProtectedError: something names it that must not lose it.
    """
    record(action="dataset.forgotten", actor=actor, target=dataset, data={"table": dataset.key})
    dataset.delete()


def _is_named(dataset: Dataset) -> bool:
    """Whether any row of any table refers to it, besides what is only about it."""
    relations = (each for each in Dataset._meta.get_fields(include_hidden=True) if isinstance(each, ManyToOneRel))
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: dataset}).exists()
        for relation in relations
        if relation.related_model not in _GOES_ALONG
    )
