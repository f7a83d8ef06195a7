"""MariaDB's information_schema, read in seven statements however many tables there are.

A database of MariaDB is what others call a schema. information_schema shows what our login may touch and hides the
rest: triggers without the privilege TRIGGER, and foreign keys of tables on which it has no privilege at all. A hidden
ON DELETE CASCADE would delete rows unseen; whether that can be is part of what is read (Table.referrers_visible).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, text

from privacy.datamap.engine.catalog import Catalog, ForeignKey, Index, IndexWords, Power, Privileges, Table
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.spec import Column

_OURS = "NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')"
_TABLES = text(f"""
    SELECT table_schema AS ts, table_name AS tn, table_type AS kind, engine AS engine, table_rows AS estimate
    FROM information_schema.tables WHERE table_schema {_OURS} AND table_type <> 'SEQUENCE' ORDER BY 1, 2
""")
_COLUMNS = text(f"""
    SELECT table_schema AS ts, table_name AS tn, column_name AS name, data_type AS base, column_type AS declared,
           is_nullable AS nullable, character_maximum_length AS length, character_set_name AS charset,
           collation_name AS collation, extra AS extra, generation_expression AS expression, privileges AS rights
    FROM information_schema.columns WHERE table_schema {_OURS} ORDER BY table_schema, table_name, ordinal_position
""")
_INDEXES = text(f"""
    SELECT table_schema AS ts, table_name AS tn, index_name AS name, non_unique AS repeats, column_name AS part,
           index_type AS kind
    FROM information_schema.statistics WHERE table_schema {_OURS}
    ORDER BY table_schema, table_name, index_name, seq_in_index
""")
_FOREIGN_KEYS = text(f"""
    SELECT k.constraint_name AS name, k.table_schema AS ts, k.table_name AS tn, k.column_name AS part,
           k.referenced_table_schema AS to_schema, k.referenced_table_name AS to_table,
           k.referenced_column_name AS to_part, r.delete_rule AS on_delete
    FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
      ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
     AND r.table_name = k.table_name
    WHERE k.table_schema {_OURS} AND k.referenced_table_name IS NOT NULL
    ORDER BY k.table_schema, k.table_name, k.constraint_name, k.ordinal_position
""")
_TRIGGERS = text(f"""
    SELECT event_object_schema AS ts, event_object_table AS tn, trigger_name AS name
    FROM information_schema.triggers WHERE event_object_schema {_OURS} ORDER BY 1, 2, 3
""")
_JSON_COLUMNS = text(f"""
    SELECT constraint_schema AS ts, table_name AS tn, check_clause AS clause
    FROM information_schema.check_constraints WHERE constraint_schema {_OURS} AND check_clause LIKE 'json\\_valid(%)'
""")
_RIGHTS = text("""
    SELECT grantee AS grantee, '%' AS ts, '' AS tn, privilege_type AS right_to FROM information_schema.user_privileges
    UNION ALL SELECT grantee, table_schema, '', privilege_type FROM information_schema.schema_privileges
    UNION ALL SELECT grantee, table_schema, table_name, privilege_type FROM information_schema.table_privileges
""")
_ROLES = text("SELECT role_name FROM information_schema.enabled_roles WHERE role_name IS NOT NULL")
_LOGIN = text("SELECT CURRENT_USER()")
_DATABASE = text("SELECT DATABASE()")
_NEEDED = frozenset({"SELECT", "UPDATE", "DELETE"})
_HARMLESS = frozenset({"USAGE", "PROCESS", "SHOW DATABASES", "SHOW VIEW"})

_KINDS = {"BASE TABLE": "table", "VIEW": "view", "SYSTEM VIEW": "view", "SYSTEM VERSIONED": "table with a history"}
_TRANSACTIONAL = frozenset({"innodb", "rocksdb"})
_NUMBERS = frozenset({"tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double"})
_TEXTS = frozenset({"char", "varchar", "tinytext", "text", "mediumtext", "longtext"})
_FAMILIES = {
    "date": Family.DATE,
    "datetime": Family.TIMESTAMP,
    "timestamp": Family.TIMESTAMP_TZ,
    "uuid": Family.UUID,
    "inet4": Family.NETWORK,
    "inet6": Family.NETWORK,
}
ADD_INDEX = IndexWords("`", "ALTER TABLE {table} ADD INDEX ({columns}), ALGORITHM=INPLACE, LOCK=NONE;")

Place = tuple[str, str]


def read(connection: Connection, *, version: str) -> Catalog:
    """Tables and views our login can see, with their keys, indexes, privileges and the foreign keys between them."""
    columns, indexes = _by_table(connection.execute(_COLUMNS)), _by_table(connection.execute(_INDEXES))
    triggers = _by_table(connection.execute(_TRIGGERS))
    json_columns = {(row.ts, row.tn, row.clause) for row in connection.execute(_JSON_COLUMNS)}
    rights = _Rights.read(connection)
    tables = []
    for row in connection.execute(_TABLES):
        place = (row.ts, row.tn)
        described = [_column(each, json_columns) for each in columns[place]]
        tables.append(
            Table(
                schema=row.ts,
                name=row.tn,
                kind=_KINDS.get(row.kind, str(row.kind).lower()),
                columns=tuple(described),
                primary_key=tuple(each.part for each in indexes[place] if each.name == "PRIMARY"),
                indexes=_indexes(indexes[place], columns[place]),
                privileges=Privileges(
                    select=_may(columns[place], "select"),
                    update=_may(columns[place], "update"),
                    delete=rights.on("DELETE", *place),
                ),
                estimated_rows=row.estimate,
                row_security=False,
                triggers=tuple(each.name for each in triggers[place]),
                transactional=row.engine is None or row.engine.lower() in _TRANSACTIONAL,
                referrers_visible=rights.on("SELECT", row.ts, "") or rights.on("PROCESS", row.ts, ""),
            )
        )
    keys = _foreign_keys(connection.execute(_FOREIGN_KEYS))
    database = str(connection.execute(_DATABASE).scalar_one() or "")
    return Catalog(
        version=version,
        tables=tuple(tables),
        foreign_keys=keys,
        add_index=ADD_INDEX,
        powers=rights.powers(database),
        login=rights.login,
        database=ADD_INDEX.quoted(database),
    )


class _Rights:
    """What our login, and the roles it has now, may do beyond single columns."""

    def __init__(self, granted: Iterable[tuple[str, str, str]], login: str) -> None:
        self.login = login
        self._written = list(granted)
        self._granted = [(re.compile(_pattern(schema)), table, right) for schema, table, right in self._written]

    @classmethod
    def read(cls, connection: Connection) -> "_Rights":
        user, _, host = str(connection.execute(_LOGIN).scalar_one()).rpartition("@")
        names = {f"'{user}'@'{host}'"}
        for (role,) in connection.execute(_ROLES):
            names |= {f"'{role}'@''", f"'{role}'@'%'", f"'{role}'"}
        rows = connection.execute(_RIGHTS)
        return cls(((row.ts, row.tn, row.right_to) for row in rows if row.grantee in names), f"'{user}'@'{host}'")

    def on(self, right: str, schema: str, table: str) -> bool:
        """Whether the right is held on the table, or on everything in its schema (table empty: that alone)."""
        return any(
            each == right and name in ("", table) and pattern.fullmatch(schema) for pattern, name, each in self._granted
        )

    def powers(self, database: str) -> tuple[Power, ...]:
        """What goes beyond reading, rewriting and deleting rows of one database. SUPER may do everything."""
        if any(right == "SUPER" for _schema, _table, right in self._written):
            return (Power("SUPER"),)
        if any(schema == "%" and right in _NEEDED for schema, _table, right in self._written):
            found = [Power("ALL DATABASES")]
        else:
            others = {
                s for s, _t, right in self._written if right in _NEEDED and not re.fullmatch(_pattern(s), database)
            }
            found = [Power("OTHER DATABASES", tuple(sorted(others)))] if others else []
        beyond = sorted({right for _schema, _table, right in self._written} - _NEEDED - _HARMLESS)
        return (*found, *(self._power(right) for right in beyond))

    def _power(self, right: str) -> Power:
        places = {(schema, table) for schema, table, each in self._written if each == right}
        if any(schema == "%" for schema, _table in places):
            return Power(right)
        return Power(right, tuple(sorted(f"{schema}.{table or '*'}" for schema, table in places)))


def _pattern(schema: str) -> str:
    """MariaDB grants on databases by a pattern of LIKE."""
    wild = {"%": ".*", "_": "."}
    parts = re.findall(r"\\.|.", schema, re.DOTALL)
    return "".join(wild.get(part) or re.escape(part[-1]) for part in parts)


def _by_table(rows: Iterable[Any]) -> Mapping[Place, list[Any]]:
    found: dict[Place, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.ts, row.tn].append(row)
    return found


def _column(row: Any, json_columns: set[tuple[str, str, str]]) -> Column:
    is_json = (row.ts, row.tn, f"json_valid(`{row.name}`)") in json_columns
    kind = "json" if is_json else row.base + (" unsigned" if "unsigned" in row.declared else "")
    extra = row.extra.lower()
    return Column(
        name=row.name,
        type=kind,
        declared_type="json" if is_json else _declared(row),
        family=_family(kind, row.declared),
        nullable=row.nullable == "YES",
        max_length=int(row.length) if row.base in ("char", "varchar") else None,
        generated="generated" in extra.split() or bool(row.expression),
        set_on_update="on update" in extra,
        collation=row.collation or "",
    )


def _declared(row: Any) -> str:
    """What is unusual about a text is named: its character set, and a collation that tells upper case from lower."""
    declared = str(row.declared)
    if row.charset and row.charset != "utf8mb4":
        declared += f" character set {row.charset}"
    if row.collation and not row.collation.endswith("_ci"):
        declared += f" collate {row.collation}"
    return declared


def _family(kind: str, declared: str) -> Family:
    if declared == "tinyint(1)":
        return Family.BOOLEAN
    if kind.partition(" ")[0] in _NUMBERS:
        return Family.NUMBER
    return Family.TEXT if kind in _TEXTS else _FAMILIES.get(kind, Family.OTHER)


def _may(columns: list[Any], right: str) -> frozenset[str]:
    return frozenset(row.name for row in columns if right in row.rights.split(","))


def _indexes(parts: list[Any], columns: list[Any]) -> tuple[Index, ...]:
    computed = {row.name: re.findall(r"`([^`]+)`", row.expression) for row in columns if row.expression}
    grouped: dict[str, list[Any]] = defaultdict(list)
    for part in parts:
        grouped[part.name].append(part)
    return tuple(_index(name, each, computed) for name, each in grouped.items())


def _index(name: str, parts: list[Any], computed: Mapping[str, list[str]]) -> Index:
    named = [part.part for part in parts if part.part is not None]
    behind = {column for each in named for column in computed.get(each, ())}
    return Index(
        name=name,
        unique=not parts[0].repeats,
        columns=tuple(sorted({*named, *behind})),
        leading=tuple(named) if parts[0].kind in ("BTREE", "HASH") else (),
    )


def _foreign_keys(rows: Iterable[Any]) -> tuple[ForeignKey, ...]:
    grouped: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.ts, row.tn, row.name].append(row)
    return tuple(
        ForeignKey(
            name=name,
            schema=schema,
            table=table,
            columns=tuple(part.part for part in parts),
            to_schema=parts[0].to_schema,
            to_table=parts[0].to_table,
            to_columns=tuple(part.to_part for part in parts),
            on_delete=parts[0].on_delete.lower(),
        )
        for (schema, table, name), parts in grouped.items()
    )
