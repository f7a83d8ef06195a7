"""Two workers on one run against one worker, and against one bare UPDATE of the same rows and fields.

The workers are processes, as in the portal; they are started before the clock is, as there. Every worker takes the
next part that nobody has, and the whole step is passed over and verified at the end.
"""

import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.engine import (
    BARE_UPDATE,
    MASK_KEY,
    PERSON,
    bench_dsn,
    engine_seconds,
    mask_plan,
    seconds_of,
    tables,
)
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.part_run import run_part
from privacy.datamap.engine.plan import Plan
from privacy.datamap.engine.source import open_source
from tests.privacy.datamap.engine.doubles import FileJournal, FileSharing, SettledWorld

ROWS = 200_000
PARTS = 4
WORKERS = 2
PAIRS = 3


def two_workers_row() -> dict[str, Any]:
    """For the table of `make bench`: the best of three rounds of each."""
    rounds = [_measure(bench_dsn()) for _ in range(PAIRS)]
    bare, one, two = (max(each[name] for each in rounds) for name in ("bare", "one", "two"))
    return {
        "work": f"anonymise {ROWS:,} rows, 6 fields, two workers on one run",
        "floor": f"{bare:,} rows/s",
        "ours": f"{two:,} rows/s; one worker {one:,}",
        "ratio": round(two / bare, 2),
        "goal": "above 1.5 of a bare UPDATE",
        "met": two / bare > 1.5,
        "figures": {"bare": bare, "one_worker": one, "two_workers": two, "two_to_one": round(two / one, 2),
                    "rounds": rounds},
    }  # fmt: skip


def _measure(dsn: str) -> dict[str, int]:
    with tables(dsn, ROWS, PERSON) as (connection, _):
        bare = seconds_of(lambda: connection.execute(BARE_UPDATE))
    with tables(dsn, ROWS, PERSON) as (_, schema):
        one = engine_seconds(dsn, lambda source: mask_plan(source, schema))
    with tables(dsn, ROWS, PERSON) as (_, schema):
        two = _two_seconds(dsn, schema)
    return {"bare": round(ROWS / bare), "one": round(ROWS / one), "two": round(ROWS / two)}


def _two_seconds(dsn: str, schema: str) -> float:
    """From the approved plan to the verified end, cutting and the last pass included."""
    with open_source(dsn, mask_key=MASK_KEY) as source, tempfile.TemporaryDirectory() as folder:
        plan, path = mask_plan(source, schema), Path(folder) / "journal"
        with _workers(dsn, plan, path) as numbers:
            journal = FileJournal(path)
            sharing = FileSharing(journal, into=PARTS)
            started = time.perf_counter()
            run(source, plan, journal, SettledWorld(), sharing=sharing)
            for part in journal.parts("person"):
                numbers.put(part.number)
            while sharing.is_under_way(plan.steps[0]):
                time.sleep(0.02)
            ended = run(source, plan, journal, SettledWorld(), sharing=sharing)
            seconds = time.perf_counter() - started
            journal.close()
        if not ended.done or ended.rows != {"person": ROWS}:
            raise RuntimeError(f"the shared run ended {ended.state} with {ended.rows}")
    return seconds


@contextmanager
def _workers(dsn: str, plan: Plan, path: Path) -> Iterator[Any]:
    """Processes that take numbers of parts from a queue; ended with None."""
    context = multiprocessing.get_context("spawn")
    numbers, ready = context.Queue(), context.Queue()
    processes = [
        context.Process(target=_work, args=(dsn, json.dumps(plan.to_data()), str(path), numbers, ready))
        for _ in range(WORKERS)
    ]
    for process in processes:
        process.start()
    try:
        for _ in processes:
            ready.get(timeout=60)
        yield numbers
    finally:
        for _ in processes:
            numbers.put(None)
        for process in processes:
            process.join(60)


def _work(dsn: str, plan_text: str, path: str, numbers: Any, ready: Any) -> None:
    plan = Plan.from_data(json.loads(plan_text))
    with open_source(dsn, mask_key=MASK_KEY) as source:
        with source.connect() as connection:
            connection.version()
        ready.put(True)
        while (number := numbers.get()) is not None:
            journal = FileJournal(path, part=number)
            (part,) = [each for each in journal.parts("person") if each.number == number]
            run_part(source, plan, "person", part, journal, SettledWorld())
            journal.close()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(two_workers_row()) + "\n")
