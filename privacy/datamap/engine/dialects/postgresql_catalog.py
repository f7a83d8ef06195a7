"""PostgreSQL's own catalogs, read in a few statements however many tables there are.

Danger: a partition read as a table of its own says of the same rows what nobody decided about them. Rule: rows belong
to the partitioned table, and so do keys and triggers of its partitions. Only where that table has no primary key are
the partitions tables of their own, for by itself it cannot be worked on. A table from which others inherit shows their
rows as its own, and none of its keys holds for them: two people may have one. It is no table to work on.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, text

from privacy.datamap.engine.catalog import (
    WITH_HEIRS,
    Catalog,
    ForeignKey,
    Index,
    IndexWords,
    Power,
    Privileges,
    Table,
)
from privacy.datamap.engine.masks import Family
from privacy.datamap.engine.spec import Column


def _home(relation: str) -> str:
    """SQL for the table that the rows of a relation belong to: the one it is a partition of, or itself."""
    of_partitions = f"SELECT h.indrelid FROM pg_index h WHERE h.indrelid = pg_partition_root({relation})"
    return f"COALESCE(({of_partitions} AND h.indisprimary), {relation})"


_OURS = """
    c.relkind IN ('r', 'p', 'f', 'v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%'
    AND has_schema_privilege(n.oid, 'USAGE') AND (CAST(:only AS text) IS NULL OR n.nspname = CAST(:only AS text))
"""
_HEIRS = "i"
_WHOLE = f"{_OURS} AND c.oid = {_home('c.oid')}"
_TABLES = text(f"""
    SELECT c.oid, n.nspname, c.relname, CASE
               WHEN c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid) THEN '{_HEIRS}'
               ELSE c.relkind::text END AS relkind,
           CASE WHEN c.reltuples < 0 THEN NULL ELSE c.reltuples::bigint END AS estimated_rows,
           row_security_active(c.oid) AS row_security, has_table_privilege(c.oid, 'DELETE') AS may_delete,
           ARRAY(SELECT DISTINCT t.tgname::text FROM pg_trigger t
                 WHERE t.tgrelid IN (SELECT c.oid UNION SELECT relid FROM pg_partition_tree(c.oid))
                 AND NOT t.tgisinternal AND t.tgenabled <> 'D' ORDER BY 1) AS triggers,
           ARRAY(SELECT DISTINCT format('%s.%s', mn.nspname, m.relname) FROM pg_rewrite w
                 JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
                 AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
                 JOIN pg_class m ON m.oid = d.refobjid JOIN pg_namespace mn ON mn.oid = m.relnamespace
                 WHERE w.ev_class = c.oid AND c.relkind IN ('v', 'm') AND m.relkind IN ('r', 'p', 'f', 'v', 'm')
                 ORDER BY 1) AS made_of
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_WHOLE} ORDER BY n.nspname, c.relname
""")
_OUT_OF_PATH = """
    (SELECT quote_ident(s.nspname) FROM pg_opclass k JOIN pg_am m ON m.oid = k.opcmethod AND m.amname = 'btree'
     JOIN pg_amop e ON e.amopfamily = k.opcfamily AND e.amopstrategy = 3
                   AND e.amoplefttype = k.opcintype AND e.amoprighttype = k.opcintype
     JOIN pg_operator o ON o.oid = e.amopopr JOIN pg_namespace s ON s.oid = o.oprnamespace
     WHERE k.opcdefault AND k.opcintype = b.oid AND NOT pg_operator_is_visible(o.oid))
"""  # strategy 3 of a btree is "equal"; where it is not visible, citext is compared as text, exactly
_COLUMNS = text(f"""
    SELECT c.oid, a.attnum, a.attname, format_type(a.atttypid, -1) AS type,
           format_type(a.atttypid, a.atttypmod) AS declared_type, a.attnotnull OR t.typnotnull AS not_null,
           a.attgenerated <> '' OR a.attidentity = 'a' AS generated, b.typname AS base,
           CASE WHEN b.typname IN ('varchar', 'bpchar')
                THEN NULLIF(GREATEST(a.atttypmod, t.typtypmod), -1) - 4 END AS max_length,
           (SELECT format('%I.%I', s.nspname, k.collname) FROM pg_collation k JOIN pg_namespace s
            ON s.oid = k.collnamespace WHERE k.oid = a.attcollation AND NOT k.collisdeterministic) AS collation,
           CASE WHEN b.typnamespace <> 'pg_catalog'::regnamespace THEN {_OUT_OF_PATH} END AS out_of_path,
           has_column_privilege(c.oid, a.attnum, 'SELECT') AS may_select,
           has_column_privilege(c.oid, a.attnum, 'UPDATE') AS may_update
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = COALESCE(NULLIF(t.typbasetype, 0), t.oid)
    WHERE {_WHOLE} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.oid, a.attnum
""")
_INDEXES = text(f"""
    SELECT c.oid, i.relname, x.indisunique, x.indisprimary,
           x.indpred IS NULL AND x.indisvalid AS whole,
           pg_get_indexdef(x.indexrelid) LIKE '%NULLS NOT DISTINCT%' AS equal_nulls,
           (x.indkey::int2[])[0:x.indnkeyatts - 1] AS leading,
           ARRAY(SELECT DISTINCT d.refobjsubid FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                 AND d.objid = x.indexrelid AND d.refobjid = c.oid AND d.refobjsubid > 0
                 UNION SELECT k FROM unnest(x.indkey::int2[]) k WHERE k > 0) AS columns
    FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_WHOLE} ORDER BY i.relname
""")
_FOREIGN_KEYS = text(f"""
    SELECT k.conname, k.conrelid, k.conkey, n.nspname, c.relname, k.confrelid, k.confkey,
           tn.nspname AS to_schema, tc.relname AS to_table, k.confdeltype::text AS on_delete,
           ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY p(num, ord)
                 JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.num ORDER BY p.ord) AS columns,
           ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY p(num, ord)
                 JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = p.num ORDER BY p.ord) AS to_columns
    FROM pg_constraint k JOIN pg_class c ON c.oid = {_home("k.conrelid")} JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class tc ON tc.oid = {_home("k.confrelid")} JOIN pg_namespace tn ON tn.oid = tc.relnamespace
    WHERE k.contype = 'f' AND k.conparentid = 0
      AND (CAST(:only AS text) IS NULL OR n.nspname = CAST(:only AS text)) ORDER BY n.nspname, c.relname, k.conname
""")
_PARTITIONS = text(f"""
    SELECT n.nspname || '.' || c.relname AS part, wn.nspname || '.' || w.relname AS whole
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class w ON w.oid = {_home("c.oid")} JOIN pg_namespace wn ON wn.oid = w.relnamespace
    WHERE {_OURS} AND w.oid <> c.oid ORDER BY 1
""")

_LOGIN = text("""
    SELECT rolsuper AS "SUPERUSER", rolcreaterole AS "CREATEROLE", rolcreatedb AS "CREATEDB",
           rolreplication AS "REPLICATION", has_database_privilege(current_database(), 'CREATE') AS "CREATE SCHEMA"
    FROM pg_roles WHERE rolname = current_user
""")
_SCHEMA_POWERS = text("""
    SELECT n.nspname FROM pg_namespace n
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
      AND has_schema_privilege(n.oid, 'CREATE') ORDER BY 1
""")
_OTHER_DATABASES = text("""
    SELECT d.datname FROM pg_database d
    WHERE d.datname <> current_database() AND d.datallowconn AND NOT d.datistemplate
      AND (pg_has_role(d.datdba, 'USAGE')
           OR EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.privilege_type = 'CONNECT' AND a.grantee <> 0
                        AND pg_has_role(a.grantee, 'USAGE')))
    ORDER BY 1
""")
_NAMES = text("""
    SELECT quote_ident(current_user) AS login, quote_ident(current_database()) AS database,
           NULLIF(current_setting('search_path'), '""') AS search_path
""")
_TABLE_POWERS = text(f"""
    SELECT p.what AS right_name,
           array_agg(format('%s.%s', n.nspname, c.relname) ORDER BY n.nspname, c.relname) AS places
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
         unnest(ARRAY['OWNER', 'INSERT', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p(what)
    WHERE {_OURS} AND c.relkind IN ('r', 'p')
      AND CASE p.what WHEN 'OWNER' THEN pg_has_role(c.relowner, 'USAGE') ELSE has_table_privilege(c.oid, p.what) END
    GROUP BY p.what ORDER BY p.what
""")

_KINDS = {
    "r": "table", "p": "table", "f": "foreign table", "v": "view", "m": "materialised view", _HEIRS: WITH_HEIRS,
}  # fmt: skip
_ON_DELETE = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
_FAMILY_OF_TYPE = {
    "date": Family.DATE,
    "timestamp": Family.TIMESTAMP,
    "timestamptz": Family.TIMESTAMP_TZ,
    "inet": Family.NETWORK,
    "cidr": Family.NETWORK,
    "uuid": Family.UUID,
    "bool": Family.BOOLEAN,
    "citext": Family.TEXT,
}
_NUMBERS = frozenset({"int2", "int4", "int8", "numeric", "float4", "float8"})
_TEXTS = frozenset({"text", "varchar", "bpchar", "name"})


def read(connection: Connection, *, version: str, only_schema: str | None = None) -> Catalog:
    """Tables and views our login can see, with their keys, indexes, privileges and the foreign keys between them.

    only_schema: nothing of any other is read, nor what the login may do beyond it.
    """
    only = {"only": only_schema}
    columns: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(_COLUMNS, only):
        columns[row.oid].append(row)
    indexes: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(_INDEXES, only):
        indexes[row.oid].append(row)
    tables = tuple(_table(row, columns[row.oid], indexes[row.oid]) for row in connection.execute(_TABLES, only))
    names = connection.execute(_NAMES).one()
    return Catalog(
        version=version,
        login=names.login,
        database=names.database,
        search_path=names.search_path or "",
        tables=tables,
        foreign_keys=_foreign_keys(connection.execute(_FOREIGN_KEYS, only)),
        add_index=IndexWords('"', "CREATE INDEX CONCURRENTLY ON {table} ({columns});"),
        powers=_powers(connection) if only_schema is None else (),
        partitions=tuple((row.part, row.whole) for row in connection.execute(_PARTITIONS, only)),
    )


def _powers(connection: Connection) -> tuple[Power, ...]:
    """A superuser may do everything, so nothing else is listed of one."""
    login = connection.execute(_LOGIN).mappings().one()
    of_login = [Power(right) for right, granted in login.items() if granted]
    if login["SUPERUSER"]:
        return (Power("SUPERUSER"),)
    schemas = tuple(row.nspname for row in connection.execute(_SCHEMA_POWERS))
    of_tables = [Power(row.right_name, tuple(row.places)) for row in connection.execute(_TABLE_POWERS, {"only": None})]
    others = tuple(row.datname for row in connection.execute(_OTHER_DATABASES))
    of_places = [
        Power(right, places) for right, places in (("OTHER DATABASES", others), ("CREATE TABLE", schemas)) if places
    ]
    return (*of_login, *(power for power in of_places if power.places), *of_tables)


def _table(row: Any, columns: list[Any], indexes: list[Any]) -> Table:
    names = {column.attnum: column.attname for column in columns}
    primary = next((index for index in indexes if index.indisprimary), None)
    return Table(
        schema=row.nspname,
        name=row.relname,
        kind=_KINDS[row.relkind],
        columns=tuple(_column(column) for column in columns),
        primary_key=tuple(names[number] for number in primary.leading) if primary else (),
        indexes=tuple(_index(index, names) for index in indexes),
        privileges=Privileges(
            select=frozenset(column.attname for column in columns if column.may_select),
            update=frozenset(column.attname for column in columns if column.may_update),
            delete=row.may_delete,
        ),
        estimated_rows=row.estimated_rows,
        row_security=row.row_security,
        triggers=tuple(row.triggers),
        made_of=tuple(row.made_of),
    )


def _column(row: Any) -> Column:
    return Column(
        name=row.attname,
        type=row.type,
        declared_type=row.declared_type,
        family=_family(row.base),
        nullable=not row.not_null,
        max_length=row.max_length,
        generated=row.generated,
        collation=row.collation or "",
        out_of_path=row.out_of_path or "",
    )


def _family(base: str) -> Family:
    if base in _NUMBERS:
        return Family.NUMBER
    if base in _TEXTS:
        return Family.TEXT
    return _FAMILY_OF_TYPE.get(base, Family.OTHER)


def _index(row: Any, names: dict[int, str]) -> Index:
    leading: list[str] = []
    for number in row.leading if row.whole else ():
        if number == 0:
            break
        leading.append(names[number])
    return Index(
        name=row.relname,
        unique=row.indisunique,
        columns=tuple(sorted(names[number] for number in row.columns)),
        leading=tuple(leading),
        nulls_distinct=not row.equal_nulls,
    )


def _foreign_keys(found: Iterable[Any]) -> tuple[ForeignKey, ...]:
    """Each key once: every partition may have declared it for itself."""
    keys = [_foreign_key(row) for row in found]
    return tuple({replace(key, name=""): key for key in reversed(keys)}.values())[::-1]


def _foreign_key(row: Any) -> ForeignKey:
    return ForeignKey(
        name=row.conname,
        schema=row.nspname,
        table=row.relname,
        columns=tuple(row.columns),
        to_schema=row.to_schema,
        to_table=row.to_table,
        to_columns=tuple(row.to_columns),
        on_delete=_ON_DELETE[row.on_delete],
    )
