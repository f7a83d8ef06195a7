"""SQLite's own description of a file: sqlite_master and the PRAGMAs that answer rows, read once for all tables.

SQLite knows no logins: whoever may write the file may change every table of it, so rights are those of the file.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from privacy.datamap.engine.catalog import Catalog, ForeignKey, Index, IndexWords, Privileges, Table
from privacy.datamap.engine.dialects.sqlite_transactions import MEMORY, may_write
from privacy.datamap.engine.dialects.sqlite_values import affinity, family, makes_numbers
from privacy.datamap.engine.spec import Column

SCHEMA = "main"  # what SQLite calls the file itself
_TABLES = text("""
    SELECT l.name AS name, l.type AS kind, l.wr AS keyed FROM pragma_table_list l
    WHERE l.schema = 'main' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND l.name <> :memory ORDER BY l.name
""")
_COLUMNS = text("""
    SELECT m.name AS tn, x.name AS name, x.type AS declared, x."notnull" AS required, x.pk AS place, x.hidden AS hidden,
           instr(upper(m.sql), 'COLLATE') > 0 AS collates
    FROM sqlite_master m, pragma_table_xinfo(m.name) x
    WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY m.name, x.cid
""")
_INDEXES = text("""
    SELECT m.name AS tn, i.name AS name, i."unique" AS is_unique, i.partial AS partial, c.name AS part, c.cid AS number,
           s.sql AS made_by
    FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_xinfo(i.name) c
    LEFT JOIN sqlite_master s ON s.type = 'index' AND s.name = i.name
    WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND c.key ORDER BY m.name, i.name, c.seqno
""")
_FOREIGN_KEYS = text("""
    SELECT m.name AS tn, k.id AS number, k."table" AS to_table, k."from" AS part, k."to" AS to_part,
           k.on_delete AS on_delete
    FROM sqlite_master m, pragma_foreign_key_list(m.name) k
    WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY m.name, k.id, k.seq
""")
_TRIGGERS = text("SELECT tbl_name AS tn, name AS name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2")
_IS_COUNTED = text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
_COUNTED = text("SELECT tbl AS tn, max(CAST(stat AS INTEGER)) AS estimate FROM sqlite_stat1 GROUP BY tbl")

_KINDS = {"table": "table", "view": "view", "virtual": "virtual table", "shadow": "part of a virtual table"}
_COMPUTED = (2, 3)  # pragma_table_xinfo.hidden: a generated column, virtual or stored


@dataclass(frozen=True)
class _AddIndex(IndexWords):
    """In SQLite an index has a name, and the table stands without its schema."""

    def statement(self, schema: str, table: str, columns: tuple[str, ...]) -> str:
        name = self.quoted("_".join((table, *columns)))
        return f"CREATE INDEX {name} ON {self.quoted(table)} ({', '.join(map(self.quoted, columns))});"


ADD_INDEX = _AddIndex('"', "")


def read(connection: Connection, *, version: str) -> Catalog:
    """Tables and views of the file, with their keys, indexes and the foreign keys between them."""
    columns, indexes = _by_table(connection.execute(_COLUMNS)), _by_table(connection.execute(_INDEXES))
    triggers = _by_table(connection.execute(_TRIGGERS))
    estimates = _estimates(connection)
    listed = list(connection.execute(_TABLES, {"memory": MEMORY}))
    changeable = may_write(connection)
    tables = []
    for row in listed:
        collations = _collations(connection, row.name, columns[row.name])
        described = [
            _column(each, keyed=bool(row.keyed), collation=collations.get(each.name, ""))
            for each in columns[row.name]
            if each.hidden != 1
        ]
        names = frozenset(each.name for each in described)
        tables.append(
            Table(
                schema=SCHEMA,
                name=row.name,
                kind=_KINDS.get(row.kind, row.kind),
                columns=tuple(described),
                primary_key=_primary_key(columns[row.name]),
                indexes=_indexes(indexes[row.name], columns[row.name]),
                privileges=Privileges(names, names if changeable else frozenset(), changeable),
                estimated_rows=estimates.get(row.name),
                row_security=False,
                triggers=tuple(each.name for each in triggers[row.name]),
            )
        )
    keys = _foreign_keys(connection.execute(_FOREIGN_KEYS), {row.name.lower(): row.name for row in listed}, columns)
    return Catalog(version=version, tables=tuple(tables), foreign_keys=keys, add_index=ADD_INDEX)


def _by_table(rows: Iterable[Any]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.tn].append(row)
    return found


def _estimates(connection: Connection) -> dict[str, int]:
    """What the last ANALYZE counted; of a table it never saw nothing is said. An index over a part has fewer rows."""
    if connection.execute(_IS_COUNTED).first() is None:
        return {}
    return {row.tn: row.estimate for row in connection.execute(_COUNTED) if row.estimate is not None}


def _collations(connection: Connection, table: str, columns: list[Any]) -> dict[str, str]:
    """Columns that do not compare bytes, each with its collation. No PRAGMA says so: 'a' is compared as they do it."""
    shown = [each.name for each in columns if each.hidden != 1 and each.collates]
    try:
        return _tried(connection, table, shown)
    except OperationalError:  # one is the application's own: no statement about that column can be made here
        return {name: found for each in shown for name, found in _alone(connection, table, each).items()}


def _alone(connection: Connection, table: str, column: str) -> dict[str, str]:
    try:
        return _tried(connection, table, [column])
    except OperationalError:
        return {}


def _tried(connection: Connection, table: str, shown: list[str]) -> dict[str, str]:
    names = [ADD_INDEX.quoted(each) for each in shown]
    if not names:
        return {}
    tried = ", ".join(f"{name} = 'A', {name} = 'a '" for name in names)
    letter = ", ".join("'a'" for _name in names)
    statement = (
        f"WITH tried AS MATERIALIZED (SELECT {', '.join(names)} FROM {ADD_INDEX.quoted(table)} WHERE 0"
        f" UNION ALL SELECT {letter}) SELECT {tried} FROM tried"
    )
    answers = tuple(connection.exec_driver_sql(statement).one())
    pairs = zip(shown, answers[::2], answers[1::2], strict=True)
    return {name: "NOCASE" if any_case else "RTRIM" for name, any_case, any_end in pairs if any_case or any_end}


def _column(row: Any, *, keyed: bool, collation: str) -> Column:
    declared = str(row.declared)
    sizes = re.search(r"\((\d+)\)", declared)
    return Column(
        name=row.name,
        type=re.sub(r"[^\w ]", "", declared.partition("(")[0]).strip().lower(),
        declared_type=declared,
        family=family(declared),
        nullable=not (row.required or row.place),
        max_length=int(sizes[1]) if sizes and affinity(declared) == "TEXT" else None,
        generated=row.hidden in _COMPUTED,
        collation=collation,
        affinity="NUMERIC" if makes_numbers(declared) else affinity(declared),
    )


def _primary_key(columns: list[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in sorted(columns, key=lambda each: each.place) if each.place)


def _indexes(parts: list[Any], columns: list[Any]) -> tuple[Index, ...]:
    grouped: dict[str, list[Any]] = defaultdict(list)
    for part in parts:
        grouped[part.name].append(part)
    key = _primary_key(columns)
    own = [Index("its primary key", True, key, key)] if key else []  # INTEGER PRIMARY KEY is in no list of indexes
    return (*own, *(_index(name, each, columns) for name, each in grouped.items()))


def _index(name: str, parts: list[Any], columns: list[Any]) -> Index:
    """Of an expression or a condition every column counts whose name occurs in it."""
    used = {part.part for part in parts if part.part is not None}
    if parts[0].partial or any(part.part is None for part in parts):
        words = set(re.findall(r"\w+", str(parts[0].made_by).lower()))
        used |= {each.name for each in columns if each.name.lower() in words or not each.name.isidentifier()}
    leading: list[str] = []
    for part in parts if not parts[0].partial else ():
        if part.part is None:
            break
        leading.append(part.part)
    return Index(name, bool(parts[0].is_unique), tuple(sorted(used)), tuple(leading))


def _foreign_keys(
    rows: Iterable[Any], names: Mapping[str, str], columns: Mapping[str, list[Any]]
) -> tuple[ForeignKey, ...]:
    """A key that names no columns means the primary key; names of tables are written in any case."""
    grouped: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.tn, row.number].append(row)
    found = []
    for (table, _number), parts in grouped.items():
        target = names.get(parts[0].to_table.lower(), parts[0].to_table)
        named = tuple(part.to_part for part in parts)
        ours = tuple(part.part for part in parts)
        found.append(
            ForeignKey(
                name=f"{table}_{'_'.join(ours)}_fkey",
                schema=SCHEMA,
                table=table,
                columns=ours,
                to_schema=SCHEMA,
                to_table=target,
                to_columns=_primary_key(columns[target]) if None in named else named,
                on_delete=parts[0].on_delete.lower(),
            )
        )
    return tuple(found)
