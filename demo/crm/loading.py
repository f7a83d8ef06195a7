"""Fill an empty PostgreSQL schema with a sample database, once, or leave it alone.

Danger: this module drops and creates tables in a database it is pointed at. Two rules answer it. Everything happens
inside one schema of the sample's own and in one transaction, so a build that dies leaves nothing behind. And the schema
carries its maker's mark as a comment, written last: a schema of that name without the mark belongs to somebody else and
is refused, never dropped.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import psycopg
from psycopg import sql

Progress = Callable[[str], None]
Row = tuple[Any, ...]

# Any number will do as long as nobody else takes an advisory lock of this class in a sample database.
BUILD_LOCK = 0x5A3B1E


class SchemaTaken(Exception):
    """The database already has a schema of the sample's name that the sample builder did not make."""


@dataclass(frozen=True)
class Sample:
    """What a sample database consists of, in the order in which it is built.

    Args:
        name: recorded in the maker's mark.
        schema: the schema that is created and filled.
        tables: CREATE TABLE statements by table name, without foreign keys, so that rows can be copied in any order.
        after_copy: foreign keys, indexes and everything else that is quicker on full tables.
    """

    name: str
    schema: str
    tables: dict[str, str]
    after_copy: Sequence[str]


@dataclass(frozen=True)
class SampleBuild:
    """The outcome of a build: whether anything was built, the rows per table, and how long it took."""

    built: bool
    rows: dict[str, int]
    seconds: float


def say_nothing(message: str) -> None:
    """The progress callable of those who do not care."""


def build(
    dsn: str, sample: Sample, *, settings: dict[str, Any], batches: Iterable[tuple[str, list[Row]]], progress: Progress
) -> SampleBuild:
    """Build the sample unless it is there already.

    Args:
        dsn: a connection string or URL of the database, as a role that may create a schema in it.
        sample: the tables.
        settings: what the rows were made from; recorded in the mark.
        batches: table name and rows, made while they are consumed; a table may come in several batches.
        progress: told in one sentence what has just been done.

    Raises:
        SchemaTaken: the schema exists and bears no mark of this sample.
    """
    started = perf_counter()
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [BUILD_LOCK])
        if _is_complete(connection, sample):
            progress(f"{sample.name}: already there")
            return SampleBuild(built=False, rows=_count_rows(connection, sample), seconds=perf_counter() - started)
        rows = _fill(connection, sample, batches, progress)
        for statement in sample.after_copy:
            connection.execute(statement)
        _restart_identities(connection, sample)
        _write_mark(connection, sample, settings)
    with psycopg.connect(dsn, autocommit=True) as connection:
        for table in sample.tables:
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(sample.schema, table)))
    seconds = perf_counter() - started
    progress(f"{sample.name}: {sum(rows.values()):,} rows in {seconds:.1f} s")
    return SampleBuild(built=True, rows=rows, seconds=seconds)


def _is_complete(connection: psycopg.Connection, sample: Sample) -> bool:
    """Tell whether the sample is there in full; clear away a damaged one of our own making."""
    found = connection.execute(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", [sample.schema]
    ).fetchone()
    if found is None:
        return False
    if not _is_our_mark(found[0], sample):
        raise SchemaTaken(
            f'The database already has a schema "{sample.schema}" that is not the {sample.name} sample. '
            "Point the sample at an empty database, or remove the schema yourself if nobody needs it."
        )
    present = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [sample.schema]).fetchall()
    if {name for (name,) in present} >= set(sample.tables):
        return True
    connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(sample.schema)))
    return False


def _is_our_mark(comment: str | None, sample: Sample) -> bool:
    try:
        mark = json.loads(comment or "")
    except ValueError:
        return False
    return isinstance(mark, dict) and mark.get("sample") == sample.name


def _write_mark(connection: psycopg.Connection, sample: Sample, settings: dict[str, Any]) -> None:
    mark = json.dumps({"sample": sample.name, **settings}, default=str)
    connection.execute(
        sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(sample.schema), sql.Literal(mark)),
    )


def _fill(
    connection: psycopg.Connection, sample: Sample, batches: Iterable[tuple[str, list[Row]]], progress: Progress
) -> dict[str, int]:
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(sample.schema)))
    connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(sample.schema)))
    for statement in sample.tables.values():
        connection.execute(statement)
    counts = dict.fromkeys(sample.tables, 0)
    for table, rows in batches:
        target = sql.Identifier(sample.schema, table)
        # FREEZE is open to us because the table was made in this very transaction; it spares a later rewrite.
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FREEZE)").format(target)) as copy:
            for row in rows:
                copy.write_row(row)
        counts[table] += len(rows)
        progress(f"{sample.name}: {counts[table]:,} rows in {table}")
    return counts


def _restart_identities(connection: psycopg.Connection, sample: Sample) -> None:
    """Let the next row inserted by hand get a number after the copied ones."""
    identities = connection.execute(
        """SELECT table_name, column_name,
                  pg_get_serial_sequence(format('%%I.%%I', table_schema, table_name), column_name)
             FROM information_schema.columns WHERE table_schema = %s AND is_identity = 'YES'""",
        [sample.schema],
    ).fetchall()
    restart = sql.SQL("SELECT setval({sequence}, coalesce(max({column}), 0) + 1, false) FROM {table}")
    for table, column, sequence in identities:
        connection.execute(
            restart.format(
                sequence=sql.Literal(sequence),
                column=sql.Identifier(column),
                table=sql.Identifier(sample.schema, table),
            )
        )


def _count_rows(connection: psycopg.Connection, sample: Sample) -> dict[str, int]:
    counts = {}
    for table in sample.tables:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(sample.schema, table))
        ((counts[table],),) = connection.execute(query).fetchall()
    return counts
