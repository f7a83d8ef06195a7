"""A source with one plain table of as many rows as a test wants, which counts itself how often each row is changed."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
from django.utils import timezone
from psycopg import sql
from psycopg.conninfo import make_conninfo

from config.database_url import with_database
from privacy.datamap.models import Action, DataCategory, Dataset, Field, Source, Strategy
from privacy.datamap.services.confirming import confirm_dataset
from privacy.datamap.services.connecting import connect_source
from privacy.datamap.services.discovering import discover
from privacy.jobs.models import Job, JobState
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.tenants.context import public_context
from retention.models import Rule, Run
from retention.services import activate_rule, save_rule, start_rule_run
from tests.sources import approve

TABLE = """
CREATE SCHEMA app;
CREATE TABLE app.visitor (id bigint PRIMARY KEY, name text, left_on date NOT NULL);
INSERT INTO app.visitor SELECT n, 'Visitor ' || n, date '2020-01-01' FROM generate_series(1, {rows}) n;
CREATE TABLE app.touched (id bigint NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN INSERT INTO app.touched (id) SELECT id FROM changed; RETURN NULL; END';
CREATE TRIGGER touch AFTER UPDATE ON app.visitor REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION app.touch();
ANALYZE app.visitor;
"""


class LargeTable:
    """The table in a database of its own. server: the address of a superuser, where the database is made."""

    def __init__(self, server: str, name: str) -> None:
        self.address = with_database(server, name)
        self.dsn = make_conninfo(server, dbname=name)

    def rows(self, query: str) -> list[tuple]:
        """What a plain client reads."""
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(query).fetchall()

    def run(self, statement: str) -> None:
        """What a plain client changes."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(statement)

    @property
    def touched(self) -> tuple[int, int]:
        """How many changes of rows the source saw, and of how many rows: the same number when each was once."""
        return self.rows("SELECT count(*), count(DISTINCT id) FROM app.touched")[0]

    @property
    def unmasked(self) -> int:
        return self.rows("SELECT count(*) FROM app.visitor WHERE name IS NOT NULL")[0][0]


def make_large_table(server: str, rows: int, name: str) -> LargeTable:
    """Make it in a database of this name."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    table = LargeTable(server, name)
    table.run(TABLE.format(rows=rows))
    return table


@contextmanager
def large_table(server: str, rows: int) -> Iterator[LargeTable]:
    """Make it, and drop it at the end."""
    name = f"large_{secrets.token_hex(5)}"
    try:
        yield make_large_table(server, rows, name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def connect_large(table: LargeTable) -> Source:
    """The table as a confirmed source of the organisation that the caller is in."""
    source = connect_source(name="Visitors", address=table.address, actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    visitors = Dataset.objects.get(source=source, table_name="visitor")
    Field.objects.filter(dataset=visitors).update(
        category=DataCategory.KEY, on_erasure=Strategy.KEEP, on_retention=Strategy.KEEP
    )
    Field.objects.filter(dataset=visitors, column="name").update(
        category=DataCategory.IDENTITY, on_erasure=Strategy.NULL, on_retention=Strategy.NULL
    )
    confirm_dataset(dataset=visitors, actor=SYSTEM)
    return source


def large_rule() -> Rule:
    """An active rule that takes every name."""
    visitors = Dataset.objects.get(table_name="visitor")
    rule = Rule(
        name="Names of visitors",
        dataset=visitors,
        start_dataset=visitors,
        start_column="left_on",
        amount=30,
        action=Action.MASK,
        legal_reason="The policy promises thirty days.",
    )
    return activate_rule(rule=save_rule(rule=rule, actor=SYSTEM), actor=SYSTEM)


def start_large_run() -> Run:
    """An approved run of that rule; nothing has worked on it yet."""
    return approve(start_rule_run(rule=large_rule(), actor=SYSTEM).pk)


def jobs_of(run: Run) -> list[Job]:
    """The run's own job and those of its parts, in order."""
    return list(Job.objects.filter(slot__startswith=str(run.pk), kind__startswith="retention.run").order_by("pk"))


def part_jobs(run: Run) -> list[Job]:
    return [job for job in jobs_of(run) if job.kind == "retention.run_part"]


def work_together(run: Run) -> None:
    """Do the jobs of a run in turn, as one worker does, until none is due; pauses are over at once.

    Jobs whose worker is dead and whose lease has run out are taken over.
    """
    for _round in range(50):
        with public_context():
            Job.objects.filter(pk__in=[job.pk for job in jobs_of(run)], state=JobState.PENDING).update(
                due_at=timezone.now() - timedelta(seconds=1)
            )
        due = [job for job in jobs_of(run) if job.state == JobState.PENDING or _is_orphaned(job)]
        if not due:
            return
        for job in due:
            while run_job(job_id=job.pk):
                pass
        run.refresh_from_db()
        if run.problem:
            return
    raise AssertionError("the run did not come to an end in 50 rounds")


def _is_orphaned(job: Job) -> bool:
    return job.lease_until is not None and job.lease_until < timezone.now()
