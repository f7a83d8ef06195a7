"""How fast and how frugal the engine is, as ratios to the plain statements on the same machine in the same minute.

    python -m benchmarks.engine postgresql://user@host/database [rows]

Makes a schema of its own in the database and drops it. Both sides start from the same freshly loaded, vacuumed table.
"""

import datetime as dt
import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.peak import peak_kilobytes
from config import env
from config.embedded import ensure_postgres, superuser_url
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.plan import Action, Plan
from privacy.datamap.engine.planner import Instruction, make_plan
from privacy.datamap.engine.selection import OlderThan
from privacy.datamap.engine.source import Source, open_source
from privacy.datamap.engine.spec import Condition, DatasetSpec, Join, Operator
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld

PAIRS = 3
CUTOFF = dt.date(2026, 1, 1)
MASK_KEY = bytes(range(32))
PERSON = """
CREATE TABLE person (id bigint PRIMARY KEY, organisation_id integer NOT NULL, email varchar(120) UNIQUE, name text,
    phone varchar(40), address text, born date, ip inet, left_on date);
INSERT INTO person SELECT i, 7, 'person' || i || '@example.com', 'Name ' || i, '+23355' || i, i || ' High Street',
    date '1980-01-01' + (i % 9000)::int, ('10.' || i % 250 || '.' || i % 199 || '.7')::inet, '2020-01-01'
    FROM generate_series(1, {rows}) i;
CREATE INDEX person_name ON person (name);
"""
CHILDREN = """
CREATE TABLE purchase (id bigint PRIMARY KEY, organisation_id integer NOT NULL, person_id bigint NOT NULL
    REFERENCES person, total numeric);
INSERT INTO purchase SELECT i, 7, i, i FROM generate_series(1, {rows}) i;
CREATE INDEX purchase_person ON purchase (person_id);
CREATE TABLE visit (id bigint PRIMARY KEY, organisation_id integer NOT NULL, person_id bigint NOT NULL
    REFERENCES person, at timestamptz);
INSERT INTO visit SELECT i, 7, i, now() FROM generate_series(1, {rows}) i;
CREATE INDEX visit_person ON visit (person_id);
"""
# The plain statement writes values of the same shape and cost into the same six columns.
BARE_UPDATE = """
UPDATE person SET
    email = 'erased-' || left(encode(sha256('\\x00'::bytea || convert_to(id::text, 'UTF8')), 'hex'), 32)
        || '@erased.invalid',
    name = NULL, phone = '+999' || lpad(id::text, 11, '0'), address = NULL,
    born = date_trunc('year', born::timestamp)::date, ip = network(set_masklen(ip, 24))
WHERE organisation_id = 7 AND left_on < '2026-01-01'
"""
MASKS = (
    ColumnMask("email", Strategy.EMAIL),
    ColumnMask("name", Strategy.NULL),
    ColumnMask("phone", Strategy.PHONE),
    ColumnMask("address", Strategy.NULL),
    ColumnMask("born", Strategy.GENERALISE_DATE, {"to": "year"}),
    ColumnMask("ip", Strategy.GENERALISE_IP),
)
SCOPE = (Condition("organisation_id", Operator.EQUAL, 7),)


@contextmanager
def tables(dsn: str, rows: int, *scripts: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """Freshly loaded and vacuumed tables in a schema of their own, dropped at the end; a connection, and its name."""
    schema = f"bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {0}; SET search_path = {0}").format(sql.Identifier(schema)))
        try:
            for script in scripts:
                for statement in script.format(rows=rows).split(";\n"):
                    if statement.strip():
                        connection.execute(statement)
            for table in ("person", "purchase", "visit")[: 1 if len(scripts) == 1 else 3]:
                connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))
            with suppress(psycopg.errors.InsufficientPrivilege):
                connection.execute("CHECKPOINT")
            yield connection, schema
        finally:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


def _datasets(schema: str) -> tuple[DatasetSpec, ...]:
    to_person = ((Join(("person_id",), "person", ("id",)),),)
    return (
        DatasetSpec("person", schema, "person", ("id",), SCOPE),
        DatasetSpec("purchase", schema, "purchase", ("id",), SCOPE, paths=to_person),
        DatasetSpec("visit", schema, "visit", ("id",), SCOPE, paths=to_person),
    )


def mask_plan(source: Source, schema: str) -> Plan:
    """Six fields of every row of person."""
    return make_plan(
        source,
        _datasets(schema)[:1],
        [Instruction("person", Action.MASK, MASKS)],
        selection=OlderThan("left_on", CUTOFF),
    )


def _delete_plan(source: Source, schema: str) -> Plan:
    path = (Join(("person_id",), "person", ("id",)),)
    children = OlderThan("left_on", CUTOFF, path=path)
    return make_plan(
        source,
        _datasets(schema),
        [
            Instruction("person", Action.DELETE, selection=OlderThan("left_on", CUTOFF)),
            Instruction("purchase", Action.DELETE, selection=children),
            Instruction("visit", Action.DELETE, selection=children),
        ],
    )


def seconds_of(work: Callable[[], object]) -> float:
    """How long it took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def engine_seconds(dsn: str, plan_for: Callable[[Source], Plan]) -> float:
    """From the approved plan to the verified end, freshness check and verification included."""
    with open_source(dsn, mask_key=MASK_KEY) as source, tempfile.TemporaryDirectory() as folder:
        plan = plan_for(source)
        journal = FileJournal(Path(folder) / "journal")
        ended: list[Any] = []
        seconds = seconds_of(lambda: ended.append(run(source, plan, journal, SettledWorld())))
        journal.close()
    if not ended[0].done:
        raise RuntimeError(f"the run ended {ended[0].state}")
    return seconds


def _result(work: str, rows: int, bare: float, engine: float) -> dict[str, Any]:
    return {
        "work": work,
        "rows": rows,
        "bare_rows_per_second": round(rows / bare),
        "engine_rows_per_second": round(rows / engine),
        "ratio": round(bare / engine, 2),
    }


def measure_anonymise(dsn: str, rows: int = 200_000) -> dict[str, Any]:
    """Mask six fields of every row: one bare UPDATE against a whole verified run."""
    with tables(dsn, rows, PERSON) as (connection, _):
        bare = seconds_of(lambda: connection.execute(BARE_UPDATE))
    with tables(dsn, rows, PERSON) as (_, schema):
        engine = engine_seconds(dsn, lambda source: mask_plan(source, schema))
    return _result("anonymise", rows, bare, engine)


def measure_delete(dsn: str, rows: int = 200_000) -> dict[str, Any]:
    """Delete every row with two indexed child tables of as many rows: bare DELETEs against a whole verified run."""
    statements = [
        "DELETE FROM purchase WHERE person_id IN (SELECT id FROM person WHERE left_on < '2026-01-01')",
        "DELETE FROM visit WHERE person_id IN (SELECT id FROM person WHERE left_on < '2026-01-01')",
        "DELETE FROM person WHERE left_on < '2026-01-01'",
    ]
    with tables(dsn, rows, PERSON, CHILDREN) as (connection, _):
        bare = seconds_of(lambda: [connection.execute(statement) for statement in statements])
    with tables(dsn, rows, PERSON, CHILDREN) as (_, schema):
        engine = engine_seconds(dsn, lambda source: _delete_plan(source, schema))
    return _result("delete", rows, bare, engine)


def measure_memory(dsn: str, small: int = 10_000, large: int = 1_000_000) -> dict[str, Any]:
    """Peak memory of the process that carries out a run, for few and for many rows."""
    peaks = {}
    for rows in (small, large):
        with tables(dsn, rows, PERSON) as (_, schema):
            arguments = [sys.executable, "-m", "benchmarks.engine", "--peak", dsn, schema]
            answer = subprocess.run(arguments, check=True, capture_output=True, text=True)
            peaks[rows] = int(answer.stdout) / 1024
    return {
        "work": "memory",
        "megabytes": {str(rows): round(peak, 1) for rows, peak in peaks.items()},
        "difference_megabytes": round(peaks[large] - peaks[small], 1),
    }


def anonymise_row() -> dict[str, Any]:
    """For the table of `make bench`: the best of three pairs, so that a busy minute does not decide."""
    best = _best([measure_anonymise(bench_dsn()) for _ in range(PAIRS)])
    return _row("anonymise 200,000 rows, 6 fields, verified", best, "at least 1.0 of a bare UPDATE", 1.0)


def delete_row() -> dict[str, Any]:
    """For the table of `make bench`."""
    best = _best([measure_delete(bench_dsn()) for _ in range(PAIRS)])
    return _row("delete 200,000 rows with two child tables, verified", best, "at least 0.5 of bare DELETEs", 0.5)


def memory_row() -> dict[str, Any]:
    """For the table of `make bench`."""
    measured = measure_memory(bench_dsn())
    small, large = measured["megabytes"].values()
    return {
        "work": "peak memory of a run, 10,000 and 1,000,000 rows",
        "floor": f"{small} MB",
        "ours": f"{large} MB",
        "ratio": round(large / small, 2),
        "goal": "within 10 MB",
        "met": measured["difference_megabytes"] <= 10,
        "figures": measured,
    }


def _best(pairs: list[dict[str, Any]]) -> dict[str, Any]:
    """The fastest plain run and the fastest of ours: both had their quiet moment."""
    bare = max(pair["bare_rows_per_second"] for pair in pairs)
    engine = max(pair["engine_rows_per_second"] for pair in pairs)
    best = pairs[0] | {"bare_rows_per_second": bare, "engine_rows_per_second": engine, "pairs": pairs}
    return best | {"ratio": round(engine / bare, 2)}


def _row(work: str, best: dict[str, Any], goal: str, least: float) -> dict[str, Any]:
    return {
        "work": work,
        "floor": f"{best['bare_rows_per_second']:,} rows/s",
        "ours": f"{best['engine_rows_per_second']:,} rows/s",
        "ratio": best["ratio"],
        "goal": goal,
        "met": best["ratio"] >= least,
        "figures": best,
    }


def bench_dsn() -> str:
    if named := env.database_url():
        return named
    ensure_postgres("bench")
    return superuser_url("bench")


def _print_peak(dsn: str, schema: str) -> None:
    engine_seconds(dsn, lambda source: mask_plan(source, schema))
    print(peak_kilobytes())


if __name__ == "__main__":
    if sys.argv[1] == "--peak":
        _print_peak(*sys.argv[2:4])
    else:
        count = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
        for measure in (measure_anonymise, measure_delete):
            print(json.dumps(measure(sys.argv[1], count)))
        print(json.dumps(measure_memory(sys.argv[1])))
