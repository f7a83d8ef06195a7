"""Reading a million rows of one person into a file, beside COPY of the same rows to a file, and the memory it takes."""

import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.engine import bench_dsn

PAIRS = 3
MOST_MEGABYTES = 150
LEAST_RATIO = 0.3
TABLES = """
CREATE TABLE customer (id bigint PRIMARY KEY, organisation_id integer NOT NULL, email varchar(120) UNIQUE);
INSERT INTO customer SELECT i, 7, 'person' || i || '@example.com' FROM generate_series(1, 10) i;
CREATE TABLE visit (id bigint PRIMARY KEY, organisation_id integer NOT NULL, customer_id bigint NOT NULL
    REFERENCES customer, page text, at timestamptz, seconds integer);
INSERT INTO visit SELECT i, 7, 1 + (i > {rows})::int, '/page/' || i % 977, now(), i % 300
    FROM generate_series(1, {rows} + 1000) i;
CREATE INDEX visit_customer ON visit (customer_id);
VACUUM ANALYZE visit
"""
COPY = "COPY (SELECT * FROM visit WHERE organisation_id = 7 AND customer_id = 1 ORDER BY id) TO STDOUT (FORMAT csv)"


def measure(rows: int = 1_000_000) -> dict[str, Any]:
    """For the table of `make bench`: the fastest of three of each."""
    with _visits(rows) as (connection, schema), tempfile.TemporaryDirectory() as folder:
        pairs = [(_copied(connection, Path(folder)), _exported(schema, Path(folder), rows)) for _ in range(PAIRS)]
    floor = rows / min(copied for copied, _ in pairs)
    ours = rows / min(exported["seconds"] for _, exported in pairs)
    peak = max(exported["megabytes"] for _, exported in pairs)
    return {
        "work": f"access export of {rows:,} rows to a file",
        "floor": f"{floor:,.0f} rows/s by COPY",
        "ours": f"{ours:,.0f} rows/s, peak {peak:.0f} MB",
        "ratio": round(ours / floor, 2),
        "goal": f"at least {LEAST_RATIO} of COPY, under {MOST_MEGABYTES} MB",
        "met": ours / floor >= LEAST_RATIO and peak < MOST_MEGABYTES,
        "figures": {"seconds_of_copy": [copied for copied, _ in pairs], "exports": [each for _, each in pairs]},
    }


@contextmanager
def _visits(rows: int) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    schema = f"bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(bench_dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {0}; SET search_path = {0}").format(sql.Identifier(schema)))
        try:
            for statement in TABLES.format(rows=rows).split(";\n"):
                connection.execute(statement)
            yield connection, schema
        finally:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


def _copied(connection: psycopg.Connection[Any], folder: Path) -> float:
    began = time.perf_counter()
    with connection.cursor() as cursor, cursor.copy(COPY) as copy, (folder / "copied.csv").open("wb") as file:
        for block in copy:
            file.write(block)
    return time.perf_counter() - began


def _exported(schema: str, folder: Path, rows: int) -> dict[str, float]:
    file = folder / "exported.csv"
    arguments = [sys.executable, "-m", "benchmarks.export_alone", bench_dsn(), schema, str(file)]
    answer = json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)
    with file.open("rb") as written:
        found = sum(1 for _line in written)
    if found != rows + 1:  # and the customer's own
        raise RuntimeError(f"{found} rows were exported where there are {rows + 1}")
    return {"seconds": answer["seconds"], "megabytes": answer["kilobytes"] / 1024}
