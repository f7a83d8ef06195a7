"""Filling the data map from a catalogue that somebody wrote by hand, instead of from suggestions.

The catalogue may be any object with these attributes (structural types below): the data map knows nobody who writes
one. What it says counts as confirmed, because a person said it. Importing again brings the data map to what it says.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.db import transaction
from django.utils.text import slugify

from privacy.datamap.errors import CatalogueInvalid
from privacy.datamap.models import Action, DataCategory, Dataset, Field, Source, Strategy
from privacy.datamap.services.confirming import confirm_datasets
from privacy.datamap.services.locking import lock_sources
from privacy.ledger.actors import Actor
from privacy.ledger.services import record
from privacy.register.models import Purpose


class MaskDescription(Protocol):
    @property
    def strategy(self) -> str: ...
    @property
    def params(self) -> Mapping[str, Any]: ...
    @property
    def reason(self) -> str: ...


class ColumnDescription(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def on_erasure(self) -> Any: ...
    @property
    def on_retention(self) -> Any: ...
    @property
    def identifies(self) -> str | None: ...


class TableDescription(Protocol):
    """scope: pairs of column and value. subject_path: hops with from_columns, to_table, to_columns.

    created_column: says when a row came about; empty where none does.
    """

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def on_erasure(self) -> str: ...
    @property
    def columns(self) -> Sequence[Any]: ...
    @property
    def scope(self) -> Sequence[tuple[str, Any]]: ...
    @property
    def subject_path(self) -> Sequence[Any]: ...
    @property
    def created_column(self) -> str: ...


class Catalogue(Protocol):
    """schema: the tables' schema in the source."""

    @property
    def name(self) -> str: ...
    @property
    def schema(self) -> str: ...
    @property
    def tables(self) -> Sequence[Any]: ...


_PARAM_NAMES = {"bucket": "size"}
_DELETE_ROW = "delete_row"
_DESCRIBED = [
    "label", "category", "identifier_kind", "on_erasure", "on_retention", "mask_params", "keep_reason",
    "suggestion_reason",
]  # fmt: skip


@transaction.atomic
def import_catalogue(*, source: Source, catalogue: Catalogue, actor: Actor) -> list[Dataset]:
    """Say of every table of a catalogue what it holds and what becomes of it, and confirm it.

    Args:
        source: discovered before (`services.discover`), so that types and keys are known.
        catalogue: its `purpose` words name purposes of the register by code or title; unknown ones are an error.

    Raises:
        CatalogueInvalid: it names a table, column or purpose that does not exist, or contradicts itself.
        DatasetIncomplete: what it says of a dataset is not enough.
    """
    lock_sources([source.pk])
    known = {each.table_name: each for each in source.datasets.filter(table_schema=catalogue.schema)}
    if missing := sorted({table.name for table in catalogue.tables} - set(known)):
        raise CatalogueInvalid(f"{source.name} has no table {', '.join(missing)}: discover the source first.")
    purposes = _purposes()
    for table in catalogue.tables:
        _describe(known[table.name], table, known)
        _describe_fields(known[table.name], table, purposes)
    record(action="source.catalogue_imported", actor=actor, target=source, data={"datasets": len(catalogue.tables)})
    return confirm_datasets(datasets=[known[table.name] for table in catalogue.tables], actor=actor)


def _purposes() -> dict[str, Purpose]:
    everything = list(Purpose.objects.all())
    return {slugify(purpose.title): purpose for purpose in everything} | {each.code: each for each in everything}


def _describe(dataset: Dataset, table: TableDescription, known: Mapping[str, Dataset]) -> None:
    dataset.label = table.label
    dataset.scope = [{"column": column, "op": "=", "value": value} for column, value in table.scope]
    dataset.on_erasure = Action(table.on_erasure)
    dataset.created_column = table.created_column
    dataset.parent, dataset.link_columns, dataset.suggestion_reason = None, [], ""
    if table.subject_path:
        first = table.subject_path[0]
        if first.to_table not in known:
            raise CatalogueInvalid(f"The path of {table.name} leads to {first.to_table}, which the source has not.")
        dataset.parent = known[first.to_table]
        dataset.link_columns = [list(pair) for pair in zip(first.from_columns, first.to_columns, strict=True)]
    dataset.keep_reason = ""
    if dataset.on_erasure == Action.KEEP:
        dataset.keep_reason = _reason_to_keep(table)
    dataset.save()


def _reason_to_keep(table: TableDescription) -> str:
    """The reason most of its personal columns are kept for."""
    reasons = [column.on_erasure.reason for column in table.columns if column.category != "business"]
    reasons = reasons or [column.on_erasure.reason for column in table.columns]
    if not (given := [reason for reason in reasons if reason]):
        raise CatalogueInvalid(f"{table.name} is kept on erasure, but no column says why.")
    return str(max(given, key=given.count))


def _describe_fields(dataset: Dataset, table: TableDescription, purposes: Mapping[str, Purpose]) -> None:
    fields = {each.column: each for each in dataset.fields.all()}
    if differing := sorted({column.name for column in table.columns} ^ set(fields)):
        raise CatalogueInvalid(f"Catalogue and source differ in the columns of {table.name}: {', '.join(differing)}.")
    serves = []
    for column in table.columns:
        field = fields[column.name]
        _describe_field(field, column, where=f"{table.name}.{column.name}")
        code = slugify(column.purpose)
        if code not in purposes:
            raise CatalogueInvalid(f"The register has no purpose {column.purpose!r}: add it there first.")
        serves.append(Field.purposes.through(field_id=field.pk, purpose_id=purposes[code].pk))
    # An upsert by their ids: bulk_update's CASE for every row and column takes ten times as long to put together.
    Field.objects.bulk_create(fields.values(), update_conflicts=True, unique_fields=["id"], update_fields=_DESCRIBED)
    Field.purposes.through.objects.filter(field__dataset=dataset).delete()
    Field.purposes.through.objects.bulk_create(serves)


def _describe_field(field: Field, column: ColumnDescription, *, where: str) -> None:
    field.label = column.label
    field.category = DataCategory(column.category.replace(" ", "_"))
    field.identifier_kind = column.identifies or ""
    field.on_erasure, field.on_retention = _strategy(column.on_erasure), _strategy(column.on_retention)
    field.mask_params = _merged(column.on_erasure, column.on_retention, where)
    field.keep_reason = column.on_erasure.reason
    field.suggestion_reason = ""


def _strategy(mask: MaskDescription) -> str:
    """Deleting the row is said of the table; its columns need no mask then."""
    return Strategy.KEEP if mask.strategy == _DELETE_ROW else Strategy(mask.strategy)


def _merged(one: MaskDescription, other: MaskDescription, where: str) -> dict[str, Any]:
    params: dict[str, Any] = {}
    for mask in (one, other):
        for name, value in mask.params.items():
            known = _PARAM_NAMES.get(name, name)
            if params.setdefault(known, value) != value:
                raise CatalogueInvalid(f"{where} has two different values for {known!r}: one mask per column has one.")
    return params
