"""A source moves to another server while a run was interrupted: the new server numbers its transactions anew."""

import pytest
from psycopg.conninfo import conninfo_to_dict

from privacy.datamap.addresses import is_elsewhere
from privacy.datamap.models import Field
from privacy.datamap.services import change_address
from privacy.ledger.actors import SYSTEM
from retention.journal import PortalJournal
from retention.models import RunChunk
from tests.retention.test_coarsening import Crash, dying, expire_lease, finished, prepare, started
from tests.retention.test_small_groups import DUE
from tests.sources import address_of, change, connect_offixpro, rows, scratch_database, superuser_dsn, work

HERE = "postgresql://desk:one@db.example:5432/crm"


@pytest.mark.parametrize(
    ("other", "elsewhere"),
    [
        (HERE, False),
        ("postgresql://another:two@db.example:5432/crm", False),
        ("postgresql://desk:one@db.example:5432/crm?sslmode=require", False),
        ("postgresql://desk:one@new.example:5432/crm", True),
        ("postgresql://desk:one@db.example:5433/crm", True),
        ("postgresql://desk:one@db.example:5432/crm2", True),
        ("postgresql://desk:one@/crm?host=%2Fsocket&port=5432", True),
    ],
)
def test_a_source_has_moved_when_server_or_database_are_others(other, elsewhere):
    assert is_elsewhere(HERE, other) is elsewhere


@pytest.mark.parametrize(("is_told", "counted_too_often"), [(True, 0), (False, 2)])
def test_a_number_that_the_new_server_gave_to_somebody_else_is_not_believed(
    committed, crm, settings, monkeypatch, is_told, counted_too_often
):
    """The worker dies before the commit, so nothing is changed; on the new server that number was committed."""
    settings.RETENTION_WINDOW_ROWS = 2
    source = connect_offixpro(crm)
    rule = prepare(crm)
    Field.objects.update(coarser=[])
    ((due,),) = rows(crm, f"SELECT count(*) FROM crm.contact c WHERE {DUE}")
    run = started(rule)
    with monkeypatch.context() as patch:
        dying(patch, PortalJournal, "prepare", wrote=True)
        with pytest.raises(Crash):
            work(run.pk)
    expire_lease(run)
    ((of_somebody_else,),) = rows(crm, "SELECT pg_current_xact_id()::text")
    assert RunChunk.objects.filter(step__run=run, state="prepared").update(transaction_id=of_somebody_else) == 1
    name = conninfo_to_dict(crm)["dbname"]
    change(superuser_dsn(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)
    with scratch_database(template=name) as moved, monkeypatch.context() as patch:
        if not is_told:
            patch.setattr("privacy.datamap.services.readdressing._listeners", [])
        change_address(source=source, address=address_of(moved), actor=SYSTEM)
        assert finished(run).steps.get().rows == due + counted_too_often
        assert rows(moved, f"SELECT count(*) FROM crm.contact c WHERE {DUE} AND full_name <> 'Erased contact'") == [
            (0,)
        ]
