import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry, Seal
from privacy.ledger.sealing import seal_all
from privacy.ledger.services import record
from privacy.ledger.verification import verify_organisation
from privacy.tenants.context import owner_context
from tests.connections import second_connection
from tests.seals import sealed_verdict


@pytest.mark.parametrize("statement", ["UPDATE ledger_ledgerentry SET action = 'x'", "DELETE FROM ledger_ledgerentry"])
def test_the_organisations_role_can_add_to_the_ledger_but_not_change_it(alpha, statement):
    record(action="test.added", actor=SYSTEM)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert LedgerEntry.objects.filter(action="test.added").count() == 1


def test_an_entry_refuses_to_be_saved_again_or_deleted(alpha):
    entry = record(action="test.added", actor=SYSTEM)
    with pytest.raises(TypeError, match="append-only"):
        entry.save()
    with pytest.raises(TypeError, match="append-only"):
        entry.delete()


def test_sealed_rows_verify(committed):
    for number in range(3):
        record(action="test.added", actor=SYSTEM, data={"number": number})
    verdict = sealed_verdict()
    assert (verdict.rows, verdict.unsealed, verdict.breaches) == (4, 0, ())


def _alter(organisation, statement, parameters=()):
    with owner_context(organisation), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "not sealed yet"])
def test_an_altered_row_is_named(committed, sealed, capsys):
    entries = [record(action="test.added", actor=SYSTEM, data={"number": number}) for number in range(3)]
    if sealed:
        sealed_verdict()
    call_command("verify_ledger", organisation=committed.slug)
    _alter(committed, "UPDATE ledger_ledgerentry SET data = '{\"number\": 9}' WHERE id = %s", [entries[1].id])
    with pytest.raises(CommandError) as caught:
        call_command("verify_ledger", organisation=committed.slug)
    assert caught.value.returncode == 1
    named = [line for line in capsys.readouterr().err.splitlines() if "row" in line]
    assert named == [f"{committed.slug}: ledger.ledgerentry: row {entries[1].id}: its content was altered"]


def test_a_removed_row_is_named(committed):
    entries = [record(action="test.added", actor=SYSTEM) for _ in range(3)]
    sealed_verdict()
    _alter(committed, "DELETE FROM ledger_ledgerentry WHERE id = %s", [entries[1].id])
    assert [breach.place for breach in verify_organisation().breaches] == [f"row {entries[1].id}"]


def test_a_row_slipped_in_after_the_seal_is_named(committed):
    entries = [record(action="test.added", actor=SYSTEM) for _ in range(3)]
    sealed_verdict()
    forged = "00000000-0000-7000-8000-000000000001"
    _alter(
        committed,
        """INSERT INTO ledger_ledgerentry SELECT %s, recorded_at, epoch, transaction, digest, actor_kind, actor_id,
           action, object_type, object_id, data FROM ledger_ledgerentry WHERE id = %s""",
        [forged, entries[1].id],
    )
    assert {breach.place for breach in verify_organisation().breaches} == {f"row {forged}"}


def test_a_removed_seal_is_noticed(committed):
    for _ in range(3):
        record(action="test.added", actor=SYSTEM)
        sealed_verdict()
    _alter(committed, "DELETE FROM ledger_seal WHERE number = 2")
    assert "seal 3" in {breach.place for breach in verify_organisation().breaches}


def test_a_row_still_in_flight_is_sealed_later_and_never_skipped(committed):
    with second_connection(committed) as other, other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_current_xact_id()")  # an older transaction that has not written yet
        record(action="test.younger", actor=SYSTEM)
        seal_all()
        assert Seal.objects.filter(rows__gt=1).count() == 0
        late = LedgerEntry(actor_kind="system", action="test.late")
        late.prepare()
        cursor.execute(
            """INSERT INTO ledger_ledgerentry
                      (id, recorded_at, epoch, digest, actor_kind, actor_id, action, object_type, object_id, data)
               VALUES (%s, %s, %s, %s, 'system', '', 'test.late', '', '', '{}')""",
            [late.id, late.recorded_at, late.epoch, late.digest],
        )
        cursor.execute("COMMIT")
    verdict = sealed_verdict()
    assert (verdict.unsealed, verdict.breaches) == (0, ())
    assert verdict.rows == LedgerEntry.objects.count() == 3
