"""Scratch databases that serve as sources, and the portal's side of them. Import the fixtures in a conftest."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from secrets import token_hex
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.utils.text import slugify
from psycopg import sql
from psycopg.conninfo import make_conninfo

from config import embedded
from config.database_url import with_database
from demo.crm.build import build_offixpro_crm
from demo.crm.catalogue import OFFIXPRO_CATALOGUE
from privacy.datamap.addresses import checked_address
from privacy.datamap.importing import import_catalogue
from privacy.datamap.models import Source
from privacy.datamap.services import connect_source, discover
from privacy.jobs.models import Job
from privacy.jobs.runner import run_job
from privacy.ledger.actors import SYSTEM
from privacy.officers.models import Officer, Role
from privacy.register.models import LawfulBasis, Purpose
from privacy.subjects.models import Subject
from privacy.subjects.services import find_or_add_subject
from privacy.tenants.models import Organisation
from retention.enums import RunState
from retention.models import Run
from retention.services import approve_run
from tests.remembering import Remembered, remember

PEOPLE = 120
TODAY = datetime.now(UTC).date()
PURPOSES = OFFIXPRO_CATALOGUE.purposes
_OFFIXPRO = "OffixPro CRM"


def address_of(dsn: str) -> str:
    """The address under which the portal connects a scratch database."""
    return with_database(superuser_dsn(), psycopg.conninfo.conninfo_to_dict(dsn)["dbname"])


@lru_cache(maxsize=1)  # where root asks, each answer takes two processes
def superuser_dsn() -> str:
    embedded.ensure_postgres("test")
    return embedded.superuser_url("test")


@contextmanager
def scratch_database(*, template: str = "template1") -> Iterator[str]:
    """An empty database, or a copy of another; dropped at the end. Gives its DSN."""
    name, admin = f"src_{token_hex(6)}", superuser_dsn()
    with psycopg.connect(admin, autocommit=True) as connection:
        # As files: page by page through the log takes longer, and no log of a scratch database is ever read
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield make_conninfo(admin, dbname=name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def _offixpro_template() -> Iterator[str]:
    with scratch_database() as dsn:
        build_offixpro_crm(dsn, people=PEOPLE, today=TODAY)
        yield psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]


@pytest.fixture
def crm(_offixpro_template: str) -> Iterator[str]:
    """A fresh copy of the small OffixPro CRM; its DSN."""
    with scratch_database(template=_offixpro_template) as dsn:
        yield dsn


def connect_offixpro(dsn: str) -> Source:
    """The CRM as a confirmed source of the organisation that the caller is in."""
    for title in PURPOSES:
        Purpose.objects.get_or_create(
            code=slugify(title),
            defaults={"title": title, "description": title, "lawful_basis": LawfulBasis.CONTRACT},
        )
    source = connect_source(name=_OFFIXPRO, address=address_of(dsn), actor=SYSTEM)
    discover(source=source, actor=SYSTEM)
    import_catalogue(source=source, catalogue=OFFIXPRO_CATALOGUE, actor=SYSTEM)
    return source


@pytest.fixture(scope="session")
def _offixpro_connected(
    _organisations: dict[str, Organisation], _offixpro_template: str, django_db_blocker: Any
) -> Remembered:
    """What connecting the CRM adds to alpha."""
    with django_db_blocker.unblock(), scratch_database(template=_offixpro_template) as dsn:
        return remember(_organisations["alpha"], lambda: connect_offixpro(dsn))


@pytest.fixture
def offixpro(alpha: Any, crm: str, _offixpro_connected: Remembered) -> Source:
    """OffixPro's CRM, connected to alpha: as `connect_offixpro` does, which takes a second, done once."""
    _offixpro_connected.write_again()
    source = Source.objects.get(name=_OFFIXPRO)
    source.address = checked_address(address_of(crm))
    source.save(update_fields=["address"])
    return source


def known(email: str) -> Subject:
    return find_or_add_subject(kind="email", value=email)


def rows(dsn: str, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """What a plain client reads in a source."""
    with psycopg.connect(dsn) as connection:
        return connection.execute(query, parameters).fetchall()


def change(dsn: str, query: str, *parameters: Any) -> int:
    """What a plain client changes in a source; how many rows."""
    with psycopg.connect(dsn) as connection:
        return connection.execute(query, parameters).rowcount


def content(dsn: str, schema: str, where: dict[str, str] | None = None) -> dict[str, str]:
    """A digest of every byte of every table of a schema; `where` picks rows, by table."""
    names = [name for (name,) in rows(dsn, "SELECT tablename FROM pg_tables WHERE schemaname = %s", schema)]
    found = {}
    for name in names:
        condition = sql.SQL((where or {}).get(name, "true"))
        query = sql.SQL("SELECT md5(coalesce(string_agg(t::text, ';' ORDER BY t::text), '')) FROM {} t WHERE {}")
        with psycopg.connect(dsn) as connection:
            found[name] = connection.execute(query.format(sql.Identifier(schema, name), condition)).fetchone()[0]
    return found


def job_of(run_id: UUID) -> Job:
    return Job.objects.get(kind="retention.run", slot=str(run_id))


def approve(run_id: UUID) -> Run:
    """Have an officer who had no part in it approve the plan of a run that waits for one."""
    run = Run.objects.get(pk=run_id)
    number = token_hex(4)
    second = Officer.objects.create_user(
        email=f"second-{number}@example.com", password=number, full_name="Second Officer", role=Role.PRIVACY_OFFICER
    )
    return approve_run(run=run, officer=second, plan_hash=run.plan_hash)


def work(run_id: UUID) -> None:
    """Do a run's job to its end, slice after slice; where the run waits for a second officer, they approve it first."""
    if Run.objects.filter(pk=run_id, state=RunState.AWAITING).exists():
        approve(run_id)
    for _slice in range(200):
        if not run_job(job_id=job_of(run_id).pk):
            return
    raise AssertionError("the run did not come to an end in 200 slices")


def today() -> date:
    return TODAY
