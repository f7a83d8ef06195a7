"""Two jobs that set up the portal's own data at once set it up once."""

import threading
import time

from django.db import connection, transaction

from privacy.datamap.models import Dataset, Source, SourceKind
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.tenants.context import organisation_context
from requests.own_data.rules import set_up_own_data
from requests.own_data.templates import TEMPLATES
from retention.models import Rule
from tests.connections import second_connection

_WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = %s AND NOT granted)"
_SECONDS = 60


def test_two_jobs_at_once_make_one_source_with_one_map_and_each_rule_once(committed):
    Source.objects.filter(kind=SourceKind.PORTAL).delete()
    started, failures = [], []

    def second_job() -> None:
        try:
            with organisation_context(committed):
                connection.ensure_connection()
                started.append(connection.connection.info.backend_pid)
                set_up_own_data(actor=SYSTEM)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=second_job)
    with second_connection(committed) as onlooker:
        with transaction.atomic():
            source = set_up_own_data(actor=SYSTEM)
            thread.start()
            end = time.monotonic() + _SECONDS
            while not (started and onlooker.execute(_WAITS, started).fetchone() == (True,)):
                assert time.monotonic() < end, "the second job does not wait for the first"
                assert failures == []
                time.sleep(0.02)
        thread.join(timeout=_SECONDS)
    assert (failures, thread.is_alive()) == ([], False)
    assert list(Source.objects.filter(kind=SourceKind.PORTAL)) == [source]
    assert Dataset.objects.values("table_name").distinct().count() == Dataset.objects.count() > 0
    assert Rule.objects.count() == len(TEMPLATES)
    connected = LedgerEntry.objects.filter(action="source.connected", object_id=str(source.pk))
    assert connected.count() == 1
