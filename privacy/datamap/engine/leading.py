"""Whether a source can find people the way it is told to, asked before a plan relies on it.

Danger: an address looked for in a date column, or a number that is to equal a date. One source refuses every statement
about it; another compares kindly and finds nobody. Rule: types that cannot be meant are told by their family, and what
is left is put to the source as a plan would put it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import literal_column
from sqlalchemy.sql.elements import ColumnElement

from privacy.datamap.engine.alike import may_equal
from privacy.datamap.engine.catalog import Catalog
from privacy.datamap.engine.comparing import is_no_comparison
from privacy.datamap.engine.errors import SourceRefused
from privacy.datamap.engine.introspect import known_datasets
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.predicates import Predicates
from privacy.datamap.engine.scoped import ScopedTable
from privacy.datamap.engine.selection import Identifier
from privacy.datamap.engine.source import Source, SourceConnection
from privacy.datamap.engine.spec import Column, DatasetSpec, Identity, Join

TIMES = frozenset({Family.DATE, Family.TIMESTAMP, Family.TIMESTAMP_TZ})
_NEVER_NAMES = TIMES | {Family.BOOLEAN}
_NO_NAME_OF_KIND: Mapping[str, frozenset[Family]] = {
    "email": _NEVER_NAMES | {Family.NUMBER, Family.UUID, Family.NETWORK},
    "phone": _NEVER_NAMES | {Family.UUID, Family.NETWORK},
}
_TRIED: Mapping[str, str] = {"email": "nobody@example.invalid", "phone": "+10"}


@dataclass(frozen=True)
class Nameless:
    """A column in which nobody can be looked for by identifiers of its kind. fitting: columns in which one could."""

    dataset: str
    identity: Identity
    column: Column
    fitting: tuple[str, ...]


@dataclass(frozen=True)
class Misled:
    """Two columns of a join that cannot be compared: of the dataset, and of the one to which it leads."""

    dataset: str
    to: str
    own: Column
    theirs: Column


def nameless(
    source: Source, datasets: Sequence[DatasetSpec], keys: Collection[str], catalog: Catalog
) -> list[Nameless]:
    """Identity columns of these datasets by which nobody is ever found. No row is read.

    Raises EngineError when the source cannot tell, or one of the datasets does not fit it.
    """
    predicates = _unscoped(source, datasets, catalog, keys)
    with source.connect() as connection:
        return [
            Nameless(key, each, predicates.dataset(key).column(each.column), _fitting(predicates.dataset(key), each))
            for key in keys
            for each in predicates.dataset(key).identities
            if not _names(connection, predicates, predicates.table(key), each)
        ]


def misled(
    source: Source, datasets: Sequence[DatasetSpec], joins: Mapping[str, Join], catalog: Catalog
) -> list[Misled]:
    """Pairs of columns of joins, by dataset, that cannot be equal. No row is read.

    Raises EngineError when the source cannot tell, or one of the datasets does not fit it.
    """
    named = {*joins, *(each.to for each in joins.values())}
    predicates = _unscoped(source, datasets, catalog, named)
    with source.connect() as connection:
        return [each for key, join in joins.items() for each in _unequal(connection, predicates, key, join)]


def can_name(column: Column, kind: str) -> bool:
    """Whether a column of this type may hold identifiers of a kind."""
    return column.family not in _NO_NAME_OF_KIND.get(kind, _NEVER_NAMES)


def _unscoped(source: Source, datasets: Sequence[DatasetSpec], catalog: Catalog, needed: Collection[str]) -> Predicates:
    """No row is read, so no scope is needed, and no stored way; one that does not fit is not what is asked here."""
    bare = [replace(each, scope=(), paths=()) for each in datasets]
    return Predicates(known_datasets(bare, catalog, needed), source.dialect, source.mask_key)


def _fitting(dataset: DatasetSpec, identity: Identity) -> tuple[str, ...]:
    return tuple(each.name for each in dataset.columns if each.family is Family.TEXT and can_name(each, identity.kind))


def _names(connection: SourceConnection, predicates: Predicates, table: ScopedTable, identity: Identity) -> bool:
    column = table.dataset.column(identity.column)
    sought = Identifier(identity.kind, _TRIED.get(identity.kind, "0"))
    return can_name(column, identity.kind) and _can_ask(connection, table, predicates.named_in(table, identity, sought))


def _unequal(connection: SourceConnection, predicates: Predicates, key: str, join: Join) -> Iterator[Misled]:
    table = predicates.table(key)
    for ours, theirs in zip(join.columns, join.to_columns, strict=True):
        own, other = table.dataset.column(ours), predicates.dataset(join.to).column(theirs)
        pair = Join((ours,), join.to, (theirs,))
        if not may_equal(own, other) or not _can_ask(connection, table, predicates.has_next(table, pair)):
            yield Misled(key, join.to, own, other)


def _can_ask(connection: SourceConnection, table: ScopedTable, condition: ColumnElement[bool]) -> bool:
    """Whether the types are no reason to refuse it; a right that is lacking is the plan's to tell."""
    try:
        connection.rows(table.select(literal_column("1"), where=[condition]).limit(0))
    except SourceRefused as error:
        return not is_no_comparison(error)
    return True
