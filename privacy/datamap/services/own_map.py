"""The portal's own tables as a source of the organisation, and its part of the data map.

Nobody confirms it: it is read from the code that makes the tables, again after each change of them.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.models import Action, Dataset, Field, Source, SourceKind, Strategy
from privacy.datamap.own_tables import OwnTable, own_tables
from privacy.datamap.services.looking import reconcile_map
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.tenants.context import current_organisation
from privacy.tenants.db import connection

_FROM_THE_MODEL = ("position", "data_type", "confirmed_type", "nullable", "label", "category", "identifier_kind")


@transaction.atomic
def map_own_tables(*, actor: Actor) -> Source:
    """Make the source of the portal's own tables if it is missing, and bring its data map up to date.

    Tables are deleted from by retention rules only, so erasures leave them alone, each for the reason it gives.
    """
    _wait_for_others()
    source, is_new = _source()
    schema, tables = current_organisation().schema_name, own_tables()
    datasets = {table.name: _describe(source, schema, table) for table in tables}
    for table in tables:
        _link(datasets, table, schema)
        _describe_columns(datasets[table.name], table)
    gone = source.datasets.exclude(pk__in=[each.pk for each in datasets.values()])
    gone.filter(vanished_at__isnull=True).update(vanished_at=timezone.now())
    if is_new:
        record(action="source.connected", actor=actor, target=source, data={"tables": len(tables)})
    reconcile_map(source)
    return source


def _wait_for_others() -> None:
    """Two jobs at once would each find no source and make one: there is no row yet that the second could wait for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext('datamap.own_map'))")


def _source() -> tuple[Source, bool]:
    """There is one for each organisation, whatever officers call it."""
    known = Source.objects.select_for_update().filter(kind=SourceKind.PORTAL).order_by("pk").first()
    if known is not None:
        return known, False
    name = _("This portal")
    while Source.objects.filter(name=name).exists():  # somebody has called another source so
        name = f"{name} *"
    return Source.objects.create(name=name, kind=SourceKind.PORTAL, last_seen_at=timezone.now()), True


def _describe(source: Source, schema: str, table: OwnTable) -> Dataset:
    given = {
        "label": table.label[:120],
        "primary_key": [table.primary_key],
        "scope": [],
        "on_erasure": Action.KEEP,
        "keep_reason": _("Shows how your request was handled; deleted when its own period is over."),
        "is_new": False,
        "vanished_at": None,
    }
    dataset, _new = Dataset.objects.update_or_create(
        source=source, table_schema=schema, table_name=table.name, defaults=given,
        create_defaults=given | {"confirmed_at": timezone.now()},
    )  # fmt: skip
    return dataset


def _link(datasets: dict[str, Dataset], table: OwnTable, schema: str) -> None:
    dataset = datasets[table.name]
    dataset.foreign_keys = [key | {"to": f"{schema}.{key['to']}"} for key in table.keys]
    dataset.parent = datasets.get(table.parent)
    dataset.link_columns = [list(table.link)] if table.link else []
    dataset.save(update_fields=["foreign_keys", "parent", "link_columns"])


def _describe_columns(dataset: Dataset, table: OwnTable) -> None:
    columns = [
        Field(
            dataset=dataset, column=each.name, position=position, data_type=each.data_type,
            confirmed_type=each.data_type, nullable=each.nullable, label=each.label, category=each.category,
            identifier_kind=each.identifies, on_erasure=Strategy.KEEP, on_retention=Strategy.KEEP,
        )
        for position, each in enumerate(table.columns)
    ]  # fmt: skip
    Field.objects.bulk_create(
        columns, update_conflicts=True, unique_fields=["dataset", "column"], update_fields=_FROM_THE_MODEL
    )
    dataset.fields.exclude(column__in=[each.name for each in table.columns]).delete()
