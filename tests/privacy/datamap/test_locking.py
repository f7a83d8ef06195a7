"""Whoever waits for a source holds none of its tables: nobody who holds the source can be waiting for them."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from privacy.datamap.importing import import_catalogue
from privacy.datamap.models import Dataset, Source
from privacy.datamap.services import confirm_dataset, discover, forget_dataset
from privacy.ledger.actors import SYSTEM
from privacy.tenants.context import organisation_context
from tests.connections import second_connection
from tests.sources import OFFIXPRO_CATALOGUE, connect_offixpro

_LOCK_SOURCE = "SELECT id FROM datamap_source FOR UPDATE"
_LOCK_TABLES = "SELECT count(*) FROM (SELECT id FROM datamap_dataset FOR UPDATE NOWAIT) AS locked"
_WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = %s AND NOT granted)"
_SECONDS = 20


def _customers() -> Dataset:
    return Dataset.objects.get(table_name="customer")


_ACTS: dict[str, Callable[[], object]] = {
    "confirm": lambda: confirm_dataset(dataset=_customers(), actor=SYSTEM),
    "forget": lambda: forget_dataset(dataset=_customers(), actor=SYSTEM),
    "import": lambda: import_catalogue(source=Source.objects.get(), catalogue=OFFIXPRO_CATALOGUE, actor=SYSTEM),
    "discover": lambda: discover(source=Source.objects.get(), actor=SYSTEM),
}


@pytest.mark.parametrize("name", _ACTS)
def test_who_waits_for_a_source_holds_none_of_its_tables(committed, crm, name):
    connect_offixpro(crm)
    if name == "forget":
        Dataset.objects.filter(pk=_customers().pk).update(vanished_at=timezone.now())
    started, failures = [], []

    def act():
        try:
            with organisation_context(committed):
                connection.ensure_connection()
                started.append(connection.connection.info.backend_pid)
                _ACTS[name]()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=act)
    with second_connection(committed) as other:
        with other.transaction():
            other.execute(_LOCK_SOURCE)
            thread.start()
            _wait(lambda: failures or (started and other.execute(_WAITS, started).fetchone() == (True,)))
            assert failures == []
            assert other.execute(_LOCK_TABLES).fetchone() == (Dataset.objects.count(),)
        thread.join(timeout=_SECONDS)
    assert failures == []
    assert not thread.is_alive()


def _wait(reached: Callable[[], object]) -> None:
    end = time.monotonic() + _SECONDS
    while not reached():
        assert time.monotonic() < end, "nobody waits for the source"
        time.sleep(0.02)
