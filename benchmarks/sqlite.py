"""The engine on SQLite: bare statements against whole verified runs, each on a freshly written file of its own.

Whoever writes the statements by hand takes random values, which SQLite makes itself; the engine's depend on the row's
key and its secret, so that a row can be recognised as masked, and SQLite calls a function of ours for each of them.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.engine import CUTOFF, MASK_KEY, SCOPE
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.plan import Action, Plan
from privacy.datamap.engine.planner import Instruction, make_plan
from privacy.datamap.engine.selection import OlderThan
from privacy.datamap.engine.source import Source, open_source
from privacy.datamap.engine.spec import DatasetSpec, Join
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld

PAIRS = 3
ROWS = 200_000
NUMBERS = "WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {rows})"
PERSON = (
    "CREATE TABLE person (id integer PRIMARY KEY, organisation_id integer NOT NULL, email varchar(120) UNIQUE,"
    " name text, phone varchar(40), address text, born date, ip text, left_on date)",
    f"INSERT INTO person {NUMBERS} SELECT i, 7, 'person' || i || '@example.com', 'Name ' || i, '+23355' || i,"
    " i || ' High Street', date('1980-01-01', '+' || i % 9000 || ' days'), '10.0.' || i % 199 || '.7', '2020-01-01'"
    " FROM numbers",
    "CREATE INDEX person_name ON person (name)",
)
CHILDREN = tuple(
    statement
    for table in ("purchase", "visit")
    for statement in (
        f"CREATE TABLE {table} (id integer PRIMARY KEY, organisation_id integer NOT NULL,"
        " person_id integer NOT NULL REFERENCES person (id), total integer)",
        f"INSERT INTO {table} {NUMBERS} SELECT i, 7, i, i FROM numbers",
        f"CREATE INDEX {table}_person ON {table} (person_id)",
    )
)
BARE_UPDATE = (
    "UPDATE person SET email = 'erased-' || lower(hex(randomblob(16))) || '@erased.invalid', name = NULL,"
    " phone = printf('+999%011d', id), address = NULL, born = strftime('%Y-01-01', born),"
    " ip = rtrim(ip, '0123456789') || '0' WHERE organisation_id = 7 AND left_on < '2026-01-01'",
)
BARE_DELETES = (
    "DELETE FROM purchase WHERE person_id IN (SELECT id FROM person WHERE left_on < '2026-01-01')",
    "DELETE FROM visit WHERE person_id IN (SELECT id FROM person WHERE left_on < '2026-01-01')",
    "DELETE FROM person WHERE left_on < '2026-01-01'",
)
MASKS = (
    ColumnMask("email", Strategy.EMAIL),
    ColumnMask("name", Strategy.NULL),
    ColumnMask("phone", Strategy.PHONE),
    ColumnMask("address", Strategy.NULL),
    ColumnMask("born", Strategy.GENERALISE_DATE, {"to": "year"}),
    ColumnMask("ip", Strategy.GENERALISE_IP),
)
TO_PERSON = (Join(("person_id",), "person", ("id",)),)
DATASETS = (
    DatasetSpec("person", "main", "person", ("id",), SCOPE),
    DatasetSpec("purchase", "main", "purchase", ("id",), SCOPE, paths=(TO_PERSON,)),
    DatasetSpec("visit", "main", "visit", ("id",), SCOPE, paths=(TO_PERSON,)),
)


def anonymise_row(rows: int = ROWS) -> dict[str, Any]:
    """For the table of `make bench`: the fastest of each."""
    times = _pairs(rows, PERSON, BARE_UPDATE, _mask_plan, {"person": rows})
    return _row(f"SQLite: anonymise {rows:,} rows, 6 fields, verified", rows, times, "a bare UPDATE", 1.0)


def delete_row(rows: int = ROWS) -> dict[str, Any]:
    """For the table of `make bench`: the fastest of each."""
    expected = dict.fromkeys(("person", "purchase", "visit"), rows)
    times = _pairs(rows, PERSON + CHILDREN, BARE_DELETES, _delete_plan, expected)
    return _row(f"SQLite: delete {rows:,} rows with two child tables, verified", rows, times, "bare DELETEs", 0.5)


def _row(work: str, rows: int, times: Sequence[tuple[float, float]], floor: str, least: float) -> dict[str, Any]:
    bare, ours = (rows / min(seconds) for seconds in zip(*times, strict=True))
    return {
        "work": work,
        "floor": f"{bare:,.0f} rows/s",
        "ours": f"{ours:,.0f} rows/s",
        "ratio": round(ours / bare, 2),
        "goal": f"at least {least} of {floor}",
        "met": ours / bare >= least,
        "figures": {"pairs_in_seconds": [[round(each, 3) for each in pair] for pair in times]},
    }


def _pairs(
    rows: int, script: Sequence[str], bare: Sequence[str], plan_for: Callable[[Source], Plan], expected: dict[str, int]
) -> list[tuple[float, float]]:
    return [
        (_bare_seconds(rows, script, bare), _engine_seconds(rows, script, plan_for, expected)) for _ in range(PAIRS)
    ]


@contextmanager
def _file(rows: int, script: Sequence[str]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.sqlite"
        with closing(sqlite3.connect(path)) as client:
            for statement in script:
                client.execute(statement.format(rows=rows))
            client.commit()
            client.execute("ANALYZE")
        yield path


def _bare_seconds(rows: int, script: Sequence[str], statements: Sequence[str]) -> float:
    """In one transaction with its commit, foreign keys enforced as the engine has them enforced."""
    with _file(rows, script) as path, closing(sqlite3.connect(path)) as client:
        client.execute("PRAGMA foreign_keys = ON")
        began = time.perf_counter()
        for statement in statements:
            client.execute(statement)
        client.commit()
        return time.perf_counter() - began


def _engine_seconds(
    rows: int, script: Sequence[str], plan_for: Callable[[Source], Plan], expected: dict[str, int]
) -> float:
    """From the approved plan to the verified end."""
    with (
        _file(rows, script) as path,
        open_source(f"sqlite:///{path}", mask_key=MASK_KEY) as source,
        tempfile.TemporaryDirectory() as folder,
        closing(FileJournal(Path(folder) / "journal")) as journal,
    ):
        plan = plan_for(source)
        began = time.perf_counter()
        progress = run(source, plan, journal, SettledWorld())
        seconds = time.perf_counter() - began
    if not progress.done or progress.rows != expected:
        raise RuntimeError(f"the run ended {progress.state} with {progress.rows} of {expected} rows")
    return seconds


def _mask_plan(source: Source) -> Plan:
    masked = [Instruction("person", Action.MASK, MASKS)]
    return make_plan(source, DATASETS[:1], masked, selection=OlderThan("left_on", CUTOFF))


def _delete_plan(source: Source) -> Plan:
    children = OlderThan("left_on", CUTOFF, path=TO_PERSON)
    deleted = [Instruction("person", Action.DELETE, selection=OlderThan("left_on", CUTOFF))]
    deleted += [Instruction(each, Action.DELETE, selection=children) for each in ("purchase", "visit")]
    return make_plan(source, DATASETS, deleted)
