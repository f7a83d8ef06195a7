"""Reading a source's tables into the data map.

Danger: a discovery that overwrites what an officer decided. Rule: it only adds. What is known already keeps its
category, masks, links and scope; only what the source itself says of it (types, keys, estimates) is brought up to date.
A column that the source added to a confirmed dataset is kept as it is and unclassified, with the suggestion beside it:
it stops no run and no plan, and is told under Findings until somebody has classified it.
"""

import re
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy.datamap.engine.catalog import Catalog, Table
from privacy.datamap.engine.errors import EngineError
from privacy.datamap.engine.introspect import Finding, findings
from privacy.datamap.engine.spec import Column
from privacy.datamap.errors import SourceNotUsable
from privacy.datamap.models import Action, DataCategory, Dataset, Field, Source, SourceKind, Strategy
from privacy.datamap.opening import open_for_engine
from privacy.datamap.services.connecting import problem_code
from privacy.datamap.services.looking import note_good_look, reconcile_discovery
from privacy.datamap.services.own_map import map_own_tables
from privacy.datamap.services.partitions import retire_partitions
from privacy.datamap.suggestions.columns import ColumnSuggestion, suggest
from privacy.datamap.suggestions.created import suggest_created
from privacy.datamap.suggestions.links import Key, suggest_links
from privacy.datamap.suggestions.samples import shapes_in
from privacy.datamap.text_types import is_text
from privacy.ledger.actors import Actor
from privacy.ledger.services import record

Shapes = dict[str, dict[str, str]]
LONGEST_LABEL = 120
_NEXT_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass
class Findings:
    """What a discovery found. Names are `schema.table` or `schema.table.column`.

    views: those that keep no rows of their own, so that none of them is a dataset.
    """

    new_datasets: list[str] = field(default_factory=list)
    new_fields: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    views: list[str] = field(default_factory=list)


def discover(*, source: Source, actor: Actor) -> Findings:
    """Read the tables of a source and add to the data map what is not there yet, with suggestions and their reasons.

    Raises:
        SourceNotUsable: the source cannot be read now.
    """
    if source.kind == SourceKind.PORTAL:
        map_own_tables(actor=actor)
        note_good_look(source=source)
        return Findings()
    catalog, shapes = _look(source)
    with transaction.atomic():
        source = Source.objects.select_for_update().get(pk=source.pk)
        found = _bring_up_to_date(source, catalog, shapes)
        retire_partitions(source, catalog, actor=actor)
        reconcile_discovery(source, catalog)
        note_good_look(source=source)
        counts = {"datasets": len(found.new_datasets), "fields": len(found.new_fields), "vanished": len(found.vanished)}
        record(action="source.discovered", actor=actor, target=source, data=counts)
    found.problems = list(findings(catalog))
    found.views = [table.full_name for table in catalog.tables if table.kind == "view"]
    return found


def _look(source: Source) -> tuple[Catalog, Shapes]:
    known = {dataset.key: _columns(dataset) for dataset in source.datasets.prefetch_related("fields")}
    try:
        with open_for_engine(source) as engine, engine.connect() as connection:
            catalog = connection.catalog()
            new = [each for each in _usable(catalog) if not _names(each) <= known.get(each.full_name, set())]
            return catalog, {table.full_name: shapes_in(engine, connection, catalog, table) for table in new}
    except EngineError as error:
        raise SourceNotUsable(str(error), code=problem_code(error)) from None


def _columns(dataset: Dataset) -> set[str]:
    return {field.column for field in dataset.fields.all()}


def _names(table: Table) -> set[str]:
    return {column.name for column in table.columns}


def _usable(catalog: Catalog) -> list[Table]:
    """Tables with rows of their own that we can name: no views, nothing without a primary key."""
    return [table for table in catalog.tables if table.kind == "table" and table.primary_key]


def _bring_up_to_date(source: Source, catalog: Catalog, shapes: Shapes) -> Findings:
    found = Findings()
    known = {dataset.key: dataset for dataset in source.datasets.prefetch_related("fields")}
    tables = {table.full_name: table for table in _usable(catalog)}
    added: list[Dataset] = []
    for name, table in tables.items():
        if (dataset := known.get(name)) is None:
            dataset = _add_dataset(source, table, is_new=bool(known))
            added.append(dataset)
            found.new_datasets.append(name)
        if name not in known:
            dataset.created_column = _created_column(table)
        _refresh_dataset(dataset, table, catalog)
        _refresh_fields(dataset, table, shapes.get(name, {}), found, is_new=name not in known)
    gone = [name for name in known if name not in tables]
    found.vanished += gone
    for dataset in (known[name] for name in gone if known[name].vanished_at is None):
        Dataset.objects.filter(pk=dataset.pk).update(vanished_at=timezone.now())
    _suggest_links(source, added)
    return found


def _add_dataset(source: Source, table: Table, *, is_new: bool) -> Dataset:
    return Dataset(
        source=source,
        table_schema=table.schema,
        table_name=table.name,
        label=_in_plain_words(table.name),
        is_new=is_new,
    )


def _created_column(table: Table) -> str:
    found = suggest_created((column.name, column.declared_type) for column in table.columns)
    return found.column if found else ""


def _refresh_dataset(dataset: Dataset, table: Table, catalog: Catalog) -> None:
    dataset.primary_key = list(table.primary_key)
    dataset.row_estimate, dataset.vanished_at, dataset.part_of = table.estimated_rows, None, ""
    dataset.foreign_keys = [
        {"columns": list(key.columns), "to": f"{key.to_schema}.{key.to_table}", "to_columns": list(key.to_columns)}
        for key in catalog.foreign_keys
        if (key.schema, key.table) == (table.schema, table.name)
    ]
    dataset.save()


def _refresh_fields(dataset: Dataset, table: Table, shapes: dict[str, str], found: Findings, *, is_new: bool) -> None:
    known = {} if is_new else {each.column: each for each in dataset.fields.all()}
    in_keys = {*table.primary_key, *(column for key in dataset.foreign_keys for column in key["columns"])}
    added = []
    for position, column in enumerate(table.columns):
        if (existing := known.pop(column.name, None)) is not None:
            existing.position, existing.data_type, existing.nullable = position, column.declared_type, column.nullable
            existing.vanished_at = None
            existing.save(update_fields=["position", "data_type", "nullable", "vanished_at"])
            continue
        suggested = suggest(column, table, in_keys=column.name in in_keys, shape=shapes.get(column.name, ""))
        if dataset.confirmed_at is not None:
            suggested = _only_said(suggested)
        added.append(_new_field(dataset, column, position, suggested))
        if not is_new:
            found.new_fields.append(f"{dataset.key}.{column.name}")
    Field.objects.bulk_create(added)
    for gone in known.values():
        found.vanished.append(f"{dataset.key}.{gone.column}")
        if gone.vanished_at is None:
            Field.objects.filter(pk=gone.pk).update(vanished_at=timezone.now())


def _new_field(dataset: Dataset, column: Column, position: int, suggested: ColumnSuggestion) -> Field:
    return Field(
        dataset=dataset, column=column.name, position=position, data_type=column.declared_type,
        nullable=column.nullable, label=_in_plain_words(column.name), category=suggested.category,
        identifier_kind=suggested.identifier_kind, on_erasure=suggested.strategy, on_retention=suggested.strategy,
        mask_params=suggested.params, keep_reason=suggested.keep_reason, suggestion_reason=suggested.reason[:200],
    )  # fmt: skip


def _in_plain_words(name: str) -> str:
    """`cancelled_on`, `CancelledOn` and `cancelledOn` are all “Cancelled on”."""
    return _NEXT_WORD.sub(" ", name).replace("_", " ").strip().capitalize()[:LONGEST_LABEL]


def _only_said(suggested: ColumnSuggestion) -> ColumnSuggestion:
    """A suggestion for a column of a confirmed dataset in words: nothing is done that nobody has confirmed."""
    if suggested.category == DataCategory.UNCLASSIFIED:
        return suggested
    words = _("probably %(category)s (%(reason)s); suggested: %(mask)s") % {
        "category": DataCategory(suggested.category).label,
        "reason": suggested.reason,
        "mask": Strategy(suggested.strategy).label,
    }
    return ColumnSuggestion(DataCategory.UNCLASSIFIED, Strategy.KEEP, words)


def _suggest_links(source: Source, added: list[Dataset]) -> None:
    everything = {dataset.key: dataset for dataset in source.datasets.prefetch_related("fields")}
    named = {name for name, each in everything.items() if any(column.identifier_kind for column in each.fields.all())}
    keys = {name: [_key(key) for key in dataset.foreign_keys] for name, dataset in everything.items()}
    links = suggest_links(keys, named)
    for dataset in (everything[each.key] for each in added):
        link = links.get(dataset.key)
        if link is not None:
            dataset.suggestion_reason = link.reason[:200]
            if link.key is not None:
                dataset.parent = everything[link.key.to]
                dataset.link_columns = [list(pair) for pair in zip(link.key.columns, link.key.to_columns, strict=True)]
        _suggest_action(dataset, may_be_about_people=dataset.key in named or link is not None)
        dataset.save()


def _key(key: dict) -> Key:
    return Key(tuple(key["columns"]), key["to"], tuple(key["to_columns"]))


def _suggest_action(dataset: Dataset, *, may_be_about_people: bool) -> None:
    """Rows that are about nobody, or in which nothing would be masked, are suggested to be kept.

    Danger: rows whose way to the person is left to be chosen are confirmed as nobody's, or text of which nobody knows
    what it says as nothing to mask, and kept for ever. Rule: such rows are suggested to be masked, and
    `confirm_dataset` takes that only with a way, and once the text is classified.
    """
    if may_be_about_people and any(map(_may_be_masked, dataset.fields.all())):
        dataset.on_erasure = Action.MASK
        return
    dataset.on_erasure = Action.KEEP
    dataset.keep_reason = (
        _("No column of it would have to be masked.")
        if may_be_about_people
        else _("No column and no key leads to a person.")
    )


def _may_be_masked(field: Field) -> bool:
    is_unknown = field.category == DataCategory.UNCLASSIFIED
    return field.on_erasure != Strategy.KEEP or (is_unknown and is_text(field.data_type))
