"""Real backups made with pg_dump and restored with pg_restore: of a source, and of the portal itself."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from demo.crm.offixpro.known import AMA_MENSAH, KOFI_BOATENG
from privacy.datamap.models import Finding
from privacy.datamap.subject_plan import plan_erasure
from privacy.ledger.actors import SYSTEM
from privacy.ledger.models import LedgerEntry
from retention.enums import HoldKind, RunState
from retention.models import ErasedIdentifier, ErasureExtent, Run
from retention.services import place_hold
from tests.retention.erased.conftest import dump, erase, portal_dsn, restore, restore_portal
from tests.retention.test_erasure_of_a_person import NOT_OURS
from tests.sources import content, known, rows, today

HERS = "SELECT count(*) FROM crm.{} WHERE lower(email) = %s AND operated_by = 'offixpro'"
TABLES = ("customer", "crm_user")


def hers(crm: str) -> dict[str, int]:
    return {table: rows(crm, HERS.format(table), AMA_MENSAH.email)[0][0] for table in TABLES}


@pytest.fixture
def restored(ours, crm, tmp_path) -> str:
    """Backed up, then erased, then restored: she is back. The DSN of the source."""
    planned = plan_erasure(subject=known(AMA_MENSAH.email))
    assert planned.rows > 5
    dump(crm, tmp_path / "crm.dump")
    erase()
    assert hers(crm) == {"customer": 0, "crm_user": 0}
    restore(crm, tmp_path / "crm.dump")
    assert hers(crm) == {"customer": 1, "crm_user": 1}
    return crm


def test_a_restored_source_is_found_shown_and_erased_again(restored, committed, capsys):
    name, before = committed.slug, content(restored, "crm")
    others = content(restored, "crm", NOT_OURS)
    with pytest.raises(CommandError, match="2 rows of erased people came back"):
        call_command("verify_erasures", organisation=name)
    assert {(each.place, each.count) for each in Finding.objects.filter(code="erased_came_back", resolved_at=None)} == {
        ("crm.customer", 1),
        ("crm.crm_user", 1),
    }
    call_command("replay_erasures", organisation=name)
    shown = capsys.readouterr().out
    assert "crm.customer: mask 1 rows" in shown
    assert "nothing was changed; --execute does it" in shown
    assert content(restored, "crm") == before
    call_command("replay_erasures", organisation=name, execute=True)
    assert "completed and verified" in capsys.readouterr().out
    assert hers(restored) == {"customer": 0, "crm_user": 0}
    assert content(restored, "crm", NOT_OURS) == others
    run = Run.objects.get(kind="replay")
    assert (run.state, run.frozen_keys, run.subject, run.actor_kind) == (RunState.COMPLETED, None, None, "operator")
    first = Run.objects.get(kind="erasure")
    assert {step.dataset_key: step.rows for step in run.steps.all()} == {
        step.dataset_key: step.rows for step in first.steps.all()
    }
    call_command("verify_erasures", organisation=name)
    assert Finding.objects.filter(code="erased_came_back", resolved_at=None).count() == 0
    acts = list(LedgerEntry.objects.filter(object_id=str(run.pk)).order_by("pk").values_list("action", flat=True))
    assert acts == ["run.planned", "run.started", "run.completed", "certificate.issued"]
    call_command("replay_erasures", organisation=name, execute=True)
    assert "nothing of erased people" in capsys.readouterr().out
    assert Run.objects.filter(kind="replay").count() == 1


def test_a_person_under_a_legal_hold_is_spared_and_still_told(restored, committed, capsys):
    place_hold(kind=HoldKind.LEGAL, matter="Court", subject=known(AMA_MENSAH.email), actor=SYSTEM)
    with pytest.raises(CommandError):
        call_command("replay_erasures", organisation=committed.slug, execute=True)
    assert "crm.customer: mask 0 rows, 1 spared by a hold" in capsys.readouterr().out
    assert hers(restored) == {"customer": 1, "crm_user": 1}
    assert Finding.objects.filter(code="erased_came_back", resolved_at=None).count() == 2


def test_a_restored_portal_learns_whom_it_erased_since_and_erases_them_again(ours, crm, committed, tmp_path, capsys):
    name, schema = committed.slug, committed.schema_name
    dump(crm, tmp_path / "crm.dump")
    erase(KOFI_BOATENG.email)
    connections.close_all()
    dump(portal_dsn(), tmp_path / "portal.dump", f"--schema={schema}")
    erase(received_on=today())
    call_command("export_erasures", str(tmp_path / "erased"), organisation=name)
    assert ErasedIdentifier.objects.count() == 2
    restore_portal(schema, tmp_path / "portal.dump")
    restore(crm, tmp_path / "crm.dump")
    assert ErasedIdentifier.objects.count() == 1  # it has forgotten her
    call_command("replay_erasures", organisation=name, execute=True)
    assert hers(crm) == {"customer": 1, "crm_user": 1}
    capsys.readouterr()
    call_command("replay_erasures", organisation=name, file=tmp_path / "erased", execute=True)
    assert "1 fingerprints added" in capsys.readouterr().out
    assert [each.received_on for each in ErasureExtent.objects.all()] == [today()]
    assert Run.objects.get(kind="replay").received_on == today()
    assert hers(crm) == {"customer": 0, "crm_user": 0}
    call_command("replay_erasures", organisation=name, file=tmp_path / "erased")
    assert "0 fingerprints added" in capsys.readouterr().out
    call_command("verify_erasures", organisation=name)
    call_command("verify_ledger", organisation=name)
