"""What the data map says of the portal's own tables: read from the models, so that nobody has to write it down twice.

Categories come from each app's `personal_data`, keys from its relations. Higher rooms say which apps' tables belong to
the map, and name the ways that are no foreign keys (a letter knows its case by id only).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import ForeignKey, Model
from django.utils.functional import Promise

from privacy.datamap.models import DataCategory, Dataset, SourceKind
from privacy.register.own_data import own_data
from privacy.subjects.models import Subject
from privacy.tenants.db import connection

OWN_KIND = "subject"
"""The kind of identifier of the column that is the person's own number here; nobody outside knows it."""

Way = tuple[type[Model], str, type[Model]]
"""A model, its column that holds the other's primary key without a foreign key, and the other model."""

_apps: set[str] = set()
_ways: set[Way] = set()
_labels: dict[type[Model], str | Promise] = {}
_SESSIONS = {"session_key": "key", "session_data": "technical", "expire_date": None}


@dataclass(frozen=True)
class OwnColumn:
    name: str
    label: str
    data_type: str
    nullable: bool
    category: str
    identifies: str = ""


@dataclass(frozen=True)
class OwnTable:
    """parent: name of the table by which the person is reached, through `link` (own column, its column)."""

    name: str
    label: str
    primary_key: str
    columns: list[OwnColumn]
    keys: list[dict[str, Any]] = field(default_factory=list)
    parent: str = ""
    link: tuple[str, str] | None = None


def register_own_tables(
    *, app_labels: Iterable[str], ways: Iterable[Way] = (), labels: Mapping[type[Model], str | Promise] | None = None
) -> None:
    """Have the tables of some apps, and ways between tables that are no foreign keys, in the data map.

    Args:
        labels: what officers call tables that are called by a name of code otherwise.
    """
    _apps.update(app_labels)
    _ways.update(ways)
    _labels.update(labels or {})


def own_tables() -> list[OwnTable]:
    """Every registered table, and the sessions, as the models have them now."""
    declared: dict[type[Model], Mapping[str, str | None]] = {Session: _SESSIONS}
    declared |= {model: fields for model, fields in own_data().items() if model._meta.app_label in _apps}
    relations = {model: list(_relations(model, declared)) for model in declared}
    parents = _parents(relations)
    return [
        OwnTable(
            name=model._meta.db_table,
            label=str(_labels.get(model) or model._meta.verbose_name_plural).capitalize(),
            primary_key=_primary(model).column,
            columns=[_column(model, each, fields) for each in model._meta.concrete_fields],
            keys=[{"columns": [name], "to": to._meta.db_table, "to_columns": [theirs]}
                  for name, to, theirs in relations[model]],
            parent=parents[model][0]._meta.db_table if model in parents else "",
            link=parents[model][1] if model in parents else None,
        )
        for model, fields in declared.items()
    ]  # fmt: skip


def is_kept_while_referred_to(dataset: Dataset) -> bool:
    """Whether rules leave rows of a dataset alone as long as any row of any table refers to them.

    So it is with people: what refers to them goes by rules of its own, and they go when nothing does any more.
    """
    return dataset.source.kind == SourceKind.PORTAL and dataset.table_name == Subject._meta.db_table


def _relations(model: type[Model], declared: Iterable[type[Model]]) -> Iterable[tuple[str, type[Model], str]]:
    """(own column, the other model, its primary key), foreign keys before other ways."""
    for each in model._meta.concrete_fields:
        if isinstance(each, ForeignKey) and each.related_model in declared:
            yield each.column, each.related_model, _primary(each.related_model).column
    for one, name, other in sorted(_ways, key=lambda way: (way[0]._meta.db_table, way[1])):
        if one is model:
            yield name, other, _primary(other).column


def _parents(
    relations: Mapping[type[Model], list[tuple[str, type[Model], str]]],
) -> dict[type[Model], tuple[type[Model], tuple[str, str]]]:
    """By model, where its shortest way to the person goes first, and by which columns."""
    found: dict[type[Model], tuple[type[Model], tuple[str, str]]] = {}
    reached: set[type[Model]] = {Subject}
    while True:
        nearer: dict[type[Model], tuple[type[Model], tuple[str, str]]] = {}
        for model in relations.keys() - reached:
            for ours, other, theirs in relations[model]:
                if other in reached:
                    nearer.setdefault(model, (other, (ours, theirs)))
        if not nearer:
            return found
        found |= nearer
        reached |= nearer.keys()


def _column(model: type[Model], column: Any, fields: Mapping[str, str | None]) -> OwnColumn:
    category = fields.get(column.name)
    if category is None:
        is_key = column.primary_key or isinstance(column, ForeignKey)
        category = DataCategory.KEY if is_key else DataCategory.BUSINESS
    return OwnColumn(
        name=column.column,
        label=str(column.verbose_name).capitalize()[:120],
        data_type=column.db_type(connection) or "",
        nullable=column.null,
        category=DataCategory(category),
        identifies=OWN_KIND if model is Subject and column.primary_key else "",
    )


def _primary(model: type[Model]) -> Any:
    key = model._meta.pk
    assert key is not None
    return key
