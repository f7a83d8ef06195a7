"""An organisation with a CRM of its own in which Ama was erased, really committed, and its backup from before."""

import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections

from config import embedded
from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Source
from privacy.datamap.sparing import SparedOfSource
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from privacy.subjects.crypto import keyed_index
from privacy.subjects.models import Identifier
from retention import approval, completion
from retention.enums import RunState
from retention.models import Run
from retention.services import start_erasure_run
from tests.sources import connect_offixpro, crm, known, offixpro, superuser_dsn, work

__all__ = ["crm", "offixpro"]


@pytest.fixture(autouse=True)
def approved(monkeypatch) -> None:
    monkeypatch.setattr(completion, "_listeners", {})
    monkeypatch.setattr(approval, "_resolvers", [lambda _run: True])


def erase(
    email: str = AMA_MENSAH.email,
    *,
    spared: Mapping[int, SparedOfSource] | None = None,
    received_on: date | None = None,
    **also: str,
) -> Run:
    """Erase a person in every source of the organisation; `also` are further identifiers, by kind.

    Args:
        spared: by source, columns that the decision leaves.
        received_on: rows that came after this day are left.
    """
    subject = known(email)
    for kind, value in also.items():
        Identifier.objects.create(subject=subject, kind=kind, value=value, index=keyed_index(kind, value))
    planned = plan_erasure(subject=subject, spared=spared, received_on=received_on)
    (run,) = start_erasure_run(case_id=uuid4(), subject=subject, planned=planned, actor=SYSTEM, received_on=received_on)
    work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.COMPLETED, "")
    return run


def database_of(dsn: str) -> str:
    return psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]


def dump(dsn: str, target: Path, *more: str) -> None:
    """A backup as an administrator makes it."""
    _program("pg_dump", "--format=custom", f"--file={target}", *more, f"--dbname={dsn}")


def restore(dsn: str, backup: Path, *more: str) -> None:
    """The backup over the present state: what is there is dropped first."""
    _program("pg_restore", "--clean", "--if-exists", "--exit-on-error", *more, f"--dbname={dsn}", str(backup))


def portal_dsn() -> str:
    return psycopg.conninfo.make_conninfo(superuser_dsn(), dbname=connection.settings_dict["NAME"])


def restore_portal(schema: str, backup: Path) -> None:
    """What is there of the organisation is dropped first."""
    connections.close_all()
    with psycopg.connect(portal_dsn(), autocommit=True) as admin:
        admin.execute(psycopg.sql.SQL("DROP SCHEMA {} CASCADE").format(psycopg.sql.Identifier(schema)))
    restore(portal_dsn(), backup)


def _program(name: str, *arguments: str) -> None:
    done = subprocess.run([embedded.program(name, "test"), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def ours(committed, crm) -> Source:
    """OffixPro's CRM, connected to an organisation whose rows are committed."""
    return connect_offixpro(crm)
