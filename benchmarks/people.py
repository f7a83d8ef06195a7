"""Erasing people who are spread over ten tables of a million rows each, as ratios to hand-written statements.

Whoever wrote the statements by hand knows the person's key, the tables and their columns, opens one connection, does
everything in one transaction with one commit and trusts that all went well. The engine's run connects, compares the
rows with the plan, writes its record and counts afterwards; all of that is in its time. Finding the person by the
address and planning is told apart: an officer approves in between.
"""

import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.engine import MASK_KEY, SCOPE, bench_dsn, seconds_of
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.introspect import read_catalog
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.plan import Action, Plan
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
COUNT_BY_HAND = "SELECT " + ", ".join(
    [
        f"(SELECT count(*) FROM activity_{number} WHERE organisation_id = 7 AND customer_id = ANY(%(people)s)"
        " AND NOT (note IS NULL AND address = 'erased'))"
        for number in range(TABLES)
    ]
    + ["(SELECT count(*) FROM customer WHERE organisation_id = 7 AND id = ANY(%(people)s) AND name IS NOT NULL)"]
)
MASKS = (ColumnMask("note", Strategy.NULL), ColumnMask("address", Strategy.CONSTANT, {"value": "erased"}))


@dataclass(frozen=True)
class Seconds:
    """Of one erasure: finding the person and planning, then carrying out the approved plan to its verified end."""

    planning: float
    carrying_out: float

    @property
    def all(self) -> float:
        return self.planning + self.carrying_out


def one_person_row(rows: int = 1_000_000) -> dict[str, Any]:
    """For the table of `make bench`: one person over ten tables, from the approved plan to the verified end.

    Beside it stands what the same statements cost when whoever writes them counts before and after, as a run does.
    """
    with _spread(rows) as (dsn, schema):
        tries = []
        for attempt in range(TRIES):
            by_hand, counted, ours = (_one_of_three(way, dsn, schema, 3 * attempt) for way in range(3))
            tries.append((by_hand, counted, ours))
    floor = min(each[0] for each in tries)
    counted = min(each[1] for each in tries)
    ours = min((each[2] for each in tries), key=lambda each: each.carrying_out)
    return {
        "work": f"erase one person, {TABLES} tables of {rows:,} rows, {ROWS_EACH} in each, verified",
        "floor": f"{floor * 1000:.0f} ms",
        "ours": f"{ours.carrying_out * 1000:.0f} ms",
        "ratio": round(ours.carrying_out / floor, 2),
        "goal": "at most 1.5 times the hand-written statements",
        "met": ours.carrying_out / floor <= 1.5,
        "figures": {
            "milliseconds_by_hand": _milliseconds(floor),
            "milliseconds_by_hand_counting_before_and_after": _milliseconds(counted),
            "milliseconds_of_the_run": _milliseconds(ours.carrying_out),
            "milliseconds_of_finding_and_planning": _milliseconds(ours.planning),
        },
    }


def _one_of_three(way: int, dsn: str, schema: str, person: int) -> Any:
    """The same erasure by hand, by hand with counts, by the engine; each of another person."""
    people = [person + way + 1]
    return _by_engine(dsn, schema, people) if way == 2 else _by_hand(dsn, schema, people, counting=way == 1)


def _milliseconds(seconds: float) -> float:
    return round(1000 * seconds, 1)


def many_people_row(rows: int = 100_000) -> dict[str, Any]:
    """For the table of `make bench`: a hundred people in one run against a hundred runs, planning and all.

    Beside it stands what the same costs by hand, one after the other and together: what there is to be gained at all.
    """
    with _spread(rows) as (dsn, schema):
        by_hand = seconds_of(lambda: [_by_hand(dsn, schema, [2 * MANY + person + 1]) for person in range(MANY)])
        by_hand_together = _by_hand(dsn, schema, [3 * MANY + person + 1 for person in range(MANY)])
        single = sum(_by_engine(dsn, schema, [person + 1]).all for person in range(MANY))
        together = _by_engine(dsn, schema, [MANY + person + 1 for person in range(MANY)]).all
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
            "ratio_by_hand": round(by_hand / by_hand_together, 1),
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


def _by_hand(dsn: str, schema: str, people: Sequence[int], *, counting: bool = False) -> float:
    """counting: also count the rows before and after, each table once, as a run does."""
    began = time.perf_counter()
    with psycopg.connect(dsn) as connection:  # commits at its end
        connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
        if counting:
            connection.execute(COUNT_BY_HAND, {"people": list(people)})
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
        if counting:
            connection.commit()
            connection.execute(COUNT_BY_HAND, {"people": list(people)})
    return time.perf_counter() - began


def _by_engine(dsn: str, schema: str, people: Sequence[int]) -> Seconds:
    """Two connections, as in the portal: the plan waits for its approval in between."""
    began = time.perf_counter()
    with open_source(dsn, mask_key=MASK_KEY) as source:
        plan = _plan(source, schema, people)
    planning = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder, closing(FileJournal(Path(folder) / "journal")) as journal:
        began = time.perf_counter()
        with open_source(dsn, mask_key=MASK_KEY) as source:
            progress = run(source, plan, journal, SettledWorld())
        seconds = Seconds(planning, time.perf_counter() - began)
    expected = len(people) * (TABLES * ROWS_EACH + 1)
    if not progress.done or progress.rows_now != expected:
        raise RuntimeError(f"the run ended {progress.state} with {progress.rows_now} of {expected} rows")
    return seconds


def _plan(source: Source, schema: str, people: Sequence[int]) -> Plan:
    datasets = list(_datasets(schema))
    catalog = read_catalog(source)
    identifiers = [Identifier("email", f"person{each}@example.com") for each in people]
    keys = resolve_subject(source, datasets, identifiers, catalog=catalog)
    instructions = [Instruction(f"activity_{number}", Action.MASK, MASKS) for number in range(TABLES)]
    names = (ColumnMask("email", Strategy.EMAIL), ColumnMask("name", Strategy.NULL))
    instructions.append(Instruction("customer", Action.MASK, names))
    return make_plan(source, datasets, instructions, selection=keys, catalog=catalog)


def _datasets(schema: str) -> Iterator[DatasetSpec]:
    to_customer = ((Join(("customer_id",), "customer", ("id",)),),)
    yield DatasetSpec("customer", schema, "customer", ("id",), SCOPE, identities=(Identity("email", "email"),))
    for number in range(TABLES):
        name = f"activity_{number}"
        yield DatasetSpec(name, schema, name, ("id",), SCOPE, paths=to_customer)
