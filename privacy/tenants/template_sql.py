"""The template schema written out as SQL that can be replayed in any other schema.

Read from PostgreSQL's catalogs, so it needs no client programs and works against every server version. It writes what
Django's migrations make: tables with identity columns, defaults, constraints, indexes, and the rows that migrations
leave behind. What it does not know (triggers, views, functions, partitions) it refuses rather than leaves out.
"""

from typing import Any

from privacy.tenants.db import connection
from privacy.tenants.names import TEMPLATE_SCHEMA

_UNKNOWN = """
    SELECT c.relname FROM pg_class c
     WHERE c.relnamespace = %(schema)s::regnamespace
       AND (c.relkind NOT IN ('r', 'i', 'S') OR c.relispartition OR c.relhastriggers AND EXISTS (
            SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal))
    UNION ALL
    SELECT p.proname FROM pg_proc p WHERE p.pronamespace = %(schema)s::regnamespace
"""

_COLUMNS = """
    SELECT c.relname, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
           a.attgenerated, pg_get_expr(d.adbin, d.adrelid),
           CASE WHEN a.attcollation <> t.typcollation THEN co.collname END
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      LEFT JOIN pg_collation co ON co.oid = a.attcollation
     WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r'
     ORDER BY c.relname, a.attnum
"""

_CONSTRAINTS = """
    SELECT c.relname, quote_ident(k.conname), pg_get_constraintdef(k.oid), k.contype = 'f' AS is_foreign
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
     WHERE c.relnamespace = %(schema)s::regnamespace AND k.contype IN ('p', 'u', 'c', 'f', 'x')
     ORDER BY is_foreign, c.relname, k.contype, k.conname
"""

_INDEXES = """
    SELECT pg_get_indexdef(i.indexrelid)
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     WHERE c.relnamespace = %(schema)s::regnamespace
       AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
     ORDER BY 1
"""


class TemplateNotReplayable(Exception):
    """The template schema holds an object that this module cannot write out; the message names it."""


def render_template() -> str:
    """The template schema's tables, constraints and indexes as one SQL text with no schema names in it.

    Run it with `search_path` set to the new schema and then `public`.

    Raises:
        TemplateNotReplayable: a kind of object that is not handled here.
    """
    with connection.cursor() as cursor:
        parameters = {"schema": TEMPLATE_SCHEMA}
        cursor.execute(_UNKNOWN, parameters)
        if unknown := [name for (name,) in cursor.fetchall()]:
            raise TemplateNotReplayable(
                f"cannot replay: {', '.join(unknown)}; migrations may only make tables and indexes"
            )
        cursor.execute(_COLUMNS, parameters)
        statements = _create_tables(cursor.fetchall())
        cursor.execute(_CONSTRAINTS, parameters)
        statements += [
            f'ALTER TABLE "{table}" ADD CONSTRAINT {name} {_unqualified(text)}'
            for table, name, text, _ in cursor.fetchall()
        ]
        cursor.execute(_INDEXES, parameters)
        statements += [_unqualified(text) for (text,) in cursor.fetchall()]
    return ";\n".join(statements) + ";\n"


def copy_rows_sql() -> str:
    """SQL that copies the rows which migrations left in the template (applied migrations, permissions)."""
    with connection.cursor() as cursor:
        statements = []
        for table in _tables_in_order(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{TEMPLATE_SCHEMA}"."{table}")')  # noqa: S608  from catalogs
            if cursor.fetchone()[0]:
                statements.append(f'INSERT INTO "{table}" SELECT * FROM "{TEMPLATE_SCHEMA}"."{table}"')  # noqa: S608
                statements += _restart_identities(cursor, table)
    return "".join(statement + ";\n" for statement in statements)


def _create_tables(rows: list[tuple]) -> list[str]:
    columns: dict[str, list[str]] = {}
    for table, *column in rows:
        columns.setdefault(table, []).append(_column(*column))
    return [f'CREATE TABLE "{table}" ({", ".join(parts)})' for table, parts in columns.items()]


def _column(
    name: str, type_: str, not_null: bool, identity: str, generated: str, default: str | None, collation: str | None
) -> str:
    parts = [name, type_]
    if collation:
        parts.append(f'COLLATE "{collation}"')
    if identity:
        parts.append(f"GENERATED {'ALWAYS' if identity == 'a' else 'BY DEFAULT'} AS IDENTITY")
    elif generated:
        parts.append(f"GENERATED ALWAYS AS ({default}) STORED")
    elif default is not None:
        parts.append(f"DEFAULT {_unqualified(default)}")
    if not_null:
        parts.append("NOT NULL")
    return " ".join(parts)


def _unqualified(sql: str) -> str:
    return sql.replace(f"{TEMPLATE_SCHEMA}.", "")


def _tables_in_order(cursor: Any) -> list[str]:
    """Tables, those that others refer to first."""
    cursor.execute(
        """SELECT c.relname, array_agg(r.relname) FILTER (WHERE r.relname IS NOT NULL AND r.oid <> c.oid)
             FROM pg_class c
             LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f'
             LEFT JOIN pg_class r ON r.oid = k.confrelid AND r.relnamespace = c.relnamespace
            WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' GROUP BY c.relname""",
        [TEMPLATE_SCHEMA],
    )
    waiting = {table: set(needs or ()) for table, needs in cursor.fetchall()}
    ordered: list[str] = []
    while waiting:
        ready = sorted(table for table, needs in waiting.items() if not needs - set(ordered))
        if not ready:
            raise TemplateNotReplayable(f"tables refer to each other in a circle: {', '.join(sorted(waiting))}")
        ordered += ready
        for table in ready:
            del waiting[table]
    return ordered


def _restart_identities(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attidentity <> ''",
        [f'"{TEMPLATE_SCHEMA}"."{table}"'],
    )
    return [
        f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'),"  # noqa: S608
        f' (SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}"), false)'
        for (column,) in cursor.fetchall()
    ]
