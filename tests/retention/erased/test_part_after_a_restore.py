"""Portal and source were both restored from before an erasure of which a part was refused: the file says which part."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from demo.crm.offixpro.known import AMA_MENSAH
from privacy.datamap.models import Finding
from privacy.subjects.files import EncryptedWriter
from retention.erased.files import CONTEXT
from retention.models import ErasedIdentifier, ErasureExtent, Run
from tests.retention.erased.conftest import dump, erase, portal_dsn, restore, restore_portal
from tests.sources import content, rows

HERS = "SELECT customer_id FROM crm.customer WHERE email = %s AND operated_by = 'offixpro'"
COLUMNS = "SELECT email, full_name, phone FROM crm.customer WHERE customer_id = %s"
LEFT = {"crm.customer": {"email": "GH.retention_required"}}


def write_first_format(target: Path, slug: str) -> None:
    """The file as it was before it said what was left."""
    row = ErasedIdentifier.objects.get()
    said = {
        "id": str(row.pk),
        "at": row.recorded_at.isoformat(),
        "kind": row.kind,
        "fingerprint": bytes(row.fingerprint).hex(),
        "run": str(row.run_id),
    }
    lines = [{"format": "privacy-desk erasures 1", "organisation": slug}, said, {"end": 1}]
    with target.open("wb") as file, EncryptedWriter(file, context=CONTEXT) as writer:
        for line in lines:
            writer.write(json.dumps(line).encode() + b"\n")


def test_it_is_erased_again_as_far_as_the_file_says_and_not_at_all_while_nothing_says_it(
    ours, crm, committed, tmp_path, capsys
):
    name, schema = committed.slug, committed.schema_name
    number = rows(crm, HERS, AMA_MENSAH.email)[0][0]
    before = rows(crm, COLUMNS, number)[0]
    dump(crm, tmp_path / "crm.dump")
    dump(portal_dsn(), tmp_path / "portal.dump", f"--schema={schema}")
    erase(spared={ours.pk: LEFT})
    after = rows(crm, COLUMNS, number)[0]
    assert (after[0], after[1] == before[1]) == (AMA_MENSAH.email, False)
    call_command("export_erasures", str(tmp_path / "erased"), organisation=name)
    write_first_format(tmp_path / "erased-1", name)
    restore_portal(schema, tmp_path / "portal.dump")
    restore(crm, tmp_path / "crm.dump")
    assert (Run.objects.count(), ErasedIdentifier.objects.count()) == (0, 0)
    whole = content(crm, "crm")
    with pytest.raises(CommandError, match="1 sources were not done"):
        call_command("replay_erasures", organisation=name, file=tmp_path / "erased-1", execute=True)
    shown = capsys.readouterr()
    assert ("1 fingerprints added" in shown.out, "has no record which part" in shown.err) == (True, True)
    assert (content(crm, "crm"), Run.objects.count()) == (whole, 0)
    assert Finding.objects.filter(code="erased_came_back", resolved_at=None).count() == 2
    call_command("replay_erasures", organisation=name, file=tmp_path / "erased", execute=True)
    assert "0 fingerprints added" in capsys.readouterr().out
    assert ErasureExtent.objects.get().spared == LEFT
    assert rows(crm, COLUMNS, number)[0] == after
    assert Run.objects.get().state == "completed"
    assert not Finding.objects.filter(code="erased_came_back", resolved_at=None).exists()
    for command in ("verify_erasures", "verify_ledger", "replay_erasures"):
        call_command(command, organisation=name)
    call_command("export_erasures", str(tmp_path / "again"), organisation=name)
    call_command("replay_erasures", organisation=name, file=tmp_path / "again")
    assert ErasureExtent.objects.count() == 1
