"""Erasing people who are spread over ten tables of a million rows each, as ratios to hand-written statements.

Whoever wrote the statements by hand knows the person's key, the tables and their columns, opens one connection, does
everything in one transaction with one commit and trusts that all went well. The engine finds the person by the
address, plans, compares with the plan, writes its record and counts afterwards; all of that is in its time.
"""

import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.engine import MASK_KEY, SCOPE, bench_dsn, seconds_of
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.introspect import read_catalog
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction, make_plan, resolve_subject
from privacy.datamap.engine.selection import Identifier
from privacy.datamap.engine.source import Source, open_source
from privacy.datamap.engine.spec import DatasetSpec, Identity, Join
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld

TABLES = 10
ROWS_EACH = 100  # rows of one person in one table
TRIES = 5
MANY = 100
CUSTOMER = """
CREATE TABLE customer (id bigint PRIMARY KEY, organisation_id integer NOT NULL, email varchar(120) UNIQUE, name text);
INSERT INTO customer SELECT i, 7, 'person' || i || '@example.com', 'Name ' || i FROM generate_series(1, {people}) i
"""
TABLE = """
CREATE TABLE activity_{number} (id bigint PRIMARY KEY, organisation_id integer NOT NULL,
    customer_id bigint NOT NULL REFERENCES customer, note text, address text, at timestamptz);
INSERT INTO activity_{number} SELECT i, 7, 1 + i % {people}, 'Note ' || i, i || ' High Street', now()
    FROM generate_series(1, {rows}) i;
CREATE INDEX activity_{number}_customer ON activity_{number} (customer_id);
VACUUM ANALYZE activity_{number}
"""
MASKS = (ColumnMask("note", Strategy.NULL), ColumnMask("address", Strategy.CONSTANT, {"value": "erased"}))


def one_person_row(rows: int = 1_000_000) -> dict[str, Any]:
    """For the table of `make bench`: one person over ten tables."""
    with _spread(rows) as (dsn, schema):
        pairs = []
        for attempt in range(TRIES):
            by_hand = _by_hand(dsn, schema, [2 * attempt + 1])
            ours = _by_engine(dsn, schema, [2 * attempt + 2])
            pairs.append((by_hand, ours))
    floor, best = (min(times) for times in zip(*pairs, strict=True))
    return {
        "work": f"erase one person, {TABLES} tables of {rows:,} rows, {ROWS_EACH} in each, verified",
        "floor": f"{floor * 1000:.0f} ms",
        "ours": f"{best * 1000:.0f} ms",
        "ratio": round(best / floor, 2),
        "goal": "at most 1.5 times the hand-written statements",
        "met": best / floor <= 1.5,
        "figures": {"pairs_in_milliseconds": [[round(1000 * each, 1) for each in pair] for pair in pairs]},
    }


def many_people_row(rows: int = 100_000) -> dict[str, Any]:
    """For the table of `make bench`: a hundred people in one run against a hundred runs.

    Beside it stands what the same costs by hand, one after the other and together: what there is to be gained at all.
    """
    with _spread(rows) as (dsn, schema):
        by_hand = seconds_of(lambda: [_by_hand(dsn, schema, [2 * MANY + person + 1]) for person in range(MANY)])
        by_hand_together = _by_hand(dsn, schema, [3 * MANY + person + 1 for person in range(MANY)])
        began = time.perf_counter()
        for person in range(MANY):
            _by_engine(dsn, schema, [person + 1])
        single = time.perf_counter() - began
        together = _by_engine(dsn, schema, [MANY + person + 1 for person in range(MANY)])
    return {
        "work": f"erase {MANY} people in one run, {TABLES} tables of {rows:,} rows",
        "floor": f"{single:.1f} s in {MANY} runs",
        "ours": f"{together:.1f} s in one",
        "ratio": round(single / together, 1),
        "goal": "at least 10 times faster than single runs",
        "met": single / together >= 10,
        "figures": {
            "seconds_in_single_runs": round(single, 2),
            "seconds_in_one": round(together, 2),
            "seconds_by_hand_in_single_transactions": round(by_hand, 2),
            "seconds_by_hand_in_one": round(by_hand_together, 2),
        },
    }


@contextmanager
def _spread(rows: int) -> Iterator[tuple[str, str]]:
    """Ten tables of that many rows about customers, indexed by customer; gives DSN and schema."""
    schema, dsn = f"bench_{uuid.uuid4().hex[:8]}", bench_dsn()
    people = rows // ROWS_EACH
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {0}; SET search_path = {0}").format(sql.Identifier(schema)))
        try:
            scripts = [CUSTOMER.format(people=people)]
            scripts += [TABLE.format(number=number, people=people, rows=rows) for number in range(TABLES)]
            for script in scripts:
                for statement in script.split(";\n"):
                    connection.execute(statement)
            connection.execute("VACUUM ANALYZE customer")
            connection.execute("CHECKPOINT")
            yield dsn, schema
        finally:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


def _by_hand(dsn: str, schema: str, people: Sequence[int]) -> float:
    began = time.perf_counter()
    with psycopg.connect(dsn) as connection:  # commits at its end
        connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
        for number in range(TABLES):
            connection.execute(
                f"UPDATE activity_{number} SET note = NULL, address = 'erased' "
                "WHERE organisation_id = 7 AND customer_id = ANY(%s)",
                [list(people)],
            )
        connection.execute(
            "UPDATE customer SET email = %s || id, name = NULL WHERE organisation_id = 7 AND id = ANY(%s)",
            [f"erased-{uuid.uuid4().hex}@erased.invalid", list(people)],
        )
    return time.perf_counter() - began


def _by_engine(dsn: str, schema: str, people: Sequence[int]) -> float:
    with tempfile.TemporaryDirectory() as folder, closing(FileJournal(Path(folder) / "journal")) as journal:
        began = time.perf_counter()
        with open_source(dsn, mask_key=MASK_KEY) as source:
            progress = _erase(source, schema, people, journal)
        seconds = time.perf_counter() - began
    expected = len(people) * (TABLES * ROWS_EACH + 1)
    if not progress.done or progress.rows_now != expected:
        raise RuntimeError(f"the run ended {progress.state} with {progress.rows_now} of {expected} rows")
    return seconds


def _erase(source: Source, schema: str, people: Sequence[int], journal: FileJournal) -> Any:
    datasets = list(_datasets(schema))
    catalog = read_catalog(source)
    identifiers = [Identifier("email", f"person{each}@example.com") for each in people]
    keys = resolve_subject(source, datasets, identifiers, catalog=catalog)
    instructions = [Instruction(f"activity_{number}", Action.MASK, MASKS) for number in range(TABLES)]
    names = (ColumnMask("email", Strategy.EMAIL), ColumnMask("name", Strategy.NULL))
    instructions.append(Instruction("customer", Action.MASK, names))
    plan = make_plan(source, datasets, instructions, selection=keys, catalog=catalog)
    return run(source, plan, journal, SettledWorld())


def _datasets(schema: str) -> Iterator[DatasetSpec]:
    to_customer = ((Join(("customer_id",), "customer", ("id",)),),)
    yield DatasetSpec("customer", schema, "customer", ("id",), SCOPE, identities=(Identity("email", "email"),))
    for number in range(TABLES):
        name = f"activity_{number}"
        yield DatasetSpec(name, schema, name, ("id",), SCOPE, paths=to_customer)
