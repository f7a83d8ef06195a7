"""The only door through which the engine speaks about a table.

Danger: a table shared by many customers, and one statement that forgets whose rows it may touch. Rule: every SELECT,
UPDATE, DELETE and EXISTS is made by a method of ScopedTable, and each of them adds the scope itself; sqlalchemy's
own select, update and delete are imported nowhere else in the engine (a test keeps it so).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Delete,
    Select,
    Update,
    and_,
    case,
    column,
    delete,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.sql.elements import ColumnElement, quoted_name
from sqlalchemy.sql.selectable import FromClause, Subquery

from privacy.datamap.engine.dialects.base import Dialect, SqlType
from privacy.datamap.engine.selection import Referrer
from privacy.datamap.engine.spec import Column, Condition, DatasetSpec, Operator


def _from_clause(schema: str, name: str, columns: Mapping[str, str], alias: str | None) -> FromClause:
    parts = [column(quoted_name(each, True), SqlType(kind) if kind else None) for each, kind in columns.items()]
    clause: FromClause = table(quoted_name(name, True), *parts, schema=quoted_name(schema, True))
    return clause.alias(alias) if alias else clause


def select_from(found: Subquery, *what: ColumnElement[Any]) -> Select[Any]:
    """Sums over rows that a ScopedTable has selected."""
    return select(*what).select_from(found)


def side_by_side(numbers: Sequence[Select[tuple[int]]]) -> Select[Any]:
    """Several counts as the columns of one row: one statement, and one moment for all of them."""
    return select(*(each.scalar_subquery() for each in numbers))


class ScopedTable:
    """A dataset's table inside one statement. alias: for tables reached from another one."""

    def __init__(self, dataset: DatasetSpec, dialect: Dialect, *, alias: str | None = None) -> None:
        self.dataset = dataset
        self._dialect = dialect
        self._clause = _from_clause(
            dataset.schema, dataset.table, {each.name: each.type for each in dataset.columns}, alias
        )
        self._scope = tuple(self.meets(condition) for condition in dataset.scope)

    def element(self, name: str) -> ColumnElement[Any]:
        """The column in SQL. Raises InvalidSpec when the table has none of that name."""
        return self._clause.c[self.dataset.column(name).name]

    @property
    def key(self) -> tuple[ColumnElement[Any], ...]:
        return tuple(self.element(name) for name in self.dataset.primary_key)

    @property
    def key_columns(self) -> tuple[Column, ...]:
        return tuple(self.dataset.column(name) for name in self.dataset.primary_key)

    def referring(self, name: str, to: Column) -> tuple[ColumnElement[Any], ...]:
        """A column in the forms in which it is compared with the column to which it refers."""
        return self._dialect.referring(self.element(name), self.dataset.column(name), to)

    def is_referred_to_from(self, name: str, table: "ScopedTable", theirs: str) -> list[ColumnElement[bool]]:
        """Whether a column of ours is equal to one of another table that refers to it."""
        own, other = self.dataset.column(name), table.dataset.column(theirs)
        return self._dialect.meets(self.element(name), own, table.element(theirs), other)

    def meets(self, condition: Condition) -> ColumnElement[bool]:
        """A fixed condition on this table in SQL."""
        element, column = self.element(condition.column), self.dataset.column(condition.column)
        match condition.operator:
            case Operator.IS_NULL:
                return element.is_(None)
            case Operator.IS_NOT_NULL:
                return element.is_not(None)
            case Operator.IN:
                return or_(*(self._dialect.equals(element, column, value) for value in condition.value))
            case Operator.EQUAL:
                return self._dialect.equals(element, column, condition.value)
            case Operator.NOT_EQUAL:
                return not_(self._dialect.equals(element, column, condition.value))
            case _:
                value = self._dialect.value(condition.value, column)
                return element.op(condition.operator.value, is_comparison=True)(value)

    def select(self, *what: ColumnElement[Any], where: Sequence[ColumnElement[bool]] = ()) -> Select[Any]:
        """Rows of the scope that meet `where`."""
        return select(*what).select_from(self._clause).where(*self._scope, *where)

    def count(self, *where: ColumnElement[bool]) -> Select[tuple[int]]:
        """How many rows of the scope meet `where`."""
        return self.select(func.count(), where=where)

    def small_groups(self, columns: Sequence[str], smallest: int, *where: ColumnElement[bool]) -> Select[Any]:
        """How many groups of equal columns have fewer rows than that, and how many rows they have together."""
        size = func.count()
        groups = self.select(size.label("size"), where=where)
        inner = groups.group_by(*(self.element(name) for name in columns)).having(size < smallest).subquery()
        return select(func.count(), func.coalesce(func.sum(inner.c.size), 0)).select_from(inner)

    def in_small_groups(
        self,
        columns: Sequence[str],
        smallest: int,
        what: Sequence[ColumnElement[Any]],
        wanted: ColumnElement[bool],
        *where: ColumnElement[bool],
    ) -> Select[Any]:
        """`what` of the wanted rows whose group, of rows that meet `where` and have equal columns, is smaller."""
        size = func.count().over(partition_by=[self.element(name) for name in columns])
        named = [each.label(f"part_{place}") for place, each in enumerate(what)]
        flag = case((wanted, 1), else_=0)
        rows = self.select(*named, size.label("size"), flag.label("wanted"), where=where).subquery("grouped")
        small = select(*(rows.c[each.name] for each in named)).where(rows.c.size < smallest, rows.c.wanted == 1)
        return small.order_by(*(rows.c[each.name] for each in named))

    def update(self, values: Mapping[str, ColumnElement[Any]], *where: ColumnElement[bool]) -> Update:
        """Rewrite columns of rows of the scope that meet `where`."""
        changed = {self.element(name).key: value for name, value in values.items()}
        return update(self._clause).values(changed).where(*self._scope, *where)  # type: ignore[arg-type]

    def delete(self, *where: ColumnElement[bool]) -> Delete:
        """Delete rows of the scope that meet `where`."""
        return delete(self._clause).where(*self._scope, *where)  # type: ignore[arg-type]

    def exists(self, *where: ColumnElement[bool], seen_from: "ScopedTable") -> ColumnElement[bool]:
        """Whether a row of the scope meets `where`, which may speak of the columns of seen_from."""
        inner: Select[Any] = select(literal_column("1")).select_from(self._clause).where(*self._scope, *where)
        return exists(inner.correlate(seen_from._clause))

    def value(
        self, what: ColumnElement[Any], *where: ColumnElement[bool], seen_from: "ScopedTable"
    ) -> ColumnElement[Any]:
        """One value over the rows of the scope that meet `where`, which may speak of the columns of seen_from."""
        return self.select(what, where=where).correlate(seen_from._clause).scalar_subquery()

    def is_referred_to_by(self, referrer: Referrer, *, alias: str) -> ColumnElement[bool]:
        """Whether any row whatsoever, of any scope, refers to this one.

        Looks beyond the scope on purpose: a cascade would not stop at the scope either.
        """
        columns = dict.fromkeys(referrer.columns, "")
        child = _from_clause(referrer.schema, referrer.table, columns, alias)
        pairs = zip(referrer.columns, referrer.to_columns, strict=True)
        refers = and_(*(self.element(ours) == child.c[theirs] for theirs, ours in pairs))
        return exists(select(literal_column("1")).select_from(child).where(refers).correlate(self._clause))
