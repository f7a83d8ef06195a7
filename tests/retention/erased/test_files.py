"""The file that carries fingerprints past a restore: whole and ours, or refused."""

import io

import pytest
from django.core.management import CommandError, call_command

from privacy.ledger.actors import SYSTEM
from privacy.ledger.verification import verify_organisation
from privacy.subjects.crypto import keyed_index
from privacy.tenants.context import organisation_context, owner_context
from privacy.tenants.db import connection
from retention.erased import files
from retention.erased.files import export_erasures, import_erasures
from retention.errors import ErasuresFileInvalid
from retention.models import ErasedIdentifier

RUN = "00000000-0000-4000-8000-000000000001"


def erased(*emails: str) -> None:
    for email in emails:
        ErasedIdentifier(kind="email", fingerprint=keyed_index("email", email), run_id=RUN).save()


def exported() -> bytes:
    target = io.BytesIO()
    export_erasures(target, actor=SYSTEM)
    return target.getvalue()


def said() -> list[tuple]:
    rows = ErasedIdentifier.objects.order_by("pk").values_list("pk", "kind", "fingerprint", "recorded_at", "run_id")
    return [(*row[:2], bytes(row[2]), *row[3:]) for row in rows]


def forget(organisation) -> None:
    with owner_context(organisation), connection.cursor() as cursor:
        cursor.execute("DELETE FROM retention_erasedidentifier")


@pytest.mark.parametrize("emails", [(), ("a@example.com",), ("a@example.com", "b@example.com", "c@example.com")])
def test_what_was_written_is_read_back_exactly(alpha, emails, monkeypatch):
    monkeypatch.setattr(files, "_READ_ROWS", 2)
    erased(*emails)
    before, file = said(), exported()
    forget(alpha)
    assert said() == []
    assert import_erasures(io.BytesIO(file), actor=SYSTEM) == len(emails)
    assert said() == before
    assert import_erasures(io.BytesIO(file), actor=SYSTEM) == 0
    assert verify_organisation().breaches == ()


def test_the_file_shows_nothing_of_whom_it_is_about(alpha):
    erased("a@example.com")
    file = exported()
    for telling in (b"a@example.com", keyed_index("email", "a@example.com").hex().encode(), b"fingerprint"):
        assert telling not in file


@pytest.mark.parametrize("place", [0, 3, 60, -1])
def test_an_altered_file_is_refused_as_a_whole(alpha, place):
    erased("a@example.com", "b@example.com")
    file = bytearray(exported())
    forget(alpha)
    file[place] ^= 1
    with pytest.raises(ErasuresFileInvalid):
        import_erasures(io.BytesIO(bytes(file)), actor=SYSTEM)
    assert said() == []


@pytest.mark.parametrize("length", [0, 1, 30, -1])
def test_a_cut_file_is_refused(alpha, length):
    erased("a@example.com")
    with pytest.raises(ErasuresFileInvalid):
        import_erasures(io.BytesIO(exported()[:length]), actor=SYSTEM)


def test_another_organisations_file_is_refused(alpha, beta):
    erased("a@example.com")
    file = exported()
    with organisation_context(beta), pytest.raises(ErasuresFileInvalid):
        import_erasures(io.BytesIO(file), actor=SYSTEM)
    assert import_erasures(io.BytesIO(file), actor=SYSTEM) == 0


def test_the_command_overwrites_no_file_and_reads_none_that_is_not_there(alpha, tmp_path):
    call_command("export_erasures", str(tmp_path / "erased"), organisation="alpha")
    with pytest.raises(CommandError, match="name a new one"):
        call_command("export_erasures", str(tmp_path / "erased"), organisation="alpha")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("replay_erasures", organisation="alpha", file=tmp_path / "nothing")
    (tmp_path / "other").write_bytes(b"something else")
    with pytest.raises(CommandError, match="nothing was added"):
        call_command("replay_erasures", organisation="alpha", file=tmp_path / "other")
    with pytest.raises(CommandError, match="name it with --organisation"):
        call_command("replay_erasures", file=tmp_path / "erased")
