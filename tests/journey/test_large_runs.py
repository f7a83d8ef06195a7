"""A run over 200,000 rows survives what happens to servers. The source itself counts how often each row is changed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from config import env
from config.embedded import Servers, superuser_url
from config.embedded.postgres import DATABASE
from retention.enums import RunState
from retention.models import Run, RunChunk
from tests.large import connect_large, large_table, part_jobs, start_large_run
from tests.stack import PROJECT, running_stack, wait_for

pytestmark = pytest.mark.processes

ROWS = 200_000
WORKERS = ("worker", "beat")


def test_a_worker_killed_twice_in_a_run_over_200_000_rows_changes_each_row_once(committed, tmp_path):
    with large_table(superuser_url("test"), ROWS) as table:
        connect_large(table)
        run = start_large_run()
        with running_stack(tmp_path, WORKERS) as stack:
            for changed in (10_000, 70_000):
                wait_for(lambda least=changed: table.touched[0] > least, f"{changed} rows to be changed")
                stack.kill("worker")
                assert table.unmasked > 0
                stack.start("worker")
            wait_for(lambda: Run.objects.get(pk=run.pk).state == RunState.COMPLETED, "the run to be completed", 120)
        step = run.steps.get()
        assert (step.rows, step.survivors, step.expected) == (ROWS, 0, ROWS)
        assert (table.touched, table.unmasked) == ((ROWS, ROWS), 0)
    assert len(part_jobs(run)) == 4
    assert sum(part.rows for part in step.parts.all()) == ROWS
    assert sum(chunk.rows for chunk in RunChunk.objects.filter(step=step, state="completed")) == ROWS


@pytest.mark.processes(redis=False)  # it has its own
def test_postgresql_restarted_twice_under_portal_and_source_leaves_the_run_exact(tmp_path):
    own = env.child_environment(
        PRIVACY_DESK_DATA_DIR=str(tmp_path / "own"),
        DATABASE_URL="",
        REDIS_URL="",
        DJANGO_SETTINGS_MODULE="config.settings.test",
    )
    servers = Servers(tmp_path / "own" / "test", durable=False)
    servers.ensure_postgres()
    try:
        made = _portal(own, "make", str(ROWS))
        assert made["expected"] == ROWS
        with running_stack(tmp_path, WORKERS, environment=own):
            for changed, crash in ((10_000, True), (70_000, False)):
                wait_for(lambda least=changed: _touched(made["dsn"]) > least, f"{changed} rows to be changed")
                servers.restart_postgres(crash=crash)
                assert _touched(made["dsn"]) < ROWS
            wait_for(lambda: _touched(made["dsn"]) >= ROWS, "all rows to be changed", 120)
            wait_for(lambda: _state(servers, made["schema"]) not in ("pending", "running"), "the run to end", 120)
            found = _portal(own, "look")
    finally:
        servers.release()
        servers.delete()
    assert found == {
        "state": "completed", "rows": ROWS, "left": 0, "chunks": ROWS, "unsettled": 0, "certificates": 1,
        "touched": [ROWS, ROWS],
    }  # fmt: skip


def _portal(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.journey.own_portal", *arguments]
    finished = subprocess.run(
        command, cwd=Path(PROJECT), env=environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert finished.returncode == 0, finished.stderr[-2000:]
    answer: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return answer


def _state(servers: Servers, schema: str) -> str:
    """Of the run, asked of the portal's own database."""
    query = sql.SQL("SELECT state FROM {}").format(sql.Identifier(schema, "retention_run"))
    with psycopg.connect(servers.superuser_url(), dbname=DATABASE) as connection:
        return connection.execute(query).fetchone()[0]


def _touched(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        return connection.execute("SELECT count(*) FROM app.touched").fetchone()[0]
