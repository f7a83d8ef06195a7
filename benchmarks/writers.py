"""How long another client of the source waits for its own small writes, beside a run and without one.

    python -m benchmarks.writers DSN SCHEMA ROWS        writes until its input ends, then prints its waits in seconds

The client changes one row after another, at random over the whole table, each in a transaction of its own, so it meets
rows that a chunk holds locked. The longest it may have to wait is the time for which one chunk holds its locks.
"""

import json
import random
import statistics
import subprocess
import sys
import threading
import time
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.engine import PERSON, bench_dsn, engine_seconds, mask_plan, tables

ROWS = 200_000
PAUSE_SECONDS = 0.002
ALONE_SECONDS = 5.0
LONGEST_P99 = 0.5


def writer_row() -> dict[str, Any]:
    """For the table of `make bench`."""
    with tables(bench_dsn(), ROWS, PERSON) as (_, schema):
        alone = _waits(bench_dsn(), schema, lambda: time.sleep(ALONE_SECONDS))
        beside = _waits(
            bench_dsn(), schema, lambda: engine_seconds(bench_dsn(), lambda source: mask_plan(source, schema))
        )
    (quiet, _), (p99, longest) = _percentile(alone), _percentile(beside)
    return {
        "work": f"another client's writes beside a run over {ROWS:,} rows, p99",
        "floor": f"{quiet * 1000:.1f} ms without a run",
        "ours": f"{p99 * 1000:.1f} ms; longest {longest * 1000:.0f} ms",
        "ratio": round(p99 / quiet, 1),
        "goal": "p99 under 0.5 s",
        "met": p99 < LONGEST_P99,
        "figures": {"alone_p99": quiet, "beside_p99": p99, "beside_longest": longest,
                    "writes_alone": len(alone), "writes_beside": len(beside),
                    "beside_median": statistics.median(beside)},
    }  # fmt: skip


def _percentile(waits: list[float]) -> tuple[float, float]:
    """The 99th of a hundred, and the longest."""
    if len(waits) < 100:
        raise RuntimeError(f"{len(waits)} writes are too few to tell")
    return statistics.quantiles(waits, n=100)[98], max(waits)


def _waits(dsn: str, schema: str, meanwhile: Any) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.writers", dsn, schema, str(ROWS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()  # it is connected
        meanwhile()
        out, _ = writer.communicate("")
    if writer.returncode != 0:
        raise RuntimeError("the writing client failed")
    found: list[float] = json.loads(out)
    return found


def _wait_for_end(over: threading.Event) -> None:
    sys.stdin.read()
    over.set()


def _write(dsn: str, schema: str, rows: int) -> list[float]:
    over, waits, chance = threading.Event(), [], random.Random(7)
    threading.Thread(target=_wait_for_end, args=(over,), daemon=True).start()
    statement = sql.SQL("UPDATE {} SET organisation_id = organisation_id WHERE id = %s").format(
        sql.Identifier(schema, "person")
    )
    with psycopg.connect(dsn, autocommit=True) as connection:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while not over.is_set():
            began = time.perf_counter()
            connection.execute(statement, [chance.randint(1, rows)])
            waits.append(time.perf_counter() - began)
            time.sleep(PAUSE_SECONDS)
    return waits


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_write(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
