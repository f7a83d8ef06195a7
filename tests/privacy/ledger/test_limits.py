"""How many broken places are named, and what stands when sealing cannot be asked for."""

import logging

import pytest
from django.db import OperationalError, connection, transaction

from privacy.ledger import services
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from privacy.ledger.services import record
from privacy.ledger.verification import verify_organisation
from privacy.tenants.context import owner_context


@pytest.mark.parametrize(("stop_at", "named"), [(1, 1), (2, 2), (20, 3)])
def test_as_many_breaches_are_named_as_asked_for(alpha, stop_at, named):
    for number in range(3):
        record(action="test.done", actor=SYSTEM, data={"number": number})
    assert verify_organisation(stop_at=stop_at).breaches == ()
    with owner_context(alpha), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_ledgerentry SET action = 'test.undone' WHERE action = 'test.done'")
    assert len(verify_organisation(stop_at=stop_at).breaches) == named


def test_an_act_stands_when_sealing_cannot_be_asked_for(committed, monkeypatch, caplog):
    def unreachable(**kwargs):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(services, "enqueue", unreachable)
    monkeypatch.setattr(services, "_sealing_asked", {})
    afterwards = []
    with caplog.at_level(logging.ERROR), transaction.atomic():
        record(action="test.done", actor=SYSTEM)
        transaction.on_commit(lambda: afterwards.append("woken"))
    assert LedgerEntry.objects.filter(action="test.done").count() == 1
    assert afterwards == ["woken"]
    assert len(caplog.records) == 1
