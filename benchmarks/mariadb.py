"""The engine on MariaDB: one bare UPDATE against a whole verified run, in one run on the same server."""

import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.engine import CUTOFF, MASK_KEY, SCOPE
from privacy.datamap.engine.executor import run
from privacy.datamap.engine.masks import ColumnMask, Strategy
from privacy.datamap.engine.plan import Action
from privacy.datamap.engine.planner import Instruction, make_plan
from privacy.datamap.engine.selection import OlderThan
from privacy.datamap.engine.source import open_source
from privacy.datamap.engine.spec import DatasetSpec
from tests import mariadb
from tests.privacy.datamap.engine.doubles import FileJournal, SettledWorld

TRIES = 3
WINDOW = 5_000  # rows
PERSON = """
CREATE TABLE person (id bigint PRIMARY KEY, organisation_id integer NOT NULL, email varchar(120) UNIQUE,
    name varchar(80), phone varchar(40), address varchar(120), born date, ip varchar(45), left_on date);
INSERT INTO person SELECT seq, 7, concat('person', seq, '@example.com'), concat('Name ', seq), concat('+23355', seq),
    concat(seq, ' High Street'), date '1980-01-01' + INTERVAL seq % 9000 DAY, concat('10.0.', seq % 199, '.7'),
    '2020-01-01' FROM seq_1_to_{rows}
"""
# The plain statement writes values of the same shape and cost into the same six columns.
BARE_UPDATE = """
UPDATE person SET email = concat('erased-', left(sha2(concat('x', id), 256), 32), '@erased.invalid'), name = NULL,
    phone = concat('+999', lpad(id, 11, '0')), address = NULL, born = date_format(born, '%Y-01-01'),
    ip = concat(substring_index(ip, '.', 3), '.0')
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


def anonymise_row(rows: int = 200_000) -> dict[str, Any]:
    """For the table of `make bench`: the fastest of each. Beside it the same bare statement in windows, each committed

    by itself, and then in two phases: what no run can go below that holds its locks for a short time only.
    """
    tries = [
        (_bare_seconds(rows), _window_seconds(rows), _window_seconds(rows, two_phases=True), _engine_seconds(rows))
        for _ in range(TRIES)
    ]
    bare, windows, two_phases, ours = (rows / min(seconds) for seconds in zip(*tries, strict=True))
    return {
        "work": f"MariaDB: anonymise {rows:,} rows, 6 fields, verified",
        "floor": f"{bare:,.0f} rows/s",
        "ours": f"{ours:,.0f} rows/s",
        "ratio": round(ours / bare, 2),
        "goal": "at least 1.0 of a bare UPDATE",
        "met": ours >= bare,
        "figures": {
            "ratio_of_bare_windows": round(windows / bare, 2),
            "ratio_of_bare_windows_in_two_phases": round(two_phases / bare, 2),
            "tries_in_seconds": [[round(each, 2) for each in seconds] for seconds in tries],
        },
    }


@contextmanager
def _people(rows: int) -> Iterator[tuple[Any, str]]:
    """A cursor in a database of its own with that many people, and the database's name."""
    database = f"bench_{uuid.uuid4().hex[:8]}"
    with mariadb.connection(mariadb.address()) as client, client.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {database}")
        try:
            client.select_db(database)
            for statement in PERSON.format(rows=rows).split(";\n"):
                cursor.execute(statement)
            client.commit()
            cursor.execute("ANALYZE TABLE person")
            yield cursor, database
        finally:
            cursor.execute(f"DROP DATABASE {database}")


def _bare_seconds(rows: int) -> float:
    with _people(rows) as (cursor, _database):
        began = time.perf_counter()
        cursor.execute(BARE_UPDATE)
        cursor.connection.commit()
        return time.perf_counter() - began


def _window_seconds(rows: int, *, two_phases: bool = False) -> float:
    """The bare statement in windows of the primary key, each its own transaction."""
    with _people(rows) as (cursor, _database):
        began = time.perf_counter()
        for lower in range(0, rows, WINDOW):
            cursor.execute(f"XA START 'bench-{lower}'" if two_phases else "BEGIN")
            cursor.execute(f"{BARE_UPDATE} AND id > {lower} AND id <= {lower + WINDOW}")
            for ending in ("END", "PREPARE", "COMMIT") if two_phases else ():
                cursor.execute(f"XA {ending} 'bench-{lower}'")
            cursor.connection.commit()
        return time.perf_counter() - began


def _engine_seconds(rows: int) -> float:
    """From the approved plan to the verified end."""
    with (
        _people(rows) as (_cursor, database),
        open_source(mariadb.address(), mask_key=MASK_KEY) as source,
        tempfile.TemporaryDirectory() as folder,
    ):
        person = DatasetSpec("person", database, "person", ("id",), SCOPE)
        masked = [Instruction("person", Action.MASK, MASKS)]
        plan = make_plan(source, [person], masked, selection=OlderThan("left_on", CUTOFF))
        journal = FileJournal(Path(folder) / "journal")
        began = time.perf_counter()
        progress = run(source, plan, journal, SettledWorld())
        seconds = time.perf_counter() - began
        journal.close()
    if not progress.done or progress.rows_now != rows:
        raise RuntimeError(f"the run ended {progress.state} with {progress.rows_now} of {rows} rows")
    return seconds
